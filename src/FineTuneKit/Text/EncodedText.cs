namespace FineTuneKit.Text;

/// <summary>
/// A text, or a pair of texts, as tokens. All lists have one entry a token. Follows <c>Encoding</c> of Hugging
/// Face tokenizers.
/// </summary>
public sealed class EncodedText
{
    internal List<int> IdList { get; private set; } = [];
    internal List<string> TokenList { get; private set; } = [];
    internal List<(int Start, int End)> OffsetList { get; private set; } = [];
    internal List<int> TypeIdList { get; private set; } = [];
    internal List<int> AttentionMaskList { get; private set; } = [];
    internal List<int> SpecialTokensMaskList { get; private set; } = [];
    internal List<int> WordIdList { get; private set; } = [];
    internal List<EncodedText> OverflowingList { get; set; } = [];

    /// <summary>Ids in the vocabulary.</summary>
    public IReadOnlyList<int> Ids => IdList;

    /// <summary>The tokens as the vocabulary writes them; an added token shows the text it matched.</summary>
    public IReadOnlyList<string> Tokens => TokenList;

    /// <summary>The range of the text that each token stands for, in Unicode code points, end exclusive.</summary>
    public IReadOnlyList<(int Start, int End)> Offsets => OffsetList;

    /// <summary>0 for the first text, 1 for the second, where the tokenizer tells them apart.</summary>
    public IReadOnlyList<int> TypeIds => TypeIdList;

    /// <summary>1 for text, 0 for padding.</summary>
    public IReadOnlyList<int> AttentionMask => AttentionMaskList;

    /// <summary>1 for tokens that the tokenizer put in, among them padding.</summary>
    public IReadOnlyList<int> SpecialTokensMask => SpecialTokensMaskList;

    /// <summary>The number of the word that each token belongs to; -1 for tokens that the tokenizer put in.</summary>
    public IReadOnlyList<int> WordIds => WordIdList;

    /// <summary>The further windows that truncation made.</summary>
    public IReadOnlyList<EncodedText> Overflowing => OverflowingList;

    /// <summary>Number of tokens.</summary>
    public int TokenCount => IdList.Count;

    internal void Add(int id, string token, (int Start, int End) offsets, int typeId, int wordId, bool special = false, bool padding = false)
    {
        IdList.Add(id);
        TokenList.Add(token);
        OffsetList.Add(offsets);
        TypeIdList.Add(typeId);
        AttentionMaskList.Add(padding ? 0 : 1);
        SpecialTokensMaskList.Add(special || padding ? 1 : 0);
        WordIdList.Add(wordId);
    }

    internal void SetTypeIds(int typeId)
    {
        for (int i = 0; i < TypeIdList.Count; i++) TypeIdList[i] = typeId;
    }

    /// <summary>Appends another text; every window of one meets every window of the other.</summary>
    internal void Merge(EncodedText other)
    {
        var overflowing = new List<EncodedText>();
        foreach (EncodedText mine in OverflowingList)
        {
            overflowing.Add(mine.Joined(other));
            foreach (EncodedText theirs in other.OverflowingList) overflowing.Add(mine.Joined(theirs));
        }
        foreach (EncodedText theirs in other.OverflowingList) overflowing.Add(Joined(theirs));
        AppendTokens(other, 0, other.TokenCount);
        OverflowingList = overflowing;
    }

    internal void Pad(int length, PaddingOptions options)
    {
        foreach (EncodedText window in OverflowingList) window.Pad(length, options);
        int missing = length - TokenCount;
        if (missing <= 0) return;
        EncodedText? text = options.Left ? Window(0, TokenCount) : null;
        if (text is not null) Clear();
        for (int i = 0; i < missing; i++) Add(options.Id, options.Token, (0, 0), options.TypeId, -1, padding: true);
        if (text is not null) AppendTokens(text, 0, text.TokenCount);
    }

    /// <summary>Keeps the first window of <paramref name="length"/> tokens (the last with <paramref name="fromLeft"/>);
    /// the others, overlapping by <paramref name="stride"/>, overflow.</summary>
    internal void Truncate(int length, int stride, bool fromLeft)
    {
        int count = TokenCount;
        if (length >= count) return;
        if (length == 0)
        {
            EncodedText whole = Window(0, count);
            whole.OverflowingList = OverflowingList;
            Clear();
            OverflowingList = [whole];
            return;
        }
        if (stride >= length)
            throw new InputException($"truncation: the stride is {stride}; it must be less than the {length} tokens that are kept");

        List<EncodedText> windows = Windows(length, stride, fromLeft);
        Clear();
        AppendTokens(windows[0], 0, windows[0].TokenCount);
        OverflowingList = windows[1..];
    }

    private List<EncodedText> Windows(int length, int stride, bool fromLeft)
    {
        var windows = new List<EncodedText>();
        int count = TokenCount, step = length - stride;
        if (fromLeft)
        {
            for (int end = count, start = -1; start != 0 && end > 0; end -= step)
            {
                start = Math.Max(0, end - length);
                windows.Add(Window(start, end));
            }
        }
        else
        {
            for (int start = 0, end = 0; end != count; start += step)
            {
                end = Math.Min(start + length, count);
                windows.Add(Window(start, end));
            }
        }
        return windows;
    }

    private EncodedText Joined(EncodedText other)
    {
        EncodedText joined = Window(0, TokenCount);
        joined.AppendTokens(other, 0, other.TokenCount);
        return joined;
    }

    private EncodedText Window(int start, int end)
    {
        var window = new EncodedText();
        window.AppendTokens(this, start, end);
        return window;
    }

    private void AppendTokens(EncodedText other, int start, int end)
    {
        int count = end - start;
        IdList.AddRange(other.IdList.GetRange(start, count));
        TokenList.AddRange(other.TokenList.GetRange(start, count));
        OffsetList.AddRange(other.OffsetList.GetRange(start, count));
        TypeIdList.AddRange(other.TypeIdList.GetRange(start, count));
        AttentionMaskList.AddRange(other.AttentionMaskList.GetRange(start, count));
        SpecialTokensMaskList.AddRange(other.SpecialTokensMaskList.GetRange(start, count));
        WordIdList.AddRange(other.WordIdList.GetRange(start, count));
    }

    private void Clear()
    {
        IdList.Clear();
        TokenList.Clear();
        OffsetList.Clear();
        TypeIdList.Clear();
        AttentionMaskList.Clear();
        SpecialTokensMaskList.Clear();
        WordIdList.Clear();
    }
}
