using System.Globalization;
using System.Numerics;

namespace FineTuneKit.Text.Templates;

/// <summary>Python's numbers: integers without bounds, 64-bit floats, and booleans that count as 0 and 1.</summary>
internal static class PythonNumber
{
    public static bool IsNumber(object? value) => value is bool or long or double or BigInteger;

    public static bool IsInteger(object? value) => value is bool or long or BigInteger;

    /// <summary>An integer as the value that stands for it: 64 bits where they suffice.</summary>
    /// <exception cref="TemplateException">It is larger than any template needs.</exception>
    public static object Of(BigInteger value)
    {
        if (value >= long.MinValue && value <= long.MaxValue) return (long)value;
        if (value.GetBitLength() > TemplateBudget.IntegerBits)
            throw new TemplateException(TemplateErrorKind.Limit, $"the template goes beyond its limits: an integer of more than {TemplateBudget.IntegerBits} bits");
        return value;
    }

    public static BigInteger Big(object value) => value switch
    {
        bool flag => flag ? 1 : 0,
        long small => small,
        BigInteger big => big,
        _ => throw TemplateException.OfType($"'{PythonType.Name(value)}' object cannot be interpreted as an integer"),
    };

    public static double Double(object value) => value switch
    {
        bool flag => flag ? 1 : 0,
        long small => small,
        double real => real,
        BigInteger big => (double)big is var real && double.IsInfinity(real)
            ? throw new TemplateException(TemplateErrorKind.Overflow, "int too large to convert to float") : real,
        _ => throw TemplateException.OfType($"must be real number, not {PythonType.Name(value)}"),
    };

    /// <summary>An integer that fits 32 bits, for indices and counts; those beyond are cut to the bounds.</summary>
    public static int Index(object? value) => value switch
    {
        bool flag => flag ? 1 : 0,
        long small => (int)Math.Clamp(small, int.MinValue, int.MaxValue),
        BigInteger big => big.Sign > 0 ? int.MaxValue : int.MinValue,
        UndefinedValue missing => throw missing.Error(),
        _ => throw TemplateException.OfType($"'{PythonType.Name(value)}' object cannot be interpreted as an integer"),
    };

    /// <summary>The order of two numbers, null where one of them is NaN.</summary>
    public static int? Compare(object a, object b)
    {
        if (a is long x && b is long y) return x.CompareTo(y);
        if (a is double || b is double)
        {
            if (a is double p && b is double q) return double.IsNaN(p) || double.IsNaN(q) ? null : p.CompareTo(q);
            if (a is double real) return CompareReal(real, Big(b));
            return -CompareReal((double)b, Big(a));
        }
        return Big(a).CompareTo(Big(b));
    }

    public static int Hash(object value)
    {
        if (value is double real)
        {
            if (!double.IsInteger(real)) return real.GetHashCode();
            value = new BigInteger(real);
        }
        BigInteger big = Big(value);
        return big >= long.MinValue && big <= long.MaxValue ? ((long)big).GetHashCode() : big.GetHashCode();
    }

    /// <summary>A float as Python writes it: the shortest digits that give it back.</summary>
    public static string Format(double value)
    {
        if (double.IsNaN(value)) return "nan";
        if (double.IsInfinity(value)) return value > 0 ? "inf" : "-inf";
        (bool negative, string digits, int exponent) = Shortest(value);
        string text = exponent is < -4 or >= 16 ? Scientific(digits, exponent) : Fixed(digits, exponent);
        return negative ? "-" + text : text;
    }

    public static string Format(BigInteger value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Python's <c>int(text, base)</c>; null where the text is no integer.</summary>
    public static object? ParseInteger(string text, int radix)
    {
        string digits = PythonSpace.Trim(text);
        bool negative = digits.StartsWith('-');
        if (negative || digits.StartsWith('+')) digits = digits[1..];
        if (digits.Length > 2 && digits[0] == '0' && Radix(digits[1]) is var prefix and > 0 && (radix == prefix || radix == 0))
        {
            radix = prefix;
            digits = digits[2] == '_' ? digits[3..] : digits[2..];
        }
        if (radix == 0) radix = 10;
        if (radix is < 2 or > 36 || digits.Length == 0 || digits[0] == '_' || digits[^1] == '_' || digits.Contains("__", StringComparison.Ordinal)) return null;
        BigInteger value = 0;
        foreach (char c in digits)
        {
            if (c == '_') continue;
            int digit = char.IsDigit(c) ? (int)char.GetNumericValue(c) : char.IsAsciiLetter(c) ? char.ToLowerInvariant(c) - 'a' + 10 : 36;
            if (digit >= radix) return null;
            value = (value * radix) + digit;
            if (value.GetBitLength() > TemplateBudget.IntegerBits) break;
        }
        return Of(negative ? -value : value);
    }

    /// <summary>Python's <c>float(text)</c>; null where the text is no number.</summary>
    public static double? ParseFloat(string text)
    {
        string digits = PythonSpace.Trim(text);
        switch (digits.TrimStart('+', '-').ToLowerInvariant())
        {
            case "inf" or "infinity" when digits.Length < 10:
                return digits[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            case "nan":
                return double.NaN;
        }
        bool underscores = digits.Contains('_', StringComparison.Ordinal);
        for (int i = 0; i < digits.Length; i++)
        {
            if (digits[i] == '_' && (i == 0 || i + 1 == digits.Length || !char.IsAsciiDigit(digits[i - 1]) || !char.IsAsciiDigit(digits[i + 1]))) return null;
        }
        const NumberStyles Styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(underscores ? digits.Replace("_", "", StringComparison.Ordinal) : digits, Styles, CultureInfo.InvariantCulture, out double value) ? value : null;
    }

    /// <summary>The digits of a finite number and the power of ten of the first.</summary>
    private static (bool Negative, string Digits, int Exponent) Shortest(double value)
    {
        string text = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture);
        string digits = text.Split('E')[0].Replace(".", "", StringComparison.Ordinal).Trim('0');
        return (double.IsNegative(value), digits.Length == 0 ? "0" : digits, digits.Length == 0 ? 0 : Exponent(text));
    }

    /// <summary>The power of ten of the first digit that is not 0.</summary>
    private static int Exponent(string text)
    {
        string[] parts = text.Split('E');
        int written = parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0;
        int point = parts[0].IndexOf('.', StringComparison.Ordinal);
        if (point < 0) point = parts[0].Length;
        int first = parts[0].AsSpan().IndexOfAnyInRange('1', '9');
        return written + (first < point ? point - first - 1 : point - first);
    }

    private static string Scientific(string digits, int exponent) => string.Create(CultureInfo.InvariantCulture,
        $"{digits[0]}{(digits.Length > 1 ? "." + digits[1..] : "")}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");

    private static string Fixed(string digits, int exponent)
    {
        if (exponent < 0) return "0." + new string('0', -exponent - 1) + digits;
        if (digits.Length <= exponent + 1) return digits + new string('0', exponent + 1 - digits.Length) + ".0";
        return digits[..(exponent + 1)] + "." + digits[(exponent + 1)..];
    }

    private static int? CompareReal(double a, BigInteger b)
    {
        if (double.IsNaN(a)) return null;
        if (double.IsInfinity(a)) return a > 0 ? 1 : -1;
        var whole = new BigInteger(Math.Truncate(a));
        int order = whole.CompareTo(b);
        return order != 0 ? order : (a - Math.Truncate(a)).CompareTo(0);
    }

    private static int Radix(char c) => char.ToLowerInvariant(c) switch { 'b' => 2, 'o' => 8, 'x' => 16, _ => 0 };
}
