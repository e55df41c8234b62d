namespace FineTuneKit.Text;

/// <summary>
/// SentencePiece's byte pair encoding: of all neighbours whose union is a piece, the one with the best score is merged
/// first, the leftmost of equals. User-defined pieces are never merged; a piece that is unused falls apart again.
/// </summary>
internal sealed class SentencePieceBpeModel : ITokenModel
{
    private readonly SentencePieceVocabulary _vocabulary;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _text;
    private readonly ByteTokens? _bytes;

    // Of each piece: how many pieces' scores are better than its own.
    private readonly int[] _ranks;

    public SentencePieceBpeModel(SentencePieceVocabulary vocabulary, bool byteFallback)
    {
        _vocabulary = vocabulary;
        _text = vocabulary.TextIds.GetAlternateLookup<ReadOnlySpan<char>>();
        if (byteFallback) _bytes = new(TokenToId);
        _ranks = Ranks([.. vocabulary.Pieces.Select(p => p.Score)]);
    }

    public int VocabularySize => _vocabulary.Pieces.Count;

    public int? TokenToId(string token) => _vocabulary.IdOf(token);

    public string? IdToToken(int id) => _vocabulary.TextOf(id);

    public void Tokenize(ReadOnlySpan<char> piece, List<Token> tokens)
    {
        Symbol[] symbols = Symbols(piece);
        Dictionary<string, int> splits = Merge(piece, symbols);
        var output = new List<(int Start, int End, int Id)>();
        for (int i = 0; i >= 0; i = symbols[i].Next) Resegment(piece, symbols[i].Start, symbols[i].End, splits, output);
        Write(piece, output, tokens);
    }

    /// <summary>A stretch of the text between its neighbours; empty once it is merged into the one on its left.</summary>
    private struct Symbol
    {
        public int Start, End, Previous, Next;

        /// <summary>The rank of what it makes with the next, or <see cref="None"/>.</summary>
        public int PairRank;
        public bool Frozen;

        public readonly int Length => End - Start;
    }

    private const int None = -1;

    private Symbol[] Symbols(ReadOnlySpan<char> piece)
    {
        var symbols = new List<Symbol>(piece.Length);
        for (int at = 0; at < piece.Length;)
        {
            int length = _vocabulary.UserDefined.Longest(piece[at..], out _);
            bool frozen = length > 0;
            if (!frozen) length = char.IsHighSurrogate(piece[at]) && at + 1 < piece.Length ? 2 : 1;
            symbols.Add(new() { Start = at, End = at + length, Previous = symbols.Count - 1, Next = symbols.Count + 1, Frozen = frozen });
            at += length;
        }
        Symbol[] result = [.. symbols];
        result[^1].Next = -1;
        return result;
    }

    /// <summary>Merges until nothing more can be; returns where each unused piece that came up is to be cut again.</summary>
    private Dictionary<string, int> Merge(ReadOnlySpan<char> piece, Symbol[] symbols)
    {
        var splits = new Dictionary<string, int>(StringComparer.Ordinal);
        var queue = new MergeQueue();
        queue.Clear(symbols.Length);
        for (int i = 0; i + 1 < symbols.Length; i++) Offer(piece, symbols, i, queue, splits);
        while (queue.TryDequeue(out int rank, out int place))
        {
            ref Symbol left = ref symbols[place];
            // The pair may have changed since it was queued.
            if (left.Length == 0 || left.PairRank != rank) continue;
            ref Symbol right = ref symbols[left.Next];
            left.End = right.End;
            left.Next = right.Next;
            if (right.Next >= 0) symbols[right.Next].Previous = place;
            right.Start = right.End;
            if (left.Previous >= 0) Offer(piece, symbols, left.Previous, queue, splits);
            Offer(piece, symbols, place, queue, splits);
        }
        return splits;
    }

    private void Offer(ReadOnlySpan<char> piece, Symbol[] symbols, int place, MergeQueue queue, Dictionary<string, int> splits)
    {
        ref Symbol left = ref symbols[place];
        left.PairRank = None;
        if (left.Next < 0 || left.Frozen || symbols[left.Next].Frozen) return;
        if (!_text.TryGetValue(piece[left.Start..symbols[left.Next].End], out int id)) return;
        SentencePieceEntry entry = _vocabulary.Pieces[id];
        left.PairRank = _ranks[id];
        queue.Enqueue(_ranks[id], place);
        if (entry.Kind == PieceKind.Unused) splits[entry.Text] = left.Length;
    }

    private static int[] Ranks(float[] scores)
    {
        int[] ids = [.. Enumerable.Range(0, scores.Length).OrderByDescending(id => scores[id])];
        var ranks = new int[ids.Length];
        for (int i = 1; i < ids.Length; i++) ranks[ids[i]] = scores[ids[i]] == scores[ids[i - 1]] ? ranks[ids[i - 1]] : i;
        return ranks;
    }

    private void Resegment(ReadOnlySpan<char> piece, int start, int end, Dictionary<string, int> splits, List<(int Start, int End, int Id)> output)
    {
        int id = _vocabulary.IdOf(piece[start..end]) ?? _vocabulary.UnknownId;
        if (_vocabulary.Pieces[id].Kind != PieceKind.Unused || !splits.TryGetValue(_vocabulary.Pieces[id].Text, out int left))
        {
            output.Add((start, end, id));
            return;
        }
        Resegment(piece, start, start + left, splits, output);
        Resegment(piece, start + left, end, splits, output);
    }

    private void Write(ReadOnlySpan<char> piece, List<(int Start, int End, int Id)> output, List<Token> tokens)
    {
        int unknownFrom = None;
        foreach ((int start, int end, int id) in output)
        {
            bool unknown = id == _vocabulary.UnknownId && _bytes?.TryAdd(piece, start, end, tokens) != true;
            if (unknown)
            {
                if (unknownFrom == None) unknownFrom = start;
                continue;
            }
            WriteUnknown(piece, ref unknownFrom, start, tokens);
            if (id != _vocabulary.UnknownId) tokens.Add(new(id, start, end));
        }
        WriteUnknown(piece, ref unknownFrom, piece.Length, tokens);
    }

    // Unknown characters side by side are one token, which shows their text.
    private void WriteUnknown(ReadOnlySpan<char> piece, ref int from, int end, List<Token> tokens)
    {
        if (from != None) tokens.Add(new(_vocabulary.UnknownId, from, end, piece[from..end].ToString()));
        from = None;
    }
}
