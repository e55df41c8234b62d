using System.Globalization;
using System.Text;

namespace FineTuneKit.Text;

/// <summary>What a regex calls a word character: Unicode's Alphabetic, Mark, decimal digits and connectors (UTS 18).</summary>
internal static class WordCharacter
{
    private const int ZeroWidthNonJoiner = 0x200C, ZeroWidthJoiner = 0x200D;

    /// <summary>As Rust's regex has it, which counts the joiners too.</summary>
    public static bool IsWord(Rune rune) => rune.Value is ZeroWidthNonJoiner or ZeroWidthJoiner || IsOnigurumaWord(rune.Value);

    /// <summary>As Oniguruma has it.</summary>
    public static bool IsOnigurumaWord(int codePoint) => CharUnicodeInfo.GetUnicodeCategory(codePoint) switch
    {
        <= UnicodeCategory.OtherLetter => true,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => true,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.ConnectorPunctuation => true,
        // Letters in circles and squares are symbols, but alphabetic.
        UnicodeCategory.OtherSymbol => codePoint is (>= 0x24B6 and <= 0x24E9)
            or (>= 0x1F130 and <= 0x1F149) or (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189),
        _ => false,
    };
}
