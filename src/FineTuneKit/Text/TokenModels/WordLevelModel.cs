namespace FineTuneKit.Text;

/// <summary>Each piece is a token, or the unknown token.</summary>
internal sealed class WordLevelModel : ITokenModel
{
    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    private readonly Dictionary<int, string> _tokens;
    private readonly string _unknown;

    public WordLevelModel(Dictionary<string, int> vocabulary, string unknown)
    {
        _ids = vocabulary;
        _bySpan = vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();
        _tokens = new(vocabulary.Count);
        foreach ((string token, int id) in vocabulary) _tokens[id] = token;
        _unknown = unknown;
    }

    public int VocabularySize => _ids.Count;

    public int? TokenToId(string token) => _ids.TryGetValue(token, out int id) ? id : null;

    public string? IdToToken(int id) => _tokens.GetValueOrDefault(id);

    public void Tokenize(ReadOnlySpan<char> piece, List<Token> tokens)
    {
        if (!_bySpan.TryGetValue(piece, out int id) && !_ids.TryGetValue(_unknown, out id))
            throw new InputException($"'{piece}' is not in the vocabulary, and neither is the unknown token '{_unknown}'");
        tokens.Add(new(id, 0, piece.Length));
    }
}
