using System.Collections;
using System.Numerics;

namespace FineTuneKit.Text.Templates;

// Values of templates are .NET objects: null for None, bool, long or BigInteger (only beyond 64 bits), double, string,
// and the types below for what Python has and .NET has not. None of them can change, but for namespaces and iterators.

/// <summary>A value that is not there. Printing it gives nothing; most else is an error.</summary>
internal sealed class UndefinedValue(string message, string? name = null, TemplateErrorKind kind = TemplateErrorKind.Undefined)
{
    public string? Name { get; } = name;

    public TemplateException Error() => new(kind, message);

    public static UndefinedValue Variable(string name) => new($"'{name}' is undefined", name);

    /// <summary>An attribute or element that an object has not.</summary>
    public static UndefinedValue Member(object? owner, object? name) => name is string text
        ? new($"{PythonText.Quote(Owner(owner))} has no attribute {PythonText.Quote(text)}", text)
        : new($"{Owner(owner)} has no element {PythonText.Repr(name)}");

    private static string Owner(object? owner) => owner is null ? "None" : PythonType.Module(owner) + PythonType.Name(owner) + " object";
}

/// <summary>A text that is safe in HTML: what is added to it is escaped.</summary>
internal sealed record MarkupValue(string Text)
{
    public override string ToString() => Text;

    public static string Escape(string text) => text.AsSpan().IndexOfAny("&<>'\"") < 0 ? text : text
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace("'", "&#39;", StringComparison.Ordinal).Replace("\"", "&#34;", StringComparison.Ordinal);
}

/// <summary>A list or tuple.</summary>
internal abstract class SequenceValue(IReadOnlyList<object?> items)
{
    public IReadOnlyList<object?> Items { get; } = items;
}

internal sealed class ListValue(IReadOnlyList<object?> items) : SequenceValue(items);

internal class TupleValue(IReadOnlyList<object?> items) : SequenceValue(items);

/// <summary>A group of <c>groupby</c>: a pair whose parts have names.</summary>
internal sealed class GroupValue(object? grouper, ListValue list) : TupleValue([grouper, list]);

/// <summary>A mapping that keeps its order; equal keys are equal as Python's are (1, 1.0 and true).</summary>
internal sealed class DictValue : IEnumerable<KeyValuePair<object?, object?>>
{
    // Dictionaries take no null.
    private static readonly object NoneKey = new();

    private readonly List<KeyValuePair<object?, object?>> _entries = [];
    private readonly Dictionary<object, int> _places = new(PythonEquality.Comparer);

    public int Count => _entries.Count;

    public IEnumerable<object?> Keys => _entries.Select(e => e.Key);

    public IEnumerable<object?> Values => _entries.Select(e => e.Value);

    /// <summary>Sets a value; a key that is there keeps its place and its spelling.</summary>
    public object? this[object? key]
    {
        set
        {
            RequireHashable(key);
            if (_places.TryGetValue(key ?? NoneKey, out int place)) _entries[place] = new(_entries[place].Key, value);
            else
            {
                _places[key ?? NoneKey] = _entries.Count;
                _entries.Add(new(key, value));
            }
        }
    }

    public bool TryGet(object? key, out object? value)
    {
        RequireHashable(key);
        bool found = _places.TryGetValue(key ?? NoneKey, out int place);
        value = found ? _entries[place].Value : null;
        return found;
    }

    public static void RequireHashable(object? key)
    {
        if (key is ListValue or DictValue) throw TemplateException.OfType($"unhashable type: '{PythonType.Name(key)}'");
        if (key is TupleValue tuple) foreach (object? item in tuple.Items) RequireHashable(item);
    }

    public IEnumerator<KeyValuePair<object?, object?>> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>What <c>keys()</c>, <c>values()</c> and <c>items()</c> give.</summary>
internal sealed class DictView(DictValue dict, string kind)
{
    public DictValue Dict { get; } = dict;

    public string Kind { get; } = kind;

    public IEnumerable<object?> Items => Kind switch
    {
        "keys" => Dict.Keys,
        "values" => Dict.Values,
        _ => Dict.Select(e => new TupleValue([e.Key, e.Value])),
    };
}

internal sealed record RangeValue(long Start, long Stop, long Step)
{
    public long Count => Step > 0 ? Math.Max(0, (Stop - Start + Step - 1) / Step) : Math.Max(0, (Start - Stop - Step - 1) / -Step);

    public long At(long index) => Start + (index * Step);
}

/// <summary>What <c>namespace()</c> makes: the one thing that a template can change.</summary>
internal sealed class NamespaceValue
{
    public Dictionary<string, object?> Members { get; } = new(StringComparer.Ordinal);

    public void Set(string name, object? value)
    {
        if (name.StartsWith('_'))
        {
            throw new TemplateException(TemplateErrorKind.Security,
                $"Chat templates cannot store underscore-prefixed attributes on a namespace, but got {PythonText.Quote(name)}. Please rename the attribute.");
        }
        Members[name] = value;
    }
}

/// <summary>A sequence that is made while it is read, once.</summary>
internal sealed class IteratorValue(IEnumerable<object?> source, string type = "generator") : IEnumerable<object?>
{
    private readonly IEnumerator<object?> _source = source.GetEnumerator();

    public string Type { get; } = type;

    public IEnumerator<object?> GetEnumerator() => _source;

    IEnumerator IEnumerable.GetEnumerator() => _source;

    public bool Next(out object? value)
    {
        bool any = _source.MoveNext();
        value = any ? _source.Current : null;
        return any;
    }
}

/// <summary>Something that can be called: a global, a method of a value, a macro.</summary>
internal abstract class CallableValue
{
    public abstract string TypeName { get; }

    /// <summary>How Python prints it.</summary>
    public abstract string Text { get; }

    public abstract object? Call(Evaluator evaluator, Arguments arguments);
}

/// <summary>A function of Python or of transformers.</summary>
internal sealed class FunctionValue(Signature signature, Func<Evaluator, object?[], object?> body, string typeName = "function") : CallableValue
{
    public override string TypeName => typeName;

    public override string Text => typeName == "type" ? $"<class '{signature.Name}'>" : $"<{typeName} {signature.Name}>";

    public override object? Call(Evaluator evaluator, Arguments arguments) => body(evaluator, signature.Bind(arguments));
}

/// <summary>A method bound to its object.</summary>
internal sealed class MethodValue(object? self, string name, Func<Evaluator, object?, Arguments, object?> body) : CallableValue
{
    public override string TypeName => "builtin_function_or_method";

    public override string Text => $"<built-in method {name} of {PythonType.Name(self)} object>";

    public override object? Call(Evaluator evaluator, Arguments arguments) => body(evaluator, self, arguments);
}

/// <summary>Python's names of types.</summary>
internal static class PythonType
{
    public static string Name(object? value) => value switch
    {
        null => "NoneType",
        bool => "bool",
        long or BigInteger => "int",
        double => "float",
        string => "str",
        MarkupValue => "Markup",
        ListValue => "list",
        GroupValue => "_GroupTuple",
        TupleValue => "tuple",
        DictValue => "dict",
        DictView view => "dict_" + view.Kind,
        RangeValue => "range",
        UndefinedValue => "Undefined",
        NamespaceValue => "Namespace",
        LoopValue => "LoopContext",
        IteratorValue iterator => iterator.Type,
        CyclerValue => "Cycler",
        CallableValue callable => callable.TypeName,
        _ => value.GetType().Name,
    };

    /// <summary>The module before the name, with a dot; empty for Python's own types.</summary>
    public static string Module(object? value) => value switch
    {
        MarkupValue => "markupsafe.",
        NamespaceValue or CyclerValue => "jinja2.utils.",
        LoopValue or MacroValue or UndefinedValue => "jinja2.runtime.",
        _ => "",
    };
}
