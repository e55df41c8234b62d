namespace FineTuneKit.Text.Templates;

/// <summary>A macro with the scope it was written in; the block that a call hands over is one without a name.</summary>
internal sealed class MacroValue(string? name, MacroBody macro, Scope scope) : CallableValue
{
    public override string TypeName => "Macro";

    public override string Text => name is null ? "<Macro anonymous>" : $"<Macro {PythonText.Quote(name)}>";

    public bool TryGet(string member, out object? value)
    {
        value = member switch
        {
            "name" => name,
            "arguments" => new TupleValue([.. macro.Parameters]),
            "catch_kwargs" => macro.TakesNamed,
            "catch_varargs" => macro.TakesRest,
            "caller" => macro.TakesCaller,
            _ => null,
        };
        return value is not null || member == "name";
    }

    public override object? Call(Evaluator evaluator, Arguments arguments)
    {
        var inner = new Scope(scope);
        var named = arguments.Named.ToList();
        int given = arguments.Positional.Count, count = macro.Parameters.Count;
        var missing = new List<int>();
        for (int i = 0; i < count; i++)
        {
            int place = i < given ? -1 : named.FindIndex(n => n.Key == macro.Parameters[i]);
            if (i < given) inner.Set(macro.Parameters[i], arguments.Positional[i]);
            else if (place < 0) missing.Add(i);
            else
            {
                inner.Set(macro.Parameters[i], named[place].Value);
                named.RemoveAt(place);
            }
        }
        BindCaller(inner, named);
        if (macro.TakesNamed) inner.Set("kwargs", ToDict(named));
        else if (named.Count > 0) throw Unknown(named);
        if (macro.TakesRest) inner.Set("varargs", new TupleValue([.. arguments.Positional.Skip(count)]));
        else if (given > count) throw TemplateException.OfType($"macro {PythonText.Repr(name)} takes not more than {count} argument(s)");
        // Defaults come last and in order: each sees the parameters before it.
        foreach (int i in missing) inner.Set(macro.Parameters[i], Default(evaluator, i, inner));
        return evaluator.Capture(macro.Body, inner);
    }

    private void BindCaller(Scope inner, List<KeyValuePair<string, object?>> named)
    {
        if (!macro.TakesCaller || macro.Parameters.Contains("caller")) return;
        int place = named.FindIndex(n => n.Key == "caller");
        inner.Set("caller", place >= 0 ? named[place].Value : new UndefinedValue("No caller defined", "caller"));
        if (place >= 0) named.RemoveAt(place);
    }

    private object? Default(Evaluator evaluator, int parameter, Scope inner)
    {
        int at = parameter - (macro.Parameters.Count - macro.Defaults.Count);
        return at >= 0 ? evaluator.Evaluate(macro.Defaults[at], inner)
            : new UndefinedValue($"parameter {PythonText.Quote(macro.Parameters[parameter])} was not provided", macro.Parameters[parameter]);
    }

    private TemplateException Unknown(List<KeyValuePair<string, object?>> named) => TemplateException.OfType(named.Exists(n => n.Key == "caller")
        ? $"macro {PythonText.Repr(name)} was invoked with two values for the special caller argument. This is most likely a bug."
        : $"macro {PythonText.Repr(name)} takes no keyword argument {PythonText.Quote(named[0].Key)}");

    private static DictValue ToDict(List<KeyValuePair<string, object?>> named)
    {
        var dict = new DictValue();
        foreach ((string key, object? value) in named) dict[key] = value;
        return dict;
    }
}
