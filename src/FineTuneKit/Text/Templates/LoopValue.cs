namespace FineTuneKit.Text.Templates;

/// <summary>The variable <c>loop</c>. Items are read as they are needed, so that a condition sees what the body changed.</summary>
internal sealed class LoopValue(IEnumerable<object?> source, int depth, Func<object?, object?>? recurse)
{
    private readonly IEnumerator<object?> _source = source.GetEnumerator();
    private readonly List<object?> _read = [];
    private int _at = -1;
    private IReadOnlyList<object?>? _last;

    public int Index => _at + 1;

    public int Length
    {
        get
        {
            while (Read(_read.Count)) { }
            return _read.Count;
        }
    }

    /// <summary>Goes to the next item, if there is one.</summary>
    public bool Next(out object? item)
    {
        bool any = Read(_at + 1);
        if (any) _at++;
        item = any ? _read[_at] : null;
        return any;
    }

    public object? Call(object? items) => recurse is null
        ? throw TemplateException.OfType("The loop must have the 'recursive' marker to be called recursively.") : recurse(items);

    public bool TryGet(string name, out object? value)
    {
        value = name switch
        {
            "index" => (long)_at + 1,
            "index0" => (long)_at,
            "revindex" => (long)Length - _at,
            "revindex0" => (long)Length - _at - 1,
            "first" => _at == 0,
            "last" => !Read(_at + 1),
            "length" => (long)Length,
            "depth" => (long)depth + 1,
            "depth0" => (long)depth,
            "previtem" => _at > 0 ? _read[_at - 1] : new UndefinedValue("there is no previous item"),
            "nextitem" => Read(_at + 1) ? _read[_at + 1] : new UndefinedValue("there is no next item"),
            "cycle" => new MethodValue(this, name, (_, _, a) =>
                a.Positional.Count == 0 ? throw TemplateException.OfType("no items for cycling given") : a.Positional[_at % a.Positional.Count]),
            "changed" => new MethodValue(this, name, (e, _, a) => Changed(e, a.Positional)),
            _ => null,
        };
        return value is not null || name is "previtem" or "nextitem";
    }

    private bool Changed(Evaluator evaluator, IReadOnlyList<object?> values)
    {
        bool same = _last is not null && PythonEquality.AreEqual(new TupleValue(_last), new TupleValue(values), evaluator.Budget);
        _last = values;
        return !same;
    }

    private bool Read(int place)
    {
        while (_read.Count <= place)
        {
            if (!_source.MoveNext()) return false;
            _read.Add(_source.Current);
        }
        return true;
    }
}
