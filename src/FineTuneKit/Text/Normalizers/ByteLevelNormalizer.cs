namespace FineTuneKit.Text;

/// <summary>Writes the text in the byte alphabet before it is split.</summary>
internal sealed class ByteLevelNormalizer : INormalizer
{
    public NormalizedString Normalize(NormalizedString text) => ByteAlphabet.Write(text, new(text.Length));
}
