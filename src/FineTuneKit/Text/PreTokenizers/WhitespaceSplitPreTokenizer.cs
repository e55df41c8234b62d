using System.Text;

namespace FineTuneKit.Text;

/// <summary>Splits at white space and drops it.</summary>
internal sealed class WhitespaceSplitPreTokenizer : IPreTokenizer
{
    public static readonly CharacterPattern Blank = new(Rune.IsWhiteSpace);

    public void PreTokenize(PreTokenizedText text) => text.Split(Blank, SplitBehavior.Removed);
}
