using System.Text;

namespace FineTuneKit.Text;

/// <summary>The added tokens of a tokenizer and the search for them.</summary>
internal sealed class AddedVocabulary
{
    private readonly Dictionary<string, int> _ids = [];
    private readonly Dictionary<int, AddedToken> _tokens = [];
    private readonly Dictionary<int, string> _normalized = [];
    private readonly HashSet<string> _special = [];
    private readonly TokenTrie _inText = new();
    private readonly TokenTrie _inNormalized = new();

    public AddedVocabulary(IEnumerable<AddedToken> tokens, ITokenModel model, INormalizer? normalizer)
    {
        int next = model.VocabularySize;
        foreach (AddedToken token in tokens)
        {
            if (token.Content.Length == 0) continue;
            int id = _ids.TryGetValue(token.Content, out int known) ? known : token.Id ?? model.TokenToId(token.Content) ?? next++;
            _ids[token.Content] = id;
            _tokens[id] = token;
            if (token.Special) _special.Add(token.Content);
            if (token.Normalized && normalizer is not null)
            {
                string normalized = normalizer.Normalize(NormalizedString.Of(token.Content)).ToString();
                if (normalized != token.Content) _normalized[id] = normalized;
            }
        }
        foreach ((int id, AddedToken token) in _tokens)
            (token.Normalized ? _inNormalized : _inText).Add(_normalized.GetValueOrDefault(id, token.Content), id);
    }

    public IReadOnlyDictionary<string, int> Ids => _ids;

    public IReadOnlyDictionary<int, AddedToken> Tokens => _tokens;

    /// <summary>The token as decoders see it: in its normalised form.</summary>
    public string? IdToToken(int id) =>
        _normalized.GetValueOrDefault(id) ?? (_tokens.TryGetValue(id, out AddedToken? token) ? token.Content : null);

    public bool IsSpecial(string token) => _special.Contains(token);

    /// <summary>Cuts the added tokens out of a text and normalises the rest.</summary>
    /// <param name="text">The text.</param>
    /// <param name="normalizer">What is done to the text between the tokens.</param>
    /// <param name="plain">Ranges in code points where special tokens count as plain text.</param>
    public PreTokenizedText Extract(string text, INormalizer? normalizer, IReadOnlyList<(int Start, int End)> plain)
    {
        var pieces = new PreTokenizedText(NormalizedString.Of(text));
        pieces.Split((piece, keep) => Split(piece, _inText, plain, keep));
        pieces.Split((piece, keep) => Split(normalizer?.Normalize(piece) ?? piece, _inNormalized, plain, keep));
        return pieces;
    }

    private void Split(NormalizedString text, TokenTrie trie, IReadOnlyList<(int Start, int End)> plain, Action<Piece> keep)
    {
        int covered = 0;
        ReadOnlySpan<char> chars = text.Chars;
        for (int at = 0; trie.Next(chars, at, out int start, out int end, out int id);)
        {
            at = end;
            AddedToken token = _tokens[id];
            if (plain.Count > 0 && _special.Contains(token.Content) && Meets(plain, text.OriginalRange(start, end))) continue;
            if (token.SingleWord && (EndsWithWord(chars[..start]) || StartsWithWord(chars[end..]))) continue;
            if (token.LeftStrip) start = Math.Max(chars[..start].TrimEnd().Length, covered);
            if (token.RightStrip) end = chars.Length - chars[end..].TrimStart().Length;
            if (covered < start) keep(new(text.Slice(covered, start)));
            keep(new(text.Slice(start, end), id));
            covered = end;
        }
        if (covered != chars.Length) keep(new(text.Slice(covered, chars.Length)));
    }

    private static bool Meets(IReadOnlyList<(int Start, int End)> ranges, (int Start, int End) range)
    {
        foreach ((int start, int end) in ranges) if (start < range.End && range.Start < end) return true;
        return false;
    }

    private static bool StartsWithWord(ReadOnlySpan<char> text) =>
        Rune.DecodeFromUtf16(text, out Rune rune, out _) == System.Buffers.OperationStatus.Done && WordCharacter.IsWord(rune);

    private static bool EndsWithWord(ReadOnlySpan<char> text) =>
        Rune.DecodeLastFromUtf16(text, out Rune rune, out _) == System.Buffers.OperationStatus.Done && WordCharacter.IsWord(rune);
}
