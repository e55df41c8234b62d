namespace FineTuneKit.Text.Templates;

/// <summary>What a filter does with its value, the first argument, and the others.</summary>
internal delegate object? FilterBody(Evaluator evaluator, object?[] arguments);

/// <summary>The filters by name: Jinja's own, and transformers' <c>tojson</c>.</summary>
internal static class Filters
{
    private static readonly Dictionary<string, Func<Evaluator, Arguments, object?>> Table = Make();

    public static bool Exists(string name) => Table.ContainsKey(name);

    /// <exception cref="TemplateException">There is no such filter, or it does not take these values.</exception>
    public static object? Apply(Evaluator evaluator, string name, object? value, Arguments arguments)
    {
        if (!Table.TryGetValue(name, out Func<Evaluator, Arguments, object?>? filter))
            throw new TemplateException(TemplateErrorKind.Runtime, $"No filter named {PythonText.Quote(name)}.");
        return filter(evaluator, arguments.After(value));
    }

    private static Dictionary<string, Func<Evaluator, Arguments, object?>> Make()
    {
        var table = new Dictionary<string, Func<Evaluator, Arguments, object?>>(StringComparer.Ordinal);
        foreach ((string names, string parameters, FilterBody body) in TextFilters.All.Concat(ListFilters.All).Concat(NumberFilters.All))
        {
            var signature = new Signature($"do_{names.Split(' ')[0]}({parameters})");
            foreach (string name in names.Split(' ')) table[name] = (evaluator, arguments) => body(evaluator, signature.Bind(arguments));
        }
        // These take whatever the filter or test that they apply takes.
        table["map"] = ListFilters.Map;
        table["select"] = (e, a) => ListFilters.Select(e, a, keep: true, byAttribute: false);
        table["reject"] = (e, a) => ListFilters.Select(e, a, keep: false, byAttribute: false);
        table["selectattr"] = (e, a) => ListFilters.Select(e, a, keep: true, byAttribute: true);
        table["rejectattr"] = (e, a) => ListFilters.Select(e, a, keep: false, byAttribute: true);
        table["format"] = TextFilters.Format;
        return table;
    }
}
