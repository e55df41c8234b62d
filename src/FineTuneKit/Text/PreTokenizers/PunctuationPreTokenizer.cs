using System.Text;

namespace FineTuneKit.Text;

/// <summary>Splits at punctuation: Unicode's, and ASCII's symbols.</summary>
internal sealed class PunctuationPreTokenizer(SplitBehavior behavior) : IPreTokenizer
{
    public static readonly CharacterPattern Mark = new(r => Rune.IsPunctuation(r) || (r.IsAscii && Rune.IsSymbol(r)));

    public void PreTokenize(PreTokenizedText text) => text.Split(Mark, behavior);
}
