namespace FineTuneKit.Text;

/// <summary>A token in a piece, from UTF-16 unit Start to End; the text is null where it is the vocabulary's.</summary>
internal readonly record struct Token(int Id, int Start, int End, string? Text = null);

/// <summary>Turns a piece of text into tokens of a vocabulary.</summary>
internal interface ITokenModel
{
    /// <summary>Entries without the added tokens.</summary>
    int VocabularySize { get; }

    /// <summary>Adds the tokens of a piece that is not empty.</summary>
    void Tokenize(ReadOnlySpan<char> piece, List<Token> tokens);

    int? TokenToId(string token);

    string? IdToToken(int id);
}
