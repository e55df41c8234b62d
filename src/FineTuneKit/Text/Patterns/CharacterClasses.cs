using System.Globalization;

namespace FineTuneKit.Text;

/// <summary>The named sets of characters that Oniguruma's patterns use.</summary>
internal static class CharacterClasses
{
    private static readonly Dictionary<string, UnicodeCategory[]> Categories = new(StringComparer.Ordinal)
    {
        ["lu"] = [UnicodeCategory.UppercaseLetter],
        ["ll"] = [UnicodeCategory.LowercaseLetter],
        ["lt"] = [UnicodeCategory.TitlecaseLetter],
        ["lm"] = [UnicodeCategory.ModifierLetter],
        ["lo"] = [UnicodeCategory.OtherLetter],
        ["mn"] = [UnicodeCategory.NonSpacingMark],
        ["mc"] = [UnicodeCategory.SpacingCombiningMark],
        ["me"] = [UnicodeCategory.EnclosingMark],
        ["nd"] = [UnicodeCategory.DecimalDigitNumber],
        ["nl"] = [UnicodeCategory.LetterNumber],
        ["no"] = [UnicodeCategory.OtherNumber],
        ["zs"] = [UnicodeCategory.SpaceSeparator],
        ["zl"] = [UnicodeCategory.LineSeparator],
        ["zp"] = [UnicodeCategory.ParagraphSeparator],
        ["cc"] = [UnicodeCategory.Control],
        ["cf"] = [UnicodeCategory.Format],
        ["cs"] = [UnicodeCategory.Surrogate],
        ["co"] = [UnicodeCategory.PrivateUse],
        ["cn"] = [UnicodeCategory.OtherNotAssigned],
        ["pc"] = [UnicodeCategory.ConnectorPunctuation],
        ["pd"] = [UnicodeCategory.DashPunctuation],
        ["ps"] = [UnicodeCategory.OpenPunctuation],
        ["pe"] = [UnicodeCategory.ClosePunctuation],
        ["pi"] = [UnicodeCategory.InitialQuotePunctuation],
        ["pf"] = [UnicodeCategory.FinalQuotePunctuation],
        ["po"] = [UnicodeCategory.OtherPunctuation],
        ["sm"] = [UnicodeCategory.MathSymbol],
        ["sc"] = [UnicodeCategory.CurrencySymbol],
        ["sk"] = [UnicodeCategory.ModifierSymbol],
        ["so"] = [UnicodeCategory.OtherSymbol],
    };

    private static readonly Dictionary<string, string> LongNames = new(StringComparer.Ordinal)
    {
        ["letter"] = "l",
        ["uppercaseletter"] = "lu",
        ["lowercaseletter"] = "ll",
        ["mark"] = "m",
        ["combiningmark"] = "m",
        ["number"] = "n",
        ["decimalnumber"] = "nd",
        ["punctuation"] = "p",
        ["symbol"] = "s",
        ["separator"] = "z",
        ["other"] = "c",
        ["control"] = "cc",
    };

    private static readonly Lazy<CodePointSet> White = new(() => CodePointSet.Where(c => c < 0x10000 && char.IsWhiteSpace((char)c)));
    private static readonly Lazy<CodePointSet> WordCharacters = new(() => CodePointSet.Where(WordCharacter.IsOnigurumaWord));
    private static readonly Lazy<CodePointSet> WordsAlone = new(() => CodePointSet.Where(c => WordCharacter.IsOnigurumaWord(c) || IsLatinSuperscriptOrFraction(c)));

    public static CodePointSet Space => White.Value;

    /// <summary><c>\w</c> in a bracketed class.</summary>
    public static CodePointSet Word => WordCharacters.Value;

    /// <summary><c>\w</c> by itself, for which Oniguruma has a table of Latin-1 with a few characters more.</summary>
    public static CodePointSet WordAlone => WordsAlone.Value;

    /// <summary>The set of <c>\p{name}</c> or <c>[:name:]</c>, or null where it is not known.</summary>
    public static CodePointSet? Named(string name)
    {
        string key = name.Replace("_", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
        key = LongNames.GetValueOrDefault(key, key);
        UnicodeCategory[] categories = [.. Categories.Where(c => c.Key == key || (key.Length == 1 && c.Key[0] == key[0])).SelectMany(c => c.Value)];
        if (categories.Length > 0) return CodePointSet.OfCategories(categories);
        return key switch
        {
            "any" => CodePointSet.Where(_ => true),
            "ascii" => CodePointSet.Where(c => c < 0x80),
            "space" or "whitespace" => Space,
            "word" => Word,
            "digit" => CodePointSet.OfCategories(UnicodeCategory.DecimalDigitNumber),
            "alnum" => Alphabetic(andDigits: true),
            "alpha" or "alphabetic" => Alphabetic(andDigits: false),
            "upper" => CodePointSet.OfCategories(UnicodeCategory.UppercaseLetter),
            "lower" => CodePointSet.OfCategories(UnicodeCategory.LowercaseLetter),
            "punct" => CodePointSet.Where(c => CharUnicodeInfo.GetUnicodeCategory(c) is >= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherPunctuation),
            "cntrl" => CodePointSet.OfCategories(UnicodeCategory.Control),
            "blank" => CodePointSet.Where(c => c == '\t' || CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.SpaceSeparator),
            "xdigit" => CodePointSet.Where(c => c < 0x80 && char.IsAsciiHexDigit((char)c)),
            _ => null,
        };
    }

    private static bool IsLatinSuperscriptOrFraction(int c) => c is 0xB2 or 0xB3 or 0xB9 or (>= 0xBC and <= 0xBE);

    private static CodePointSet Alphabetic(bool andDigits) => CodePointSet.Where(c => WordCharacter.IsOnigurumaWord(c)
        && CharUnicodeInfo.GetUnicodeCategory(c) is var category
        && category is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.ConnectorPunctuation)
        && (andDigits || category != UnicodeCategory.DecimalDigitNumber));
}
