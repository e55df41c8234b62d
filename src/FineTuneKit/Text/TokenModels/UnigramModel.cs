using System.Buffers;

namespace FineTuneKit.Text;

/// <summary>An entry of a unigram model.</summary>
/// <param name="Text">What it writes.</param>
/// <param name="Score">Its log-probability.</param>
/// <param name="Sought">False for entries that text never gives: control, byte and unused pieces.</param>
internal readonly record struct UnigramPiece(string Text, double Score, bool Sought = true);

/// <summary>What the two programs that read unigram models do differently.</summary>
internal sealed record UnigramSettings
{
    /// <summary>Which entry stands for what the others lack.</summary>
    public int? UnknownId { get; init; }

    /// <summary>The score of an unknown character.</summary>
    public required double UnknownScore { get; init; }

    /// <summary>The unknown is written as tokens of its bytes.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>SentencePiece adds scores up in float32, and an unknown run is unknown even if an entry spells it.</summary>
    public bool IsSentencePiece { get; init; }
}

/// <summary>The most probable segmentation under independent pieces (Kudo 2018, arXiv:1804.10959), by Viterbi's algorithm.</summary>
internal sealed class UnigramModel : ITokenModel
{
    private readonly IReadOnlyList<UnigramPiece> _pieces;
    private readonly Dictionary<string, int> _ids;
    private readonly TokenTrie _trie = new();
    private readonly UnigramSettings _settings;
    private readonly ByteTokens? _bytes;
    private readonly string _file;

    /// <param name="pieces">The entries by id.</param>
    /// <param name="ids">The id of each text; of equal texts one is meant.</param>
    /// <param name="settings">What else there is.</param>
    /// <param name="file">For messages.</param>
    public UnigramModel(IReadOnlyList<UnigramPiece> pieces, Dictionary<string, int> ids, UnigramSettings settings, string file)
    {
        (_pieces, _ids, _settings, _file) = (pieces, ids, settings, file);
        for (int id = 0; id < pieces.Count; id++)
        {
            if (pieces[id].Sought && pieces[id].Text.Length > 0) _trie.Add(pieces[id].Text, id);
        }
        if (settings.ByteFallback) _bytes = new(TokenToId);
    }

    public int VocabularySize => _pieces.Count;

    public int? TokenToId(string token) => _ids.TryGetValue(token, out int id) ? id : null;

    public string? IdToToken(int id) => id >= 0 && id < _pieces.Count ? _pieces[id].Text : null;

    public void Tokenize(ReadOnlySpan<char> piece, List<Token> tokens)
    {
        int size = piece.Length + 1;
        Step[] rented = ArrayPool<Step>.Shared.Rent(size);
        try
        {
            Span<Step> best = rented.AsSpan(0, size);
            best.Fill(new(0, -1, 0));
            Search(piece, best);
            Write(piece, best, tokens);
        }
        finally
        {
            ArrayPool<Step>.Shared.Return(rented);
        }
    }

    /// <summary>The last piece of the best segmentation that ends at a place, and the score of the whole.</summary>
    private readonly record struct Step(double Score, int Start, int Id);

    private void Search(ReadOnlySpan<char> piece, Span<Step> best)
    {
        int width;
        for (int start = 0; start < piece.Length; start += width)
        {
            width = char.IsHighSurrogate(piece[start]) && start + 1 < piece.Length ? 2 : 1;
            double before = best[start].Score;
            bool hasCharacter = false;
            for (int end = start, node = TokenTrie.Root; end < piece.Length;)
            {
                node = _trie.Step(node, piece[end++]);
                if (node == TokenTrie.None) break;
                int id = _trie.IdAt(node);
                if (id < 0) continue;
                Offer(ref best[end], _pieces[id].Score + before, start, id);
                hasCharacter |= end == start + width;
            }
            if (!hasCharacter) Offer(ref best[start + width], Rounded(_settings.UnknownScore + before), start, UnknownId(piece[start..(start + width)]));
        }
    }

    private void Offer(ref Step step, double score, int start, int id)
    {
        if (step.Start < 0 || score > step.Score) step = new(Rounded(score), start, id);
    }

    private double Rounded(double score) => _settings.IsSentencePiece ? (float)score : score;

    private int UnknownId(ReadOnlySpan<char> character) => _settings.UnknownId
        ?? throw new InputException($"{_file}: '{character}' is not in the vocabulary, and no unk_id says what stands for it");

    private void Write(ReadOnlySpan<char> piece, ReadOnlySpan<Step> best, List<Token> tokens)
    {
        var ends = new Stack<int>();
        for (int end = piece.Length; end > 0; end = best[end].Start) ends.Push(end);
        int unknownFrom = -1;
        foreach (int end in ends)
        {
            (_, int start, int id) = best[end];
            if (id == _settings.UnknownId)
            {
                if (unknownFrom < 0) unknownFrom = start;
                continue;
            }
            if (unknownFrom >= 0) WriteUnknown(piece, unknownFrom, start, tokens);
            unknownFrom = -1;
            tokens.Add(new(id, start, end));
        }
        if (unknownFrom >= 0) WriteUnknown(piece, unknownFrom, piece.Length, tokens);
    }

    // Unknown characters side by side are one token, which shows their text.
    private void WriteUnknown(ReadOnlySpan<char> piece, int start, int end, List<Token> tokens)
    {
        string text = piece[start..end].ToString();
        if (!_settings.IsSentencePiece && _ids.TryGetValue(text, out int known)) tokens.Add(new(known, start, end));
        else if (_bytes is null || !_bytes.TryAdd(piece, start, end, tokens)) tokens.Add(new(_settings.UnknownId!.Value, start, end, text));
    }
}
