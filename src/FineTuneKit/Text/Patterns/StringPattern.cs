using System.Text;

namespace FineTuneKit.Text;

/// <summary>Matches one fixed string; the empty one matches between all characters.</summary>
internal sealed class StringPattern(string value) : ITextPattern
{
    public void FindMatches(ReadOnlySpan<char> text, List<Match> matches)
    {
        if (value.Length == 0)
        {
            FindBorders(text, matches);
            return;
        }
        for (int at = 0; ;)
        {
            int found = text[at..].IndexOf(value, StringComparison.Ordinal);
            if (found < 0) return;
            matches.Add(new(at + found, at + found + value.Length));
            at += found + value.Length;
        }
    }

    private static void FindBorders(ReadOnlySpan<char> text, List<Match> matches)
    {
        matches.Add(new(0, 0));
        int at = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            at += rune.Utf16SequenceLength;
            matches.Add(new(at, at));
        }
    }
}
