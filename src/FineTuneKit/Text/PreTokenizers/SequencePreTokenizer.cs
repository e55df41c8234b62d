namespace FineTuneKit.Text;

/// <summary>Several pre-tokenisers, one after the other.</summary>
internal sealed class SequencePreTokenizer(IReadOnlyList<IPreTokenizer> parts) : IPreTokenizer
{
    public void PreTokenize(PreTokenizedText text)
    {
        foreach (IPreTokenizer part in parts) part.PreTokenize(text);
    }
}
