using System.Text;

namespace FineTuneKit.Text;

/// <summary>Splits numbers off, whole or digit by digit.</summary>
internal sealed class DigitsPreTokenizer(bool individually) : IPreTokenizer
{
    private static readonly CharacterPattern Digit = new(Rune.IsNumber);

    public void PreTokenize(PreTokenizedText text) =>
        text.Split(Digit, individually ? SplitBehavior.Isolated : SplitBehavior.Contiguous);
}
