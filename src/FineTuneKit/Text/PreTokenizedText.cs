namespace FineTuneKit.Text;

/// <summary>A stretch of text, or an added token that was found in it (<paramref name="AddedId"/> is not negative).</summary>
internal readonly record struct Piece(NormalizedString Text, int AddedId = -1);

/// <summary>The pieces that a text falls into on its way to the model.</summary>
internal sealed class PreTokenizedText
{
    private List<Piece> _pieces = [];
    private List<Piece> _next = [];

    public PreTokenizedText(NormalizedString text) => _pieces.Add(new(text));

    public IReadOnlyList<Piece> Pieces => _pieces;

    /// <summary>Replaces each piece that is not yet a token by what <paramref name="split"/> hands on; empty ones vanish.</summary>
    public void Split(Action<NormalizedString, Action<Piece>> split)
    {
        _next.Clear();
        foreach (Piece piece in _pieces)
        {
            if (piece.AddedId >= 0) _next.Add(piece);
            else split(piece.Text, Keep);
        }
        (_pieces, _next) = (_next, _pieces);
    }

    public void Split(ITextPattern pattern, SplitBehavior behavior, bool invert = false) =>
        Split((text, keep) => PatternSplit.Split(text, pattern, behavior, invert, keep));

    /// <summary>Changes each piece that is not yet a token.</summary>
    public void Normalize(Func<NormalizedString, NormalizedString> normalize)
    {
        for (int i = 0; i < _pieces.Count; i++)
            if (_pieces[i].AddedId < 0) _pieces[i] = new(normalize(_pieces[i].Text));
    }

    private void Keep(Piece piece)
    {
        if (piece.Text.Length > 0) _next.Add(piece);
    }
}
