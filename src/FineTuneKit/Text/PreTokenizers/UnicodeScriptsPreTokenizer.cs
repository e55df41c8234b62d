using System.Text;

namespace FineTuneKit.Text;

/// <summary>Splits where the script changes. Blanks go with what they follow; those at the very beginning are lost, as in the reference.</summary>
internal sealed class UnicodeScriptsPreTokenizer : IPreTokenizer
{
    public void PreTokenize(PreTokenizedText text) => text.Split((piece, keep) =>
    {
        int start = -1, at = 0, last = UnicodeScripts.Any;
        foreach (Rune rune in piece.Chars.EnumerateRunes())
        {
            int script = UnicodeScripts.Instance.Of(rune.Value);
            if (script != UnicodeScripts.Any && script != last)
            {
                if (start >= 0) keep(new(piece.Slice(start, at)));
                (start, last) = (at, script);
            }
            at += rune.Utf16SequenceLength;
        }
        if (start >= 0) keep(new(piece.Slice(start, at)));
    });
}
