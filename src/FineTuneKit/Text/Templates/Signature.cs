namespace FineTuneKit.Text.Templates;

/// <summary>What a function is called with.</summary>
internal sealed record Arguments(IReadOnlyList<object?> Positional, IReadOnlyList<KeyValuePair<string, object?>> Named)
{
    public static Arguments None { get; } = new([], []);

    public static Arguments Of(params object?[] values) => new(values, []);

    /// <summary>The same with a value before the others.</summary>
    public Arguments After(object? first) => this with { Positional = [first, .. Positional] };

    /// <summary>The same without the first so many values.</summary>
    public Arguments Skip(int count) => this with { Positional = [.. Positional.Skip(count)] };
}

/// <summary>
/// The parameters of a function of Python, written as there: <c>int(value, default=0, base=10)</c>. Defaults are None,
/// True, False, integers and texts in single quotes.
/// </summary>
internal sealed class Signature
{
    private static readonly object Required = new();

    private readonly List<(string Name, object? Default)> _parameters = [];
    private readonly int _required;

    public Signature(string text)
    {
        int open = text.IndexOf('(', StringComparison.Ordinal);
        Name = text[..open];
        foreach (string part in text[(open + 1)..^1].Split(", ", StringSplitOptions.RemoveEmptyEntries))
        {
            string[] halves = part.Split('=', 2);
            _parameters.Add((halves[0], halves.Length == 1 ? Required : Default(halves[1])));
        }
        _required = _parameters.Count(p => p.Default == Required);
    }

    public string Name { get; }

    /// <summary>A value for each parameter.</summary>
    /// <exception cref="TemplateException">Too many, too few, unknown or double arguments.</exception>
    public object?[] Bind(Arguments arguments)
    {
        int given = arguments.Positional.Count;
        if (given > _parameters.Count)
        {
            string takes = _required == _parameters.Count ? Plural(_required) : $"from {_required} to {Plural(_parameters.Count)}";
            throw TemplateException.OfType($"{Name}() takes {takes} but {given} {(given == 1 ? "was" : "were")} given");
        }
        var values = new object?[_parameters.Count];
        for (int i = 0; i < values.Length; i++) values[i] = i < given ? arguments.Positional[i] : Required;
        foreach ((string name, object? value) in arguments.Named)
        {
            int place = _parameters.FindIndex(p => p.Name == name);
            if (place < 0) throw TemplateException.OfType($"{Name}() got an unexpected keyword argument '{name}'");
            if (values[place] != Required) throw TemplateException.OfType($"{Name}() got multiple values for argument '{name}'");
            values[place] = value;
        }
        var missing = new List<string>();
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] != Required) continue;
            values[i] = _parameters[i].Default;
            if (values[i] == Required) missing.Add($"'{_parameters[i].Name}'");
        }
        if (missing.Count == 0) return values;
        string names = missing.Count == 1 ? missing[0] : string.Join(", ", missing.SkipLast(1)) + (missing.Count > 2 ? ", and " : " and ") + missing[^1];
        throw TemplateException.OfType($"{Name}() missing {missing.Count} required positional argument{(missing.Count == 1 ? "" : "s")}: {names}");
    }

    private static string Plural(int count) => $"{count} positional argument{(count == 1 ? "" : "s")}";

    private static object? Default(string text) => text switch
    {
        "None" => null,
        "True" => true,
        "False" => false,
        _ when text[0] == '\'' => text[1..^1],
        _ when text.Contains('.', StringComparison.Ordinal) => double.Parse(text),
        _ => long.Parse(text),
    };
}
