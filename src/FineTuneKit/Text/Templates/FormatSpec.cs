using System.Globalization;
using System.Numerics;

namespace FineTuneKit.Text.Templates;

/// <summary>Python's format specification, <c>[[fill]align][sign][#][0][width][grouping][.precision][type]</c>.</summary>
internal sealed record FormatSpec
{
    // Wider fields are no use in a prompt and would be a way to fill the memory.
    private const int Widest = 1 << 16;

    public string Fill { get; init; } = " ";

    public char? Align { get; init; }

    public char Sign { get; init; } = '-';

    public bool Alternate { get; init; }

    public int Width { get; init; }

    public char? Grouping { get; init; }

    public int? Precision { get; init; }

    public char? Type { get; init; }

    public static FormatSpec Parse(string text)
    {
        var spec = new FormatSpec();
        int at = 0;
        int first = text.Length > 0 && char.IsSurrogatePair(text, 0) ? 2 : 1;
        if (text.Length > first && text[first] is '<' or '>' or '=' or '^')
        {
            spec = spec with { Fill = text[..first], Align = text[first] };
            at = first + 1;
        }
        else if (text.Length > 0 && text[0] is '<' or '>' or '=' or '^')
        {
            spec = spec with { Align = text[0] };
            at = 1;
        }
        if (at < text.Length && text[at] is '+' or '-' or ' ') spec = spec with { Sign = text[at++] };
        if (at < text.Length && text[at] == '#')
        {
            spec = spec with { Alternate = true };
            at++;
        }
        if (at < text.Length && text[at] == '0')
        {
            if (spec.Align is null) spec = spec with { Fill = "0", Align = '=' };
            at++;
        }
        spec = spec with { Width = Number(text, ref at) ?? 0 };
        if (at < text.Length && text[at] is ',' or '_') spec = spec with { Grouping = text[at++] };
        if (at < text.Length && text[at] == '.')
        {
            at++;
            spec = spec with { Precision = Number(text, ref at) ?? throw TemplateException.OfValue("Format specifier missing precision") };
        }
        if (at < text.Length) spec = spec with { Type = text[at++] };
        return at == text.Length ? spec : throw TemplateException.OfValue("Invalid format specifier");
    }

    public string Apply(object? value)
    {
        if (PythonNumber.IsNumber(value) && !(value is bool && Type is null or 's')) return Number(value!);
        if (value is not (string or MarkupValue or bool)) throw TemplateException.OfType($"unsupported format string passed to {PythonType.Name(value)}.__format__");
        if (Type is not (null or 's')) throw TemplateException.OfValue($"Unknown format code '{Type}' for object of type 'str'");
        if (Align == '=') throw TemplateException.OfValue("'=' alignment not allowed in string format specifier");
        string text = PythonText.Str(value);
        if (Precision is { } most) text = CodePoints.Slice(text, 0, most);
        return Padded("", text, Align ?? '<');
    }

    private string Number(object value)
    {
        char type = Type ?? (value is double ? 'r' : 'd');
        bool whole = PythonNumber.IsInteger(value) && type is 'd' or 'b' or 'o' or 'x' or 'X' or 'c' or 'n';
        if (!whole && value is double && type is 'd' or 'b' or 'o' or 'x' or 'X' or 'c') throw TemplateException.OfValue($"Unknown format code '{type}' for object of type 'float'");
        if (whole && Precision is not null) throw TemplateException.OfValue("Precision not allowed in integer format specifier");
        bool negative = whole ? PythonNumber.Big(value).Sign < 0 : double.IsNegative(PythonNumber.Double(value));
        string digits = whole ? Digits(BigInteger.Abs(PythonNumber.Big(value)), type) : FloatFormat.Digits(Math.Abs(PythonNumber.Double(value)), type, Precision, Alternate);
        if (Grouping is { } separator) digits = Grouped(digits, separator, type is 'b' or 'o' or 'x' or 'X' ? 4 : 3);
        string sign = negative ? "-" : Sign == '-' ? "" : Sign.ToString();
        if (Alternate && type is 'b' or 'o' or 'x' or 'X') sign += "0" + type;
        return Padded(sign, digits, Align ?? '>');
    }

    private static string Digits(BigInteger value, char type) => type switch
    {
        'x' => Hex(value).ToLowerInvariant(),
        'X' => Hex(value),
        'b' => Radix(value, 2),
        'o' => Radix(value, 8),
        'c' => value <= 0x10FFFF ? char.ConvertFromUtf32((int)value) : throw new TemplateException(TemplateErrorKind.Overflow, "%c arg not in range(0x110000)"),
        _ => PythonNumber.Format(value),
    };

    private static string Hex(BigInteger value) => value.IsZero ? "0" : value.ToString("X", CultureInfo.InvariantCulture).TrimStart('0');

    private static string Radix(BigInteger value, int radix)
    {
        string digits = "";
        for (; !value.IsZero; value /= radix) digits = (char)('0' + (int)(value % radix)) + digits;
        return digits.Length == 0 ? "0" : digits;
    }

    private static string Grouped(string digits, char separator, int size)
    {
        int end = digits.AsSpan().IndexOfAny('.', 'e');
        if (end < 0) end = digits.Length;
        for (int at = end - size; at > 0; at -= size) digits = digits.Insert(at, separator.ToString());
        return digits;
    }

    private string Padded(string sign, string digits, char align)
    {
        int missing = Math.Min(Width, Widest) - CodePoints.Length(sign) - CodePoints.Length(digits);
        if (Width > Widest) throw new TemplateException(TemplateErrorKind.Limit, $"the template goes beyond its limits: a field of {Width} characters");
        if (missing <= 0) return sign + digits;
        string Fills(int count) => string.Concat(Enumerable.Repeat(Fill, count));
        return align switch
        {
            '<' => sign + digits + Fills(missing),
            '^' => Fills(missing / 2) + sign + digits + Fills(missing - (missing / 2)),
            '=' => sign + Fills(missing) + digits,
            _ => Fills(missing) + sign + digits,
        };
    }

    internal static int? Number(string text, ref int at)
    {
        int start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
        if (start == at) return null;
        return int.TryParse(text.AsSpan(start, at - start), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= Widest
            ? number : throw new TemplateException(TemplateErrorKind.Limit, $"the template goes beyond its limits: a field of {text[start..at]} characters");
    }
}

/// <summary>A float in the ways of printf.</summary>
internal static class FloatFormat
{
    /// <summary>The digits of a number that is not negative; type r is Python's repr.</summary>
    public static string Digits(double value, char type, int? precision, bool alternate)
    {
        if (!double.IsFinite(value))
        {
            string name = PythonNumber.Format(value);
            return char.IsUpper(type) ? name.ToUpperInvariant() : name;
        }
        int places = Math.Min(precision ?? 6, 1000);
        return type switch
        {
            'f' or 'F' => value.ToString("F" + places, CultureInfo.InvariantCulture),
            'e' or 'E' => Exponential(value, places, type),
            '%' => (value * 100).ToString("F" + places, CultureInfo.InvariantCulture) + "%",
            'g' or 'G' or 'n' => General(value, Math.Max(places, 1), type == 'G' ? 'E' : 'e', alternate),
            'r' when precision is null => PythonNumber.Format(value),
            'r' => General(value, Math.Max(places, 1), 'e', alternate) is var text && text.AsSpan().IndexOfAny('.', 'e') < 0 ? text + ".0" : General(value, Math.Max(places, 1), 'e', alternate),
            _ => throw TemplateException.OfValue($"Unknown format code '{type}' for object of type 'float'"),
        };
    }

    private static string Exponential(double value, int places, char letter)
    {
        // .NET writes three digits of exponent at least, C two.
        string[] parts = value.ToString("E" + places, CultureInfo.InvariantCulture).Split('E');
        int exponent = int.Parse(parts[1], CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{parts[0]}{letter}{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
    }

    private static string General(double value, int digits, char letter, bool alternate)
    {
        string scientific = Exponential(value, digits - 1, letter);
        int exponent = int.Parse(scientific[(scientific.IndexOf(letter, StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture);
        bool isFixed = exponent >= -4 && exponent < digits;
        string text = isFixed ? value.ToString("F" + (digits - 1 - exponent), CultureInfo.InvariantCulture) : scientific;
        if (alternate || !text.Contains('.', StringComparison.Ordinal)) return text;
        string[] parts = text.Split(letter);
        parts[0] = parts[0].TrimEnd('0').TrimEnd('.');
        return string.Join(letter, parts);
    }
}
