using System.Text;

namespace FineTuneKit.Text;

/// <summary>Lower case, character by character.</summary>
internal sealed class LowercaseNormalizer : INormalizer
{
    private const int DottedCapitalI = 0x130, DotAbove = 0x307;

    public NormalizedString Normalize(NormalizedString text)
    {
        var changes = new List<CharChange>(text.Length);
        foreach (Rune rune in text.Chars.EnumerateRunes())
        {
            // The one character that becomes two.
            if (rune.Value == DottedCapitalI) changes.AddRange([new('i', 0), new(DotAbove, 1)]);
            else changes.Add(new(Rune.ToLowerInvariant(rune).Value, 0));
        }
        return text.Transform(changes);
    }
}
