namespace FineTuneKit.Text.Templates;

/// <summary>What every template can call: Jinja's globals and those that transformers adds.</summary>
internal static class Globals
{
    public static FreeFunction Dict { get; } = new FreeFunction("dict", "type", (e, a) => MakeDict(e, a));

    public static FunctionValue FromKeys { get; } = new(new Signature("fromkeys(iterable, value=None)"), (e, a) =>
    {
        var dict = new DictValue();
        foreach (object? key in Sequences.Iterate(a[0], e.Budget)) dict[key] = a[1];
        return dict;
    }, "builtin_function_or_method");

    public static IReadOnlyDictionary<string, object?> All { get; } = new Dictionary<string, object?>(StringComparer.Ordinal)
    {
        ["range"] = new FreeFunction("range", "type", Range),
        ["dict"] = Dict,
        ["namespace"] = new FreeFunction("namespace", "type", MakeNamespace),
        ["cycler"] = new FreeFunction("cycler", "type", (_, a) =>
            a.Positional.Count == 0 ? throw new TemplateException(TemplateErrorKind.Runtime, "at least one item has to be provided") : new CyclerValue(a.Positional)),
        ["joiner"] = new FunctionValue(new Signature("joiner(sep=None)"), (_, a) => new JoinerValue(a[0] ?? ", "), "type"),
        ["lipsum"] = new FreeFunction("lipsum", "function", (_, _) => throw TextFilters.Refused("lipsum would render differently each time")),
        ["raise_exception"] = new FunctionValue(new Signature("raise_exception(message)"), (e, a) =>
            throw new TemplateException(TemplateErrorKind.Raised, PythonText.Str(a[0], e.Budget))),
        ["strftime_now"] = new FunctionValue(new Signature("strftime_now(format)"), (e, a) => StrftimeFormat.Format(
            PythonEquality.Text(a[0]) ?? throw TemplateException.OfType($"strftime() argument 1 must be str, not {PythonType.Name(a[0])}"), e.Now())),
    };

    public static DictValue Copy(DictValue dict)
    {
        var copy = new DictValue();
        foreach ((object? key, object? value) in dict) copy[key] = value;
        return copy;
    }

    private static DictValue MakeDict(Evaluator evaluator, Arguments arguments)
    {
        if (arguments.Positional.Count > 1) throw TemplateException.OfType($"dict expected at most 1 argument, got {arguments.Positional.Count}");
        var dict = new DictValue();
        if (arguments.Positional.Count == 1) Add(evaluator, arguments.Positional[0], (key, value) => dict[key] = value);
        foreach ((string name, object? value) in arguments.Named) dict[name] = value;
        return dict;
    }

    private static NamespaceValue MakeNamespace(Evaluator evaluator, Arguments arguments)
    {
        if (arguments.Positional.Count > 1) throw TemplateException.OfType($"dict expected at most 1 argument, got {arguments.Positional.Count}");
        var names = new NamespaceValue();
        if (arguments.Positional.Count == 1) Add(evaluator, arguments.Positional[0], (key, value) => names.Set(PythonText.Str(key), value));
        foreach ((string name, object? value) in arguments.Named) names.Set(name, value);
        return names;
    }

    private static void Add(Evaluator evaluator, object? source, Action<object?, object?> add)
    {
        if (source is DictValue dict)
        {
            foreach ((object? key, object? value) in dict) add(key, value);
            return;
        }
        int index = 0;
        foreach (object? item in Sequences.Iterate(source, evaluator.Budget))
        {
            List<object?> pair = Sequences.ToList(item, evaluator.Budget);
            if (pair.Count != 2) throw TemplateException.OfValue($"dictionary update sequence element #{index} has length {pair.Count}; 2 is required");
            add(pair[0], pair[1]);
            index++;
        }
    }

    private static RangeValue Range(Evaluator evaluator, Arguments arguments)
    {
        long[] bounds = [.. arguments.Positional.Select(a => (long)PythonNumber.Index(a))];
        RangeValue range = bounds switch
        {
            [] => throw TemplateException.OfType("range expected at least 1 argument, got 0"),
            [long stop] => new(0, stop, 1),
            [long start, long stop] => new(start, stop, 1),
            [_, _, 0] => throw TemplateException.OfValue("range() arg 3 must not be zero"),
            [long start, long stop, long step] => new(start, stop, step),
            _ => throw TemplateException.OfType($"range expected at most 3 arguments, got {bounds.Length}"),
        };
        if (range.Count > Sequences.LargestRange)
            throw new TemplateException(TemplateErrorKind.Overflow, $"Range too big. The sandbox blocks ranges larger than MAX_RANGE ({Sequences.LargestRange}).");
        return range;
    }
}

/// <summary>A function that takes any arguments.</summary>
internal sealed class FreeFunction(string name, string typeName, Func<Evaluator, Arguments, object?> body) : CallableValue
{
    public override string TypeName => typeName;

    public override string Text => typeName == "type" ? $"<class '{name}'>" : $"<function {name}>";

    public string Name => name;

    public override object? Call(Evaluator evaluator, Arguments arguments) => body(evaluator, arguments);
}

/// <summary>Nothing at the first call, the separator at every other.</summary>
internal sealed class JoinerValue(object? separator) : CallableValue
{
    private bool _used;

    public override string TypeName => "Joiner";

    public override string Text => "<Joiner object>";

    public override object? Call(Evaluator evaluator, Arguments arguments)
    {
        object? result = _used ? separator : "";
        _used = true;
        return result;
    }
}

/// <summary>Its items in turn.</summary>
internal sealed class CyclerValue(IReadOnlyList<object?> items)
{
    private int _at;

    public bool TryGet(string name, out object? value)
    {
        value = name switch
        {
            "current" => items[_at],
            "next" => new MethodValue(this, name, (_, _, _) =>
            {
                object? current = items[_at];
                _at = (_at + 1) % items.Count;
                return current;
            }),
            "reset" => new MethodValue(this, name, (_, _, _) =>
            {
                _at = 0;
                return null;
            }),
            "items" => new ListValue(items),
            "pos" => (long)_at,
            _ => null,
        };
        return value is not null || name == "current";
    }
}
