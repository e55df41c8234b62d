using System.Text;

namespace FineTuneKit.Text;

/// <summary>Pieces of so many characters.</summary>
internal sealed class FixedLengthPreTokenizer(int characters) : IPreTokenizer
{
    public void PreTokenize(PreTokenizedText text) => text.Split((piece, keep) =>
    {
        int start = 0, at = 0, count = 0;
        foreach (Rune rune in piece.Chars.EnumerateRunes())
        {
            at += rune.Utf16SequenceLength;
            if (++count < characters) continue;
            keep(new(piece.Slice(start, at)));
            (start, count) = (at, 0);
        }
        keep(new(piece.Slice(start, at)));
    });
}
