namespace FineTuneKit.Text;

/// <summary>Several normalisers, one after the other.</summary>
internal sealed class SequenceNormalizer(IReadOnlyList<INormalizer> parts) : INormalizer
{
    public NormalizedString Normalize(NormalizedString text) => parts.Aggregate(text, (t, part) => part.Normalize(t));
}
