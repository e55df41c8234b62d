using System.Text;

namespace FineTuneKit.Text;

/// <summary>The cleaning of Google's NMT: control characters go, other kinds of white space become blanks.</summary>
internal sealed class NmtNormalizer : INormalizer
{
    public NormalizedString Normalize(NormalizedString text)
    {
        NormalizedString kept = text.Filter(c => !IsControl(c));
        var changes = new List<CharChange>(kept.Length);
        foreach (Rune rune in kept.Chars.EnumerateRunes()) changes.Add(new(IsBlank(rune.Value) ? ' ' : rune.Value, 0));
        return kept.Transform(changes);
    }

    private static bool IsControl(int c) =>
        c is (>= 1 and <= 8) or 0x0B or (>= 0x0E and <= 0x1F) or 0x7F or 0x8F or 0x9F;

    private static bool IsBlank(int c) =>
        c is 9 or 0x0A or 0x0C or 0x0D or 0x1680 or (>= 0x200B and <= 0x200F) or 0x2028 or 0x2029 or 0x2581 or 0xFEFF or 0xFFFD;
}
