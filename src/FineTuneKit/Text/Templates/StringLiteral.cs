using System.Globalization;
using System.Text;

namespace FineTuneKit.Text.Templates;

/// <summary>The escapes of a string in a template, which are those of Python's unicode-escape.</summary>
internal static class StringLiteral
{
    private static readonly string[] Punctuation =
    [
        "SPACE", "EXCLAMATION MARK", "QUOTATION MARK", "NUMBER SIGN", "DOLLAR SIGN", "PERCENT SIGN", "AMPERSAND", "APOSTROPHE", "LEFT PARENTHESIS",
        "RIGHT PARENTHESIS", "ASTERISK", "PLUS SIGN", "COMMA", "HYPHEN-MINUS", "FULL STOP", "SOLIDUS",
    ];

    private static readonly string[] Digits = ["ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE"];

    /// <exception cref="FormatException">An escape is cut short or names no character.</exception>
    public static string Unescape(ReadOnlySpan<char> text)
    {
        if (text.IndexOf('\\') < 0) return text.ToString();
        var result = new StringBuilder(text.Length);
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] != '\\') result.Append(text[at]);
            else at = Escape(text, at + 1, result);
        }
        return result.ToString();
    }

    /// <summary>Appends what an escape stands for; gives the place of its last character.</summary>
    private static int Escape(ReadOnlySpan<char> text, int at, StringBuilder result)
    {
        char c = text[at];
        const string Letters = "abfnrtv\\'\"", Meanings = "\a\b\f\n\r\t\v\\'\"";
        if (Letters.IndexOf(c, StringComparison.Ordinal) is >= 0 and int known) result.Append(Meanings[known]);
        else if (c is >= '0' and <= '7') return Octal(text, at, result);
        else if (c is 'x' or 'u' or 'U') return Hex(text, at, c switch { 'x' => 2, 'u' => 4, _ => 8 }, result);
        else if (c == 'N') return Named(text, at, result);
        else if (c == '\n') { }
        else if (c < 0x80) result.Append('\\').Append(c);
        else
        {
            // Python turns such a character into its own escape first, whose backslash is then escaped.
            Rune.DecodeFromUtf16(text[at..], out Rune rune, out int length);
            int value = length == 2 ? rune.Value : c;
            result.Append(CultureInfo.InvariantCulture, $"\\{(value < 0x100 ? $"x{value:x2}" : value < 0x10000 ? $"u{value:x4}" : $"U{value:x8}")}");
            return at + length - 1;
        }
        return at;
    }

    private static int Octal(ReadOnlySpan<char> text, int at, StringBuilder result)
    {
        int value = 0, end = at;
        while (end < text.Length && end < at + 3 && text[end] is >= '0' and <= '7') value = (value * 8) + text[end++] - '0';
        result.Append((char)value);
        return end - 1;
    }

    private static int Hex(ReadOnlySpan<char> text, int at, int digits, StringBuilder result)
    {
        if (at + digits >= text.Length || text.Slice(at + 1, digits).ContainsAnyExcept("0123456789abcdefABCDEF"))
            throw new FormatException($"truncated \\{text[at]}{new string('X', digits)} escape");
        uint value = uint.Parse(text.Slice(at + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        if (value > 0x10FFFF) throw new FormatException("illegal Unicode character");
        if (value < 0x10000) result.Append((char)value);
        else result.Append(new Rune(value));
        return at + digits;
    }

    /// <summary>Names of ASCII's letters, digits and punctuation; the whole table of names is no part of .NET.</summary>
    private static int Named(ReadOnlySpan<char> text, int at, StringBuilder result)
    {
        int close = at + 1 < text.Length && text[at + 1] == '{' ? text[at..].IndexOf('}') : -1;
        if (close < 3) throw new FormatException("malformed \\N character escape");
        string name = text.Slice(at + 2, close - 2).ToString().ToUpperInvariant();
        result.Append(CharacterOf(name) ?? throw new FormatException($"unknown Unicode character name (only those of ASCII's letters, digits and first signs are known here): {name}"));
        return at + close;
    }

    private static char? CharacterOf(string name)
    {
        if (name.StartsWith("DIGIT ", StringComparison.Ordinal) && Array.IndexOf(Digits, name[6..]) is >= 0 and int digit) return (char)('0' + digit);
        if (Array.IndexOf(Punctuation, name) is >= 0 and int sign) return (char)(' ' + sign);
        bool isLetter = name.Length > 0 && char.IsAsciiLetterUpper(name[^1]);
        if (isLetter && name == $"LATIN SMALL LETTER {name[^1]}") return char.ToLowerInvariant(name[^1]);
        return isLetter && name == $"LATIN CAPITAL LETTER {name[^1]}" ? name[^1] : null;
    }
}
