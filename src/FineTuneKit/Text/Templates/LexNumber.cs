namespace FineTuneKit.Text.Templates;

/// <summary>Where a number ends: decimal with single underscores, binary, octal, hexadecimal, or with a fraction or exponent.</summary>
internal static class LexNumber
{
    /// <param name="text">The template.</param>
    /// <param name="at">The first digit.</param>
    /// <param name="afterDot">After a dot only an integer can stand: <c>a.1.2</c> is an index of an index.</param>
    /// <param name="isFloat">Whether it has a fraction or an exponent.</param>
    public static int End(string text, int at, bool afterDot, out bool isFloat)
    {
        isFloat = false;
        if (text[at] == '0' && at + 1 < text.Length && Prefixed(text, at) is int prefixed) return prefixed;
        int end = Digits(text, at, char.IsAsciiDigit);
        if (!afterDot)
        {
            int fraction = end + 1 < text.Length && text[end] == '.' && char.IsAsciiDigit(text[end + 1]) ? Digits(text, end + 1, char.IsAsciiDigit) : end;
            int exponent = Exponent(text, fraction);
            isFloat = fraction > end || exponent > fraction;
            if (isFloat) return exponent;
        }
        // A number with leading zeros is its zeros; what follows is another token.
        return text[at] == '0' ? Digits(text, at, c => c == '0') : end;
    }

    private static int? Prefixed(string text, int at)
    {
        Func<char, bool>? isDigit = char.ToLowerInvariant(text[at + 1]) switch
        {
            'b' => c => c is '0' or '1',
            'o' => c => c is >= '0' and <= '7',
            'x' => char.IsAsciiHexDigit,
            _ => null,
        };
        if (isDigit is null) return null;
        int first = at + 2 < text.Length && text[at + 2] == '_' ? at + 3 : at + 2;
        return first < text.Length && isDigit(text[first]) ? Digits(text, first, isDigit) : null;
    }

    private static int Exponent(string text, int at)
    {
        if (at >= text.Length || text[at] is not ('e' or 'E')) return at;
        int first = at + 1 < text.Length && text[at + 1] is '+' or '-' ? at + 2 : at + 1;
        return first < text.Length && char.IsAsciiDigit(text[first]) ? Digits(text, first, char.IsAsciiDigit) : at;
    }

    private static int Digits(string text, int at, Func<char, bool> isDigit)
    {
        while (at < text.Length && (isDigit(text[at]) || (text[at] == '_' && at + 1 < text.Length && isDigit(text[at + 1])))) at++;
        return at;
    }
}
