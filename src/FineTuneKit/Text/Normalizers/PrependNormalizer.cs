namespace FineTuneKit.Text;

/// <summary>Puts a text in front of one that is not empty.</summary>
internal sealed class PrependNormalizer(string prefix) : INormalizer
{
    public NormalizedString Normalize(NormalizedString text) => text.Prepend(prefix);
}
