namespace FineTuneKit.Text;

/// <summary>Joins continued pieces and puts blanks between the others.</summary>
internal sealed class WordPieceDecoder(string prefix, bool cleanup) : IDecoder
{
    public List<string> Decode(List<string> tokens) => [.. tokens.Select((t, i) => Tidy(i == 0 ? t : Join(t)))];

    /// <summary>Takes out the blanks that tokenisation leaves around punctuation and contractions.</summary>
    public static string CleanUp(string text) => text
        .Replace(" .", ".").Replace(" ?", "?").Replace(" !", "!").Replace(" ,", ",").Replace(" ' ", "'").Replace(" n't", "n't")
        .Replace(" 'm", "'m").Replace(" do not", " don't").Replace(" 's", "'s").Replace(" 've", "'ve").Replace(" 're", "'re");

    private string Join(string token) => token.StartsWith(prefix, StringComparison.Ordinal) ? token[prefix.Length..] : " " + token;

    private string Tidy(string token) => cleanup ? CleanUp(token) : token;
}
