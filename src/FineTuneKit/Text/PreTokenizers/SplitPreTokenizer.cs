namespace FineTuneKit.Text;

/// <summary>Splits at a string or a regex.</summary>
internal sealed class SplitPreTokenizer(ITextPattern pattern, SplitBehavior behavior, bool invert) : IPreTokenizer
{
    public void PreTokenize(PreTokenizedText text) => text.Split(pattern, behavior, invert);
}
