using System.Numerics;

namespace FineTuneKit.Text.Templates;

/// <summary>Python's operators on values.</summary>
internal static class Arithmetic
{
    /// <exception cref="TemplateException">The operator does not take these values.</exception>
    public static object? Apply(string sign, object? a, object? b, TemplateBudget budget)
    {
        if (a is long x && b is long y && Small(sign, x, y) is { } quick) return quick;
        if (PythonNumber.IsNumber(a) && PythonNumber.IsNumber(b)) return Numbers(sign, a!, b!);
        return sign switch
        {
            "+" when PythonEquality.Text(a) is not null || a is SequenceValue || b is MarkupValue => Concatenate(a, b, budget),
            "*" when Repeated(a, b, budget) is { } repeated => repeated,
            "%" when a is string format => PercentFormat.Format(format, b, budget),
            "%" when a is MarkupValue markup => new MarkupValue(PercentFormat.Format(markup.Text, b, budget, MarkupValue.Escape)),
            _ => throw Unsupported(sign, a, b),
        };
    }

    /// <summary>Minus or plus before a value.</summary>
    public static object Sign(string sign, object? value) => (sign, value) switch
    {
        ("-", double real) => -real,
        ("+", double real) => real,
        ("-", bool or long or BigInteger) => PythonNumber.Of(-PythonNumber.Big(value)),
        ("+", bool or long or BigInteger) => PythonNumber.Of(PythonNumber.Big(value)),
        (_, UndefinedValue missing) => throw missing.Error(),
        _ => throw TemplateException.OfType($"bad operand type for unary {sign}: '{PythonType.Name(value)}'"),
    };

    private static object? Small(string sign, long x, long y) => sign switch
    {
        "+" when Math.Abs(x) < int.MaxValue && Math.Abs(y) < int.MaxValue => x + y,
        "-" when Math.Abs(x) < int.MaxValue && Math.Abs(y) < int.MaxValue => x - y,
        "%" when x >= 0 && y > 0 => x % y,
        _ => null,
    };

    private static object Numbers(string sign, object a, object b)
    {
        if (sign == "/") return Divide(a, b);
        if (a is double || b is double) return Real(sign, PythonNumber.Double(a), PythonNumber.Double(b));
        BigInteger x = PythonNumber.Big(a), y = PythonNumber.Big(b);
        switch (sign)
        {
            case "+": return PythonNumber.Of(x + y);
            case "-": return PythonNumber.Of(x - y);
            case "*": return PythonNumber.Of(x * y);
            case "**": return Power(x, y);
        }
        if (y.IsZero) throw Zero(sign == "%" ? "integer modulo by zero" : "integer division or modulo by zero");
        BigInteger quotient = BigInteger.DivRem(x, y, out BigInteger rest);
        // Python rounds down, .NET towards zero.
        bool down = !rest.IsZero && rest.Sign != y.Sign;
        return PythonNumber.Of(sign == "//" ? (down ? quotient - 1 : quotient) : (down ? rest + y : rest));
    }

    private static object Divide(object a, object b)
    {
        bool real = a is double || b is double;
        double divisor = PythonNumber.Double(b);
        if (divisor == 0) throw Zero(real ? "float division by zero" : "division by zero");
        return PythonNumber.Double(a) / divisor;
    }

    private static object Real(string sign, double x, double y)
    {
        switch (sign)
        {
            case "+": return x + y;
            case "-": return x - y;
            case "*": return x * y;
            case "**":
                if (x == 0 && y < 0) throw Zero("0.0 cannot be raised to a negative power");
                double power = Math.Pow(x, y);
                if (double.IsNaN(power) && x < 0) throw TemplateException.OfValue("a negative number to a fractional power is no real number");
                return double.IsInfinity(power) && double.IsFinite(x) && double.IsFinite(y)
                    ? throw new TemplateException(TemplateErrorKind.Overflow, "(34, 'Numerical result out of range')") : power;
        }
        if (y == 0) throw Zero(sign == "%" ? "float modulo" : "float floor division by zero");
        double rest = x % y;
        if (rest != 0 && rest < 0 != y < 0) rest += y;
        return sign == "%" ? (rest == 0 ? Math.CopySign(0, y) : rest) : Math.Floor(Math.Round((x - rest) / y));
    }

    private static object Power(BigInteger x, BigInteger y)
    {
        if (y.Sign < 0) return x.IsZero ? throw Zero("0.0 cannot be raised to a negative power") : Math.Pow((double)x, (double)y);
        bool trivial = BigInteger.Abs(x) <= 1;
        if (!trivial && (y > TemplateBudget.IntegerBits || x.GetBitLength() * (long)y > 2 * TemplateBudget.IntegerBits))
            throw new TemplateException(TemplateErrorKind.Limit, $"the template goes beyond its limits: {PythonNumber.Format(x)} ** {PythonNumber.Format(y)}");
        if (trivial) return PythonNumber.Of(x.IsZero ? (y.IsZero ? 1 : 0) : x.IsOne || y.IsEven ? 1 : -1);
        return PythonNumber.Of(BigInteger.Pow(x, (int)y));
    }

    private static object Concatenate(object? a, object? b, TemplateBudget budget)
    {
        if (b is UndefinedValue missing) throw missing.Error();
        if (PythonEquality.Text(a) is { } left && PythonEquality.Text(b) is { } right)
        {
            budget.Text((long)left.Length + right.Length);
            if (a is string && b is string) return left + right;
            return new MarkupValue((a is string ? MarkupValue.Escape(left) : left) + (b is string ? MarkupValue.Escape(right) : right));
        }
        if (a is SequenceValue x && b is SequenceValue y && a is ListValue == b is ListValue)
        {
            budget.Items((long)x.Items.Count + y.Items.Count);
            object?[] joined = [.. x.Items, .. y.Items];
            return a is ListValue ? new ListValue(joined) : new TupleValue(joined);
        }
        string type = a is MarkupValue ? "str" : PythonType.Name(a);
        throw type is "str" or "list" or "tuple" ? TemplateException.OfType($"can only concatenate {type} (not \"{PythonType.Name(b)}\") to {type}") : Unsupported("+", a, b);
    }

    /// <summary>A text or list so many times; null where neither side is one.</summary>
    private static object? Repeated(object? a, object? b, TemplateBudget budget)
    {
        bool IsSequence(object? value) => PythonEquality.Text(value) is not null || value is SequenceValue;
        (object? sequence, object? times) = IsSequence(a) ? (a, b) : (b, a);
        if (!IsSequence(sequence)) return null;
        if (times is UndefinedValue missing) throw missing.Error();
        if (!PythonNumber.IsInteger(times)) throw TemplateException.OfType($"can't multiply sequence by non-int of type '{PythonType.Name(times)}'");
        int count = Math.Max(0, PythonNumber.Index(times));
        if (sequence is SequenceValue list)
        {
            budget.Items((long)count * list.Items.Count);
            object?[] items = [.. Enumerable.Repeat(list.Items, list.Items.Count == 0 ? 0 : count).SelectMany(i => i)];
            return sequence is ListValue ? new ListValue(items) : new TupleValue(items);
        }
        string text = PythonEquality.Text(sequence)!;
        budget.Text((long)count * text.Length);
        string repeated = text.Length == 0 ? "" : string.Concat(Enumerable.Repeat(text, count));
        return sequence is string ? repeated : new MarkupValue(repeated);
    }

    private static TemplateException Unsupported(string sign, object? a, object? b)
    {
        if (a is UndefinedValue missing) return missing.Error();
        if (b is UndefinedValue missingToo) return missingToo.Error();
        return TemplateException.OfType($"unsupported operand type(s) for {(sign == "**" ? "** or pow()" : sign)}: '{PythonType.Name(a)}' and '{PythonType.Name(b)}'");
    }

    private static TemplateException Zero(string message) => new(TemplateErrorKind.ZeroDivision, message);
}
