using System.Globalization;

namespace FineTuneKit.Text;

/// <summary>Drops combining marks; what is not decomposed keeps its accents.</summary>
internal sealed class StripAccentsNormalizer : INormalizer
{
    public NormalizedString Normalize(NormalizedString text) => text.Filter(c => CharUnicodeInfo.GetUnicodeCategory(c)
        is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark));
}
