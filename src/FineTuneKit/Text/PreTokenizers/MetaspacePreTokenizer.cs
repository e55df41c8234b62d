namespace FineTuneKit.Text;

/// <summary>Writes blanks as a visible character, as sentencepiece does, and splits before each.</summary>
internal sealed class MetaspacePreTokenizer(string replacement, string prependScheme, bool split) : IPreTokenizer
{
    private static readonly StringPattern Blank = new(" ");

    private readonly StringPattern _replacement = new(replacement);

    public void PreTokenize(PreTokenizedText text)
    {
        text.Normalize(Write);
        if (split) text.Split(_replacement, SplitBehavior.MergedWithNext);
    }

    private NormalizedString Write(NormalizedString piece)
    {
        NormalizedString written = piece.Replace(Blank, replacement);
        bool prepend = prependScheme == "always" || (prependScheme == "first" && piece.OriginalStart == 0);
        return prepend && !written.Chars.StartsWith(replacement) ? written.Prepend(replacement) : written;
    }
}
