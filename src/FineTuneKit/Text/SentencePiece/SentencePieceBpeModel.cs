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

    public SentencePieceBpeModel(SentencePieceVocabulary vocabulary, bool byteFallback)
    {
        _vocabulary = vocabulary;
        _text = vocabulary.TextIds.GetAlternateLookup<ReadOnlySpan<char>>();
        if (byteFallback) _bytes = new(TokenToId);
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
        public bool Frozen;

        public readonly int Length => End - Start;
    }

    /// <summary>Two neighbours that can be merged, as long as they have this length together.</summary>
    private readonly record struct Pair(int Left, int Right, int Length);

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
        var agenda = new PriorityQueue<Pair, (float Score, int Left)>(Comparer<(float Score, int Left)>.Create(BestFirst));
        for (int i = 1; i < symbols.Length; i++) Offer(piece, symbols, i - 1, i, agenda, splits);
        while (agenda.TryDequeue(out Pair pair, out _))
        {
            ref Symbol left = ref symbols[pair.Left], right = ref symbols[pair.Right];
            if (left.Length == 0 || right.Length == 0 || left.Length + right.Length != pair.Length) continue;
            left.End = right.End;
            left.Next = right.Next;
            if (right.Next >= 0) symbols[right.Next].Previous = pair.Left;
            right.Start = right.End;
            Offer(piece, symbols, left.Previous, pair.Left, agenda, splits);
            Offer(piece, symbols, pair.Left, left.Next, agenda, splits);
        }
        return splits;
    }

    private void Offer(ReadOnlySpan<char> piece, Symbol[] symbols, int left, int right, PriorityQueue<Pair, (float, int)> agenda, Dictionary<string, int> splits)
    {
        if (left < 0 || right < 0 || symbols[left].Frozen || symbols[right].Frozen) return;
        ReadOnlySpan<char> merged = piece[symbols[left].Start..symbols[right].End];
        if (!_text.TryGetValue(merged, out int id)) return;
        SentencePieceEntry entry = _vocabulary.Pieces[id];
        agenda.Enqueue(new(left, right, merged.Length), (entry.Score, left));
        if (entry.Kind == PieceKind.Unused) splits[entry.Text] = symbols[left].Length;
    }

    private static int BestFirst((float Score, int Left) a, (float Score, int Left) b) =>
        a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Left.CompareTo(b.Left);

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
        bool afterUnknown = false;
        foreach ((int start, int end, int id) in output)
        {
            bool unknown = id == _vocabulary.UnknownId;
            if (!unknown)
            {
                tokens.Add(new(id, start, end));
            }
            else if (_bytes is null || !_bytes.TryAdd(piece, start, end, tokens))
            {
                int from = afterUnknown ? tokens[^1].Start : start;
                if (afterUnknown) tokens.RemoveAt(tokens.Count - 1);
                tokens.Add(new(id, from, end, piece[from..end].ToString()));
            }
            afterUnknown = unknown;
        }
    }
}
