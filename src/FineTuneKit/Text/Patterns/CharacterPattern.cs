using System.Text;

namespace FineTuneKit.Text;

/// <summary>Matches each character that passes, one by one.</summary>
internal sealed class CharacterPattern(Func<Rune, bool> matches) : ITextPattern
{
    public void FindMatches(ReadOnlySpan<char> text, List<Match> found)
    {
        int at = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            int end = at + rune.Utf16SequenceLength;
            if (matches(rune)) found.Add(new(at, end));
            at = end;
        }
    }
}
