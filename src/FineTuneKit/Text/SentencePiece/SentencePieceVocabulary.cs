namespace FineTuneKit.Text;

/// <summary>The pieces of a SentencePiece model in both directions: what text can give is kept apart from control, byte and unknown pieces, which may be spelt alike.</summary>
internal sealed class SentencePieceVocabulary
{
    private readonly Dictionary<string, int> _reserved = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _reservedBySpan, _textBySpan;

    public SentencePieceVocabulary(IReadOnlyList<SentencePieceEntry> pieces)
    {
        Pieces = pieces;
        for (int id = 0; id < pieces.Count; id++)
        {
            (pieces[id].IsText ? TextIds : _reserved)[pieces[id].Text] = id;
            if (pieces[id].Kind == PieceKind.UserDefined) UserDefined.Add(pieces[id].Text, id);
            if (pieces[id].Kind == PieceKind.Unknown) UnknownId = id;
        }
        _reservedBySpan = _reserved.GetAlternateLookup<ReadOnlySpan<char>>();
        _textBySpan = TextIds.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public IReadOnlyList<SentencePieceEntry> Pieces { get; }

    /// <summary>The pieces that text can give.</summary>
    public Dictionary<string, int> TextIds { get; } = new(StringComparer.Ordinal);

    /// <summary>Those that are taken as they stand, before anything else.</summary>
    public TokenTrie UserDefined { get; } = new();

    public int UnknownId { get; }

    /// <summary>Ids by text, reserved pieces first.</summary>
    public Dictionary<string, int> Ids() => new(TextIds.Where(p => !_reserved.ContainsKey(p.Key)).Concat(_reserved), StringComparer.Ordinal);

    public int? IdOf(ReadOnlySpan<char> piece) =>
        _reservedBySpan.TryGetValue(piece, out int id) || _textBySpan.TryGetValue(piece, out id) ? id : null;

    public string? TextOf(int id) => id >= 0 && id < Pieces.Count ? Pieces[id].Text : null;

    public PieceKind? KindOf(string piece) => IdOf(piece) is int id ? Pieces[id].Kind : null;
}
