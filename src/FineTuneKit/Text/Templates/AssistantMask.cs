namespace FineTuneKit.Text.Templates;

/// <summary>Which tokens belong to the assistant's parts of a text.</summary>
internal static class AssistantMask
{
    /// <summary>
    /// Every token that stands for at least one character of a span. A character of several tokens, as an emoji, is
    /// learned whole; a token that reaches over a span's border belongs to it.
    /// </summary>
    public static bool[] Of(EncodedText encoded, IEnumerable<GenerationSpan> spans)
    {
        var mask = new bool[encoded.TokenCount];
        foreach (GenerationSpan span in spans.Where(s => s.Start < s.End))
        {
            for (int i = FirstEndingAfter(encoded.OffsetList, span.Start); i < mask.Length && encoded.OffsetList[i].Start < span.End; i++) mask[i] = true;
        }
        return mask;
    }

    /// <summary>
    /// The mask as transformers makes it, and TRL trains with: from the first token of a span's first character to the
    /// first token of its last one, so that a last character of several tokens loses all but one. Where a character
    /// belongs to no token, as a blank that offsets leave out, that span and all after it are lost.
    /// </summary>
    /// <param name="encoded">Tokens with the offsets of the tokenizer's post-processor.</param>
    /// <param name="spans">The spans as the template gave them.</param>
    public static bool[] AsTrl(EncodedText encoded, IEnumerable<GenerationSpan> spans)
    {
        var mask = new bool[encoded.TokenCount];
        foreach (GenerationSpan span in spans)
        {
            int first = TokenOf(encoded, span.Start), last = TokenOf(encoded, span.End - 1);
            if (first < 0) break;
            int end = last < 0 ? mask.Length : last + 1;
            for (int i = first; i < end; i++) mask[i] = true;
        }
        return mask;
    }

    private static int TokenOf(EncodedText encoded, int place) => encoded.OffsetList.FindIndex(o => o.Start <= place && place < o.End);

    private static int FirstEndingAfter(List<(int Start, int End)> offsets, int place)
    {
        int low = 0, high = offsets.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (offsets[middle].End <= place) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
