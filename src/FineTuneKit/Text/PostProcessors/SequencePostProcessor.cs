namespace FineTuneKit.Text;

/// <summary>Several post-processors, one after the other.</summary>
internal sealed class SequencePostProcessor(IReadOnlyList<IPostProcessor> parts) : IPostProcessor
{
    public int AddedTokens(bool isPair) => parts.Sum(p => p.AddedTokens(isPair));

    public List<EncodedText> Process(List<EncodedText> texts, bool addSpecialTokens) =>
        parts.Aggregate(texts, (t, part) => part.Process(t, addSpecialTokens));
}
