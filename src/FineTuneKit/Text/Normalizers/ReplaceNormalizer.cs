namespace FineTuneKit.Text;

/// <summary>Replaces each match of a pattern by a fixed text.</summary>
internal sealed class ReplaceNormalizer(ITextPattern pattern, string content) : INormalizer
{
    public NormalizedString Normalize(NormalizedString text) => text.Replace(pattern, content);
}
