using System.Globalization;
using System.Text;

namespace FineTuneKit.Text;

/// <summary>BERT's cleaning: control characters go, Chinese characters stand apart, accents and case go.</summary>
internal sealed class BertNormalizer(bool clean, bool handleChinese, bool stripAccents, bool lowercase) : INormalizer
{
    private static readonly UnicodeNormalizer Decompose = new(compose: false, compatible: false);
    private static readonly LowercaseNormalizer Lowercase = new();

    public NormalizedString Normalize(NormalizedString text)
    {
        if (clean) text = Clean(text);
        if (handleChinese) text = SetChineseApart(text);
        if (stripAccents) text = Decompose.Normalize(text).Filter(c => CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark);
        return lowercase ? Lowercase.Normalize(text) : text;
    }

    private static NormalizedString Clean(NormalizedString text)
    {
        NormalizedString kept = text.Filter(c => c is not (0 or 0xFFFD) && !IsControl(c));
        var changes = new List<CharChange>(kept.Length);
        foreach (Rune rune in kept.Chars.EnumerateRunes()) changes.Add(new(Rune.IsWhiteSpace(rune) ? ' ' : rune.Value, 0));
        return kept.Transform(changes);
    }

    private static NormalizedString SetChineseApart(NormalizedString text)
    {
        var changes = new List<CharChange>(text.Length);
        foreach (Rune rune in text.Chars.EnumerateRunes())
        {
            if (IsChinese(rune.Value)) changes.AddRange([new(' ', 0), new(rune.Value, 1), new(' ', 1)]);
            else changes.Add(new(rune.Value, 0));
        }
        return text.Transform(changes);
    }

    private static bool IsControl(int c) => c is not ('\t' or '\n' or '\r')
        && CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse;

    // The CJK ideographs, as the original lists them.
    private static bool IsChinese(int c) => c is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF)
        or (>= 0x2A700 and <= 0x2B73F) or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B920 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}
