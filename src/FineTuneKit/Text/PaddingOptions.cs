using System.Text.Json;

namespace FineTuneKit.Text;

/// <summary>How a tokenizer.json pads: to a fixed length, or to the longest text of the batch.</summary>
internal sealed record PaddingOptions(int? FixedLength, bool Left, int MultipleOf, int Id, int TypeId, string Token)
{
    // Beyond any context; a number that is wrong would take all memory.
    private const int Longest = 1 << 20;

    public static PaddingOptions? Read(JsonElement json, string file)
    {
        if (json.ValueKind != JsonValueKind.Object) return null;
        int? length = null;
        JsonElement strategy = json.Required("strategy");
        if (strategy.ValueKind == JsonValueKind.Object) length = strategy.RequiredInt("Fixed");
        else if (strategy.AsText() != "BatchLongest")
            throw new InputException($"{file}: padding strategy {strategy}; BatchLongest and Fixed are supported");
        int multiple = json.Int("pad_to_multiple_of", 0);
        if (length is < 0 or > Longest || multiple is < 0 or > Longest)
            throw new InputException($"{file}: padding to {length ?? multiple} tokens; 0 to {Longest} are possible");
        return new(length, json.RequiredText("direction") == "Left", multiple, json.RequiredInt("pad_id"), json.RequiredInt("pad_type_id"), json.RequiredText("pad_token"));
    }

    public void Pad(IReadOnlyList<EncodedText> texts)
    {
        if (texts.Count == 0) return;
        int length = FixedLength ?? texts.Max(t => t.TokenCount);
        if (MultipleOf > 0 && length % MultipleOf > 0) length += MultipleOf - length % MultipleOf;
        foreach (EncodedText text in texts) text.Pad(length, this);
    }
}
