using System.Text.Json;

namespace FineTuneKit.Text;

/// <summary>How a tokenizer.json pads: to a fixed length, or to the longest text of the batch.</summary>
internal sealed record PaddingOptions(int? FixedLength, bool Left, int MultipleOf, int Id, int TypeId, string Token)
{
    public static PaddingOptions? Read(JsonElement json, string file)
    {
        if (json.ValueKind != JsonValueKind.Object) return null;
        int? length = null;
        JsonElement strategy = json.GetProperty("strategy");
        if (strategy.ValueKind == JsonValueKind.Object) length = strategy.GetProperty("Fixed").GetInt32();
        else if (strategy.GetString() != "BatchLongest")
            throw new InputException($"{file}: padding strategy {strategy}; BatchLongest and Fixed are supported");
        return new(length, json.GetProperty("direction").GetString() == "Left", json.Int("pad_to_multiple_of", 0),
            json.GetProperty("pad_id").GetInt32(), json.GetProperty("pad_type_id").GetInt32(), json.GetProperty("pad_token").GetString()!);
    }

    public void Pad(IReadOnlyList<EncodedText> texts)
    {
        if (texts.Count == 0) return;
        int length = FixedLength ?? texts.Max(t => t.TokenCount);
        if (MultipleOf > 0 && length % MultipleOf > 0) length += MultipleOf - length % MultipleOf;
        foreach (EncodedText text in texts) text.Pad(length, this);
    }
}
