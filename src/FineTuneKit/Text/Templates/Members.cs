using System.Numerics;

namespace FineTuneKit.Text.Templates;

/// <summary>
/// <c>a.b</c> and <c>a[b]</c> as Jinja's immutable sandbox looks them up: a dot prefers the method, brackets the key;
/// what could change a value or reach into Python is not given out.
/// </summary>
internal static class Members
{
    private static readonly HashSet<string> ListChanges = ["append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove"];

    private static readonly HashSet<string> DictChanges = ["clear", "pop", "popitem", "setdefault", "update"];

    // What every object of Python has, and nobody here may touch.
    private static readonly HashSet<string> Inner =
    [
        "__class__", "__doc__", "__dict__", "__init__", "__new__", "__repr__", "__str__", "__hash__", "__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__",
        "__getattribute__", "__setattr__", "__delattr__", "__reduce__", "__reduce_ex__", "__subclasshook__", "__init_subclass__", "__format__", "__sizeof__", "__dir__",
    ];

    private static readonly HashSet<string> FunctionInner = ["__globals__", "__code__", "__closure__", "__defaults__", "__module__", "__name__", "__qualname__"];

    public static object? Attribute(Evaluator evaluator, object? owner, string name)
    {
        if (Known(evaluator, owner, name, out object? value)) return value;
        if (TryElement(owner, name, out value)) return value;
        return owner is UndefinedValue missing ? throw missing.Error() : UndefinedValue.Member(owner, name);
    }

    public static object? Element(Evaluator evaluator, object? owner, object? index)
    {
        if (owner is UndefinedValue missing) throw missing.Error();
        if (TryElement(owner, index, out object? value)) return value;
        return index is string name && Known(evaluator, owner, name, out value) ? value : UndefinedValue.Member(owner, index);
    }

    /// <summary>The filter <c>attr</c>: only what a dot finds without keys.</summary>
    public static object? OnlyAttribute(Evaluator evaluator, object? owner, string name) =>
        Known(evaluator, owner, name, out object? value) ? value : UndefinedValue.Member(owner, name);

    /// <summary>An attribute by a path such as <c>a.b.0</c>, as filters take it.</summary>
    public static object? Path(Evaluator evaluator, object? owner, object? path, object? otherwise = null)
    {
        object?[] steps = path switch
        {
            null => [],
            string text => [.. text.Split('.').Select(p => p.Length > 0 && p.All(char.IsAsciiDigit) && long.TryParse(p, out long index) ? (object)index : p)],
            _ => [path],
        };
        foreach (object? step in steps)
        {
            owner = Element(evaluator, owner, step);
            if (owner is UndefinedValue && otherwise is not null) owner = otherwise;
        }
        return owner;
    }

    private static bool TryElement(object? owner, object? index, out object? value)
    {
        value = null;
        if (owner is DictValue dict) return index is not (ListValue or DictValue) && dict.TryGet(index, out value);
        return Sequences.TryAt(owner, index, out value);
    }

    private static bool Known(Evaluator evaluator, object? owner, string name, out object? value)
    {
        if (name.StartsWith("__", StringComparison.Ordinal) && (Inner.Contains(name) || (owner is CallableValue && FunctionInner.Contains(name))))
        {
            value = Unsafe(owner, name);
            return true;
        }
        value = null;
        switch (owner)
        {
            case string or MarkupValue:
                value = StringMethods.Get(owner, name);
                break;
            case DictValue or ListValue or TupleValue or RangeValue:
                if ((owner is DictValue ? DictChanges : owner is ListValue ? ListChanges : []).Contains(name)) value = Unsafe(owner, name);
                else value = ContainerMethods.Get(owner, name);
                break;
            case NamespaceValue names:
                return names.Members.TryGetValue(name, out value);
            case LoopValue loop:
                return loop.TryGet(name, out value);
            case MacroValue macro:
                return macro.TryGet(name, out value);
            case CyclerValue cycler:
                return cycler.TryGet(name, out value);
            case FreeFunction { Name: "dict" } when name == "fromkeys":
                value = Globals.FromKeys;
                break;
            case bool or long or BigInteger or double:
                return TryNumber(owner, name, out value);
        }
        return value is not null;
    }

    private static bool TryNumber(object owner, string name, out object? value)
    {
        object number = owner is bool flag ? (flag ? 1L : 0L) : owner;
        value = (name, owner) switch
        {
            ("real", _) => number,
            ("imag", double) => 0.0,
            ("imag", _) => 0L,
            ("numerator", not double) => number,
            ("denominator", not double) => 1L,
            ("is_integer", double real) => new MethodValue(owner, name, (_, _, _) => double.IsInteger(real)),
            ("bit_length", not double) => new MethodValue(owner, name, (_, _, _) => (long)BigInteger.Abs(PythonNumber.Big(number)).GetBitLength()),
            _ => null,
        };
        return value is not null;
    }

    private static UndefinedValue Unsafe(object? owner, string name) =>
        new($"access to attribute {PythonText.Quote(name)} of '{PythonType.Name(owner)}' object is unsafe.", name, TemplateErrorKind.Security);
}
