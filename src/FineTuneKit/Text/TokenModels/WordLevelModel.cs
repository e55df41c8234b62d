namespace FineTuneKit.Text;

/// <summary>Each piece is a token, or the unknown token.</summary>
internal sealed class WordLevelModel(Vocabulary vocabulary, string file, string unknown) : ITokenModel
{
    public int VocabularySize => vocabulary.Count;

    public int? TokenToId(string token) => vocabulary.IdOf(token);

    public string? IdToToken(int id) => vocabulary.TokenOf(id);

    public void Tokenize(ReadOnlySpan<char> piece, List<Token> tokens)
    {
        int id = vocabulary.IdOf(piece);
        if (id < 0) id = vocabulary.IdOf(unknown) ?? throw new InputException($"{file}: '{piece}' is not in the vocabulary, and neither is the unknown token '{unknown}'");
        tokens.Add(new(id, 0, piece.Length));
    }
}
