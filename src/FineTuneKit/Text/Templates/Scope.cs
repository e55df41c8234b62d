namespace FineTuneKit.Text.Templates;

/// <summary>Names and their values; what a scope has not, the one around it may have.</summary>
internal sealed class Scope(Scope? outer, IReadOnlyDictionary<string, object?>? given = null)
{
    // A loop makes a scope for each of its rounds, with two or three names: a list is faster there than a dictionary.
    private (string Name, object? Value)[] _names = [];
    private int _count;

    public void Set(string name, object? value)
    {
        int place = Find(name);
        if (place < 0)
        {
            if (_count == _names.Length) Array.Resize(ref _names, Math.Max(4, 2 * _count));
            place = _count++;
        }
        _names[place] = (name, value);
    }

    public object? Get(string name)
    {
        for (Scope? scope = this; scope is not null; scope = scope.Outer)
            if (scope.TryOwn(name, out object? value)) return value;
        return UndefinedValue.Variable(name);
    }

    private Scope? Outer => outer;

    private bool TryOwn(string name, out object? value)
    {
        int place = Find(name);
        value = place >= 0 ? _names[place].Value : null;
        return place >= 0 || (given is not null && given.TryGetValue(name, out value));
    }

    private int Find(string name)
    {
        for (int i = 0; i < _count; i++) if (_names[i].Name == name) return i;
        return -1;
    }
}
