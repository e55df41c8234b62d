namespace FineTuneKit.Text.Templates;

/// <summary>Names and their values; what a scope has not, the one around it may have.</summary>
internal sealed class Scope(Scope? outer, IReadOnlyDictionary<string, object?>? given = null)
{
    private Dictionary<string, object?>? _names;

    public Scope? Outer => outer;

    public void Set(string name, object? value) => (_names ??= new(StringComparer.Ordinal))[name] = value;

    public object? Get(string name)
    {
        for (Scope? scope = this; scope is not null; scope = scope.Outer)
            if (scope.TryOwn(name, out object? value)) return value;
        return UndefinedValue.Variable(name);
    }

    private bool TryOwn(string name, out object? value)
    {
        value = null;
        return (_names is not null && _names.TryGetValue(name, out value)) || (given is not null && given.TryGetValue(name, out value));
    }
}
