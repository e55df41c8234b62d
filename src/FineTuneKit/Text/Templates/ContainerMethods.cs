namespace FineTuneKit.Text.Templates;

/// <summary>The methods of dict, list, tuple and range that change nothing.</summary>
internal static class ContainerMethods
{
    private delegate object? Method(Evaluator evaluator, object self, object?[] arguments);

    private static readonly Dictionary<string, (Signature Signature, Method Body)> OfDict = Table(
        ("get(key, default=None)", (_, self, a) => ((DictValue)self).TryGet(a[0], out object? value) ? value : a[1]),
        ("items()", (_, self, _) => new DictView((DictValue)self, "items")),
        ("keys()", (_, self, _) => new DictView((DictValue)self, "keys")),
        ("values()", (_, self, _) => new DictView((DictValue)self, "values")),
        ("copy()", (_, self, _) => Globals.Copy((DictValue)self)));

    private static readonly Dictionary<string, (Signature Signature, Method Body)> OfSequence = Table(
        ("index(value, start=0, stop=None)", Index),
        ("count(value)", (e, self, a) => (long)Sequences.Iterate(self, e.Budget).Count(item => PythonEquality.AreEqual(item, a[0], e.Budget))));

    private static readonly Dictionary<string, (Signature Signature, Method Body)> OfList = new(OfSequence)
    {
        ["copy"] = (new Signature("copy()"), (_, self, _) => new ListValue(((ListValue)self).Items)),
    };

    public static object? Get(object owner, string name)
    {
        if (owner is RangeValue range && name is "start" or "stop" or "step")
            return name switch { "start" => range.Start, "stop" => range.Stop, _ => range.Step };
        if (owner is GroupValue group && name is "grouper" or "list") return group.Items[name == "grouper" ? 0 : 1];
        Dictionary<string, (Signature, Method)> table = owner is DictValue ? OfDict : owner is ListValue ? OfList : OfSequence;
        if (!table.TryGetValue(name, out (Signature Signature, Method Body) method)) return null;
        return new MethodValue(owner, name, (evaluator, self, arguments) => method.Body(evaluator, self!, method.Signature.Bind(arguments)));
    }

    private static object? Index(Evaluator evaluator, object self, object?[] arguments)
    {
        List<object?> items = Sequences.ToList(self, evaluator.Budget);
        int start = PythonNumber.Index(arguments[1]), stop = arguments[2] is null ? items.Count : PythonNumber.Index(arguments[2]);
        for (int i = Math.Max(0, start < 0 ? start + items.Count : start); i < Math.Min(items.Count, stop < 0 ? stop + items.Count : stop); i++)
            if (PythonEquality.AreEqual(items[i], arguments[0], evaluator.Budget)) return (long)i;
        throw TemplateException.OfValue(self is TupleValue ? "tuple.index(x): x not in tuple" : $"{PythonText.Repr(arguments[0])} is not in {PythonType.Name(self)}");
    }

    private static Dictionary<string, (Signature, Method)> Table(params ReadOnlySpan<(string Signature, Method Body)> methods)
    {
        var table = new Dictionary<string, (Signature, Method)>(StringComparer.Ordinal);
        foreach ((string text, Method body) in methods)
        {
            var signature = new Signature(text);
            table[signature.Name] = (signature, body);
        }
        return table;
    }
}
