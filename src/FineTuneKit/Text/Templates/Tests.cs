using System.Numerics;

namespace FineTuneKit.Text.Templates;

/// <summary>Jinja's tests, <c>value is name</c>.</summary>
internal static class Tests
{
    private delegate bool Test(Evaluator evaluator, object?[] arguments);

    private static readonly Dictionary<string, (Signature Signature, Test Body)> Table = Make();

    public static bool Exists(string name) => Table.ContainsKey(name);

    /// <exception cref="TemplateException">There is no such test, or it does not take these values.</exception>
    public static bool Apply(Evaluator evaluator, string name, object? value, Arguments arguments)
    {
        if (!Table.TryGetValue(name, out (Signature Signature, Test Body) test))
            throw new TemplateException(TemplateErrorKind.Runtime, $"No test named {PythonText.Quote(name)}.");
        return test.Body(evaluator, test.Signature.Bind(arguments.After(value)));
    }

    private static Dictionary<string, (Signature, Test)> Make()
    {
        var table = new Dictionary<string, (Signature, Test)>(StringComparer.Ordinal);
        void Add(string names, string parameters, Test body)
        {
            var signature = new Signature($"test_{names.Split(' ')[0]}({parameters})");
            foreach (string name in names.Split(' ')) table[name] = (signature, body);
        }
        Add("defined", "value", (_, a) => a[0] is not UndefinedValue);
        Add("undefined", "value", (_, a) => a[0] is UndefinedValue);
        Add("none", "value", (_, a) => a[0] is null);
        Add("boolean", "value", (_, a) => a[0] is bool);
        Add("true", "value", (_, a) => a[0] is true);
        Add("false", "value", (_, a) => a[0] is false);
        Add("integer", "value", (_, a) => a[0] is long or BigInteger);
        Add("float", "value", (_, a) => a[0] is double);
        Add("number", "value", (_, a) => PythonNumber.IsNumber(a[0]));
        Add("string", "value", (_, a) => a[0] is string or MarkupValue);
        Add("mapping", "value", (_, a) => a[0] is DictValue);
        Add("iterable", "value", (_, a) => Sequences.IsIterable(a[0]));
        Add("sequence", "value", (_, a) => a[0] is string or MarkupValue or SequenceValue or DictValue or RangeValue or UndefinedValue);
        Add("callable", "value", (_, a) => a[0] is CallableValue or LoopValue or UndefinedValue);
        Add("escaped", "value", (_, a) => a[0] is MarkupValue);
        Add("sameas", "value, other", (_, a) => IsSame(a[0], a[1]));
        Add("odd", "value", (e, a) => Sequences.IsTrue(Modulo(e, a[0], 2L)));
        Add("even", "value", (e, a) => !Sequences.IsTrue(Modulo(e, a[0], 2L)));
        Add("divisibleby", "value, num", (e, a) => !Sequences.IsTrue(Modulo(e, a[0], a[1])));
        Add("lower", "value", (e, a) => StringMethods.IsLower(PythonText.Str(a[0], e.Budget)));
        Add("upper", "value", (e, a) => StringMethods.IsUpper(PythonText.Str(a[0], e.Budget)));
        Add("in", "value, seq", (e, a) => Sequences.Contains(a[1], a[0], e.Budget));
        Add("filter", "value", (_, a) => a[0] is string name && Filters.Exists(name));
        Add("test", "value", (_, a) => a[0] is string name && Exists(name));
        Add("eq == equalto", "a, b", (e, a) => PythonEquality.AreEqual(a[0], a[1], e.Budget));
        Add("ne !=", "a, b", (e, a) => !PythonEquality.AreEqual(a[0], a[1], e.Budget));
        Add("lt < lessthan", "a, b", (e, a) => PythonEquality.Order(a[0], a[1], "<", e.Budget) < 0);
        Add("le <=", "a, b", (e, a) => PythonEquality.Order(a[0], a[1], "<=", e.Budget) <= 0);
        Add("gt > greaterthan", "a, b", (e, a) => PythonEquality.Order(a[0], a[1], ">", e.Budget) > 0);
        Add("ge >=", "a, b", (e, a) => PythonEquality.Order(a[0], a[1], ">=", e.Budget) >= 0);
        return table;
    }

    private static object? Modulo(Evaluator evaluator, object? value, object? by) => Arithmetic.Apply("%", value, by, evaluator.Budget);

    /// <summary>The same object: for small values, the same type and value.</summary>
    private static bool IsSame(object? a, object? b) => (a, b) switch
    {
        (null, null) => true,
        (bool x, bool y) => x == y,
        (long x, long y) => x == y,
        (double x, double y) => x.Equals(y),
        (string x, string y) => x == y,
        _ => ReferenceEquals(a, b),
    };
}
