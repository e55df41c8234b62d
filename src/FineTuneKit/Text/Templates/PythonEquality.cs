using System.Numerics;

namespace FineTuneKit.Text.Templates;

/// <summary>When Python calls two values equal, or one less than the other.</summary>
internal static class PythonEquality
{
    /// <summary>For keys of mappings and for sets; keys are shallow, so nesting is no danger.</summary>
    public static IEqualityComparer<object> Comparer { get; } = new KeyComparer();

    public static bool AreEqual(object? a, object? b, TemplateBudget? budget = null)
    {
        if (a is string text && b is string other) return text == other;
        if (Text(a) is { } left && Text(b) is { } right) return left == right;
        if (PythonNumber.IsNumber(a) && PythonNumber.IsNumber(b)) return PythonNumber.Compare(a!, b!) == 0;
        return (a, b) switch
        {
            (null, null) => true,
            (ListValue x, ListValue y) => AreEqual(x.Items, y.Items, budget),
            (TupleValue x, TupleValue y) => AreEqual(x.Items, y.Items, budget),
            (DictValue x, DictValue y) => AreEqual(x, y, budget),
            (RangeValue x, RangeValue y) => x.Count == y.Count && (x.Count == 0 || (x.Start == y.Start && (x.Count == 1 || x.Step == y.Step))),
            (UndefinedValue, UndefinedValue) => true,
            _ => ReferenceEquals(a, b),
        };
    }

    /// <summary>The order of two values: below 0, 0, above 0; null where either is no number (NaN).</summary>
    /// <exception cref="TemplateException">Values of these types have no order.</exception>
    public static int? Order(object? a, object? b, string sign, TemplateBudget? budget = null)
    {
        if (Text(a) is { } left && Text(b) is { } right) return CompareCodePoints(left, right);
        if (PythonNumber.IsNumber(a) && PythonNumber.IsNumber(b)) return PythonNumber.Compare(a!, b!);
        if (a is UndefinedValue missing) throw missing.Error();
        if (b is UndefinedValue missingToo) throw missingToo.Error();
        if (a is SequenceValue x && b is SequenceValue y && a is ListValue == b is ListValue)
        {
            TemplateBudget.RequireStack();
            for (int i = 0; i < Math.Min(x.Items.Count, y.Items.Count); i++)
            {
                budget?.Step();
                if (!AreEqual(x.Items[i], y.Items[i], budget)) return Order(x.Items[i], y.Items[i], sign, budget);
            }
            return x.Items.Count.CompareTo(y.Items.Count);
        }
        throw TemplateException.OfType($"'{sign}' not supported between instances of '{PythonType.Name(a)}' and '{PythonType.Name(b)}'");
    }

    /// <summary>Texts are ordered by code points; UTF-16 puts characters beyond the basic plane before some within it.</summary>
    public static int CompareCodePoints(string a, string b)
    {
        int at = a.AsSpan().CommonPrefixLength(b);
        if (at == a.Length || at == b.Length) return a.Length.CompareTo(b.Length);
        char x = a[at], y = b[at];
        return char.IsSurrogate(x) == char.IsSurrogate(y) ? x.CompareTo(y) : char.IsSurrogate(x).CompareTo(char.IsSurrogate(y)) switch
        {
            > 0 => 1,
            _ => -1,
        };
    }

    /// <summary>A text, escaped or not.</summary>
    public static string? Text(object? value) => value as string ?? (value as MarkupValue)?.Text;

    private static bool AreEqual(IReadOnlyList<object?> a, IReadOnlyList<object?> b, TemplateBudget? budget)
    {
        if (a.Count != b.Count) return false;
        TemplateBudget.RequireStack();
        for (int i = 0; i < a.Count; i++)
        {
            // A comparison of lists costs as much as several expressions.
            budget?.Step(4);
            // As in Python, the same object equals itself inside a list.
            if (!ReferenceEquals(a[i], b[i]) && !AreEqual(a[i], b[i], budget)) return false;
        }
        return true;
    }

    private static bool AreEqual(DictValue a, DictValue b, TemplateBudget? budget)
    {
        if (a.Count != b.Count) return false;
        TemplateBudget.RequireStack();
        foreach ((object? key, object? value) in a)
        {
            budget?.Step();
            if (!b.TryGet(key, out object? other) || (!ReferenceEquals(value, other) && !AreEqual(value, other, budget))) return false;
        }
        return true;
    }

    private sealed class KeyComparer : IEqualityComparer<object>
    {
        public new bool Equals(object? a, object? b) => AreEqual(a, b);

        public int GetHashCode(object value) => value switch
        {
            string text => text.GetHashCode(StringComparison.Ordinal),
            MarkupValue markup => markup.Text.GetHashCode(StringComparison.Ordinal),
            bool or long or BigInteger or double => PythonNumber.Hash(value),
            TupleValue tuple => tuple.Items.Aggregate(17, (hash, item) => HashCode.Combine(hash, item is null ? 0 : GetHashCode(item))),
            UndefinedValue => 1,
            RangeValue range => range.Count.GetHashCode(),
            _ => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(value),
        };
    }
}
