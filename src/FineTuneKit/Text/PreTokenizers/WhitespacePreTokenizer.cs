using System.Text;

namespace FineTuneKit.Text;

/// <summary>Runs of word characters, and runs of what is neither that nor white space.</summary>
internal sealed class WhitespacePreTokenizer : IPreTokenizer
{
    private static readonly WordsAndSymbols Pattern = new();

    public void PreTokenize(PreTokenizedText text) => text.Split(Pattern, SplitBehavior.Removed, invert: true);

    private sealed class WordsAndSymbols : ITextPattern
    {
        public void FindMatches(ReadOnlySpan<char> text, List<Match> matches)
        {
            int at = 0, start = 0, kind = 0;
            foreach (Rune rune in text.EnumerateRunes())
            {
                int now = WordCharacter.IsWord(rune) ? 1 : Rune.IsWhiteSpace(rune) ? 0 : 2;
                if (now != kind)
                {
                    if (kind != 0) matches.Add(new(start, at));
                    (start, kind) = (at, now);
                }
                at += rune.Utf16SequenceLength;
            }
            if (kind != 0) matches.Add(new(start, at));
        }
    }
}
