using System.Text.RegularExpressions;

namespace FineTuneKit.Text;

/// <summary>
/// A regex in Oniguruma's syntax, which tokenizer.json uses, run by .NET's engine. Sets of characters are written out
/// on UTF-16, so that one beyond the basic plane counts as one.
/// </summary>
internal sealed class OnigurumaPattern(string source) : ITextPattern
{
    // A pattern may try without end, which no reader of it can tell beforehand.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private readonly Regex _regex = Compile(source);

    public void FindMatches(ReadOnlySpan<char> text, List<Match> matches)
    {
        int last = -1;
        try
        {
            foreach (ValueMatch match in _regex.EnumerateMatches(text))
            {
                // An empty match right behind another does not count.
                if (match.Length == 0 && match.Index == last) continue;
                last = match.Index + match.Length;
                matches.Add(new(match.Index, last));
            }
        }
        catch (RegexMatchTimeoutException e)
        {
            throw new InputException($"the tokenizer's regex {source} tries for more than {Longest.TotalSeconds:0} s at one place of this text; it backtracks without end", e);
        }
    }

    private static Regex Compile(string source)
    {
        try
        {
            return new(new OnigurumaTranslator(source).Translate(), RegexOptions.CultureInvariant, Longest);
        }
        catch (ArgumentException e)
        {
            throw new FormatException(e.Message, e);
        }
    }
}
