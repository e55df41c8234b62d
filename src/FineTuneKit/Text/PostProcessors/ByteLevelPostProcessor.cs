namespace FineTuneKit.Text;

/// <summary>Takes the blanks at the edges of tokens out of their offsets.</summary>
internal sealed class ByteLevelPostProcessor(bool addPrefixSpace, bool trimOffsets) : IPostProcessor
{
    public int AddedTokens(bool isPair) => 0;

    public List<EncodedText> Process(List<EncodedText> texts, bool addSpecialTokens)
    {
        if (trimOffsets)
            foreach (EncodedText text in texts) TrimOffsets(text, addPrefixSpace);
        return texts;
    }

    /// <summary>Trims a text and its windows.</summary>
    public static void TrimOffsets(EncodedText text, bool addPrefixSpace)
    {
        List<(int Start, int End)> offsets = text.OffsetList;
        for (int i = 0; i < offsets.Count; i++) offsets[i] = Trim(text.TokenList[i], offsets[i], isFirst: i == 0, addPrefixSpace);
        foreach (EncodedText window in text.OverflowingList) TrimOffsets(window, addPrefixSpace);
    }

    private static (int Start, int End) Trim(string token, (int Start, int End) offsets, bool isFirst, bool addPrefixSpace)
    {
        int leading = 0, trailing = 0;
        while (leading < token.Length && IsBlank(token[leading])) leading++;
        while (trailing < token.Length && IsBlank(token[^(trailing + 1)])) trailing++;
        (int start, int end) = offsets;
        // A single blank at the start of the text is the one that the pre-tokeniser put there.
        bool isPrefix = (isFirst || start == 0) && addPrefixSpace && leading == 1;
        if (leading > 0 && !isPrefix) start = Math.Min(start + leading, end);
        if (trailing > 0 && end >= trailing) end = Math.Max(end - trailing, start);
        return (start, end);
    }

    private static bool IsBlank(char c) => c == ByteAlphabet.CharOf((byte)' ') || char.IsWhiteSpace(c);
}
