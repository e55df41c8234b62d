namespace FineTuneKit.Text;

/// <summary>Drops the blanks at the ends.</summary>
internal sealed class StripNormalizer(bool left, bool right) : INormalizer
{
    public NormalizedString Normalize(NormalizedString text) => text.Trim(left, right);
}
