namespace FineTuneKit.Text;

/// <summary>Changes the text before it is split.</summary>
internal interface INormalizer
{
    NormalizedString Normalize(NormalizedString text);
}
