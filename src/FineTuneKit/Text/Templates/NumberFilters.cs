using System.Numerics;

namespace FineTuneKit.Text.Templates;

/// <summary>Filters that make numbers.</summary>
internal static class NumberFilters
{
    public static IEnumerable<(string Names, string Parameters, FilterBody Body)> All { get; } =
    [
        ("int", "value, default=0, base=10", (_, a) => Int(a[0], a[1], PythonNumber.Index(a[2]))),
        ("float", "value, default=0.0", (_, a) => Float(a[0]) ?? a[1]),
        ("abs", "x", (_, a) => a[0] switch
        {
            double real => Math.Abs(real),
            bool or long or BigInteger => PythonNumber.Of(BigInteger.Abs(PythonNumber.Big(a[0]!))),
            _ => throw TemplateException.OfType($"bad operand type for abs(): '{PythonType.Name(a[0])}'"),
        }),
        ("round", "value, precision=0, method='common'", (e, a) => Round(e, a[0], a[1], PythonText.Str(a[2]))),
        ("sum", "iterable, attribute=None, start=0", (e, a) => Sum(e, a[0], a[1], a[2])),
        ("length count", "obj", (_, a) => Sequences.Length(a[0]) is { } length ? (long)length : throw TemplateException.OfType($"object of type '{PythonType.Name(a[0])}' has no len()")),
        ("wordcount", "s", (e, a) => TextFilters.WordCount(PythonText.Str(a[0], e.Budget))),
    ];

    /// <summary>A float without its fraction.</summary>
    public static object Truncate(double value)
    {
        if (double.IsNaN(value)) throw TemplateException.OfValue("cannot convert float NaN to integer");
        if (double.IsInfinity(value)) throw new TemplateException(TemplateErrorKind.Overflow, "cannot convert float infinity to integer");
        return PythonNumber.Of(new BigInteger(Math.Truncate(value)));
    }

    private static object? Int(object? value, object? otherwise, int radix)
    {
        switch (value)
        {
            case UndefinedValue missing: throw missing.Error();
            case bool or long or BigInteger: return PythonNumber.Of(PythonNumber.Big(value));
            case double real: return double.IsNaN(real) ? otherwise : Truncate(real);
            case string or MarkupValue:
                string text = PythonEquality.Text(value)!;
                if (PythonNumber.ParseInteger(text, radix) is { } whole) return whole;
                return PythonNumber.ParseFloat(text) is { } number && !double.IsNaN(number) ? Truncate(number) : otherwise;
            default: return otherwise;
        }
    }

    private static object? Float(object? value) => value switch
    {
        UndefinedValue missing => throw missing.Error(),
        bool or long or BigInteger or double => PythonNumber.Double(value),
        string or MarkupValue => PythonNumber.ParseFloat(PythonEquality.Text(value)!),
        _ => null,
    };

    private static object Round(Evaluator evaluator, object? value, object? precision, string method)
    {
        if (method is not ("common" or "ceil" or "floor")) throw new TemplateException(TemplateErrorKind.FilterArgument, "method must be common, ceil or floor");
        if (value is UndefinedValue missing) throw missing.Error();
        int digits = PythonNumber.Index(precision);
        if (!PythonNumber.IsNumber(value)) throw TemplateException.OfType($"type {PythonType.Name(value)} doesn't define __round__ method");
        if (method == "common") return value is double real ? RoundReal(real, digits) : RoundWhole(PythonNumber.Big(value!), digits);
        object? power = Arithmetic.Apply("**", 10L, (long)digits, evaluator.Budget);
        object scaled = Arithmetic.Apply("*", value, power, evaluator.Budget)!;
        object whole = scaled is double number ? Truncate(method == "ceil" ? Math.Ceiling(number) : Math.Floor(number)) : scaled;
        return Arithmetic.Apply("/", whole, power, evaluator.Budget)!;
    }

    /// <summary>Half to even, on the exact decimal value of the float.</summary>
    private static double RoundReal(double value, int digits)
    {
        if (!double.IsFinite(value) || digits > 300) return value;
        if (digits < -308) return Math.CopySign(0, value);
        if (digits >= 0) return double.Parse(value.ToString("F" + digits));
        double power = Math.Pow(10, -digits);
        return Math.Round(value / power) * power;
    }

    private static object RoundWhole(BigInteger value, int digits)
    {
        if (digits >= 0) return PythonNumber.Of(value);
        if (digits < -5000) return 0L;
        BigInteger power = BigInteger.Pow(10, -digits), rest = ((value % power) + power) % power, low = value - rest;
        int side = (rest * 2).CompareTo(power);
        bool up = side > 0 || (side == 0 && !(low / power).IsEven);
        return PythonNumber.Of(up ? low + power : low);
    }

    private static object? Sum(Evaluator evaluator, object? items, object? attribute, object? start)
    {
        object? sum = start;
        if (sum is string) throw TemplateException.OfType("sum() can't sum strings [use ''.join(seq) instead]");
        foreach (object? item in Sequences.Iterate(items, evaluator.Budget))
            sum = Arithmetic.Apply("+", sum, attribute is null ? item : Members.Path(evaluator, item, attribute), evaluator.Budget);
        return sum;
    }
}
