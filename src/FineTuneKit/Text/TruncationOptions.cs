using System.Text.Json;

namespace FineTuneKit.Text;

/// <summary>How a tokenizer.json cuts long texts.</summary>
internal sealed record TruncationOptions(int MaxLength, int Stride, bool FromLeft, string Strategy)
{
    public static TruncationOptions? Read(JsonElement json, string file)
    {
        if (json.ValueKind != JsonValueKind.Object) return null;
        string strategy = json.RequiredText("strategy");
        if (strategy is not ("LongestFirst" or "OnlyFirst" or "OnlySecond"))
            throw new InputException($"{file}: truncation strategy '{strategy}'; LongestFirst, OnlyFirst and OnlySecond are supported");
        int length = json.RequiredInt("max_length"), stride = json.RequiredInt("stride");
        if (length < 0 || stride < 0) throw new InputException($"{file}: truncation to max_length {length} with stride {stride}; at least 0 is required");
        return new(length, stride, json.Text("direction") == "Left", strategy);
    }

    /// <summary>Cuts a text, or a pair, to <paramref name="length"/> tokens in all.</summary>
    public void Truncate(EncodedText first, EncodedText? second, int length)
    {
        if (length == 0)
        {
            first.Truncate(0, Stride, FromLeft);
            second?.Truncate(0, Stride, FromLeft);
            return;
        }
        int total = first.TokenCount + (second?.TokenCount ?? 0);
        if (total <= length) return;
        if (Strategy == "LongestFirst") TruncateLongest(first, second, length);
        else TruncateOne(Strategy == "OnlyFirst" ? first : second, total - length);
    }

    private void TruncateLongest(EncodedText first, EncodedText? second, int length)
    {
        if (second is null)
        {
            first.Truncate(length, Stride, FromLeft);
            return;
        }
        int shorter = Math.Min(first.TokenCount, second.TokenCount);
        int longer = shorter > length ? shorter : Math.Max(shorter, length - shorter);
        if (shorter + longer > length)
        {
            shorter = length / 2;
            longer = shorter + length % 2;
        }
        bool swap = first.TokenCount > second.TokenCount;
        first.Truncate(swap ? longer : shorter, Stride, FromLeft);
        second.Truncate(swap ? shorter : longer, Stride, FromLeft);
    }

    private void TruncateOne(EncodedText? text, int remove)
    {
        if (text is null) throw new InputException("truncation cuts only the second text, and there is none");
        if (text.TokenCount <= remove)
            throw new InputException($"truncation must remove {remove} tokens from a text that has {text.TokenCount}");
        text.Truncate(text.TokenCount - remove, Stride, FromLeft);
    }
}
