using System.Text.Json;

namespace FineTuneKit.Data;

/// <summary>
/// Facts from a file: a JSON array of <c>{"subject", "pattern", "value"}</c>, or CSV with these columns. The pattern
/// may be left out; then the first number after the subject has to be the value.
/// </summary>
public static class FactsFile
{
    /// <summary>Reads the facts.</summary>
    /// <exception cref="InputException">No such file, no fact, or one without subject or value.</exception>
    public static IReadOnlyList<Fact> Read(string path)
    {
        var facts = new List<Fact>();
        using InputStream stream = InputStream.Open(path);
        IEnumerable<RawRow> rows = FileFormats.OfName(path) switch
        {
            FileFormat.Csv => DelimitedRows.Read(stream, path, ',', passOver: false),
            FileFormat.Tsv => DelimitedRows.Read(stream, path, '\t', passOver: false),
            FileFormat.Json => JsonArrayRows.Read(stream, path),
            FileFormat.JsonLines => JsonLineRows.Read(stream, path),
            _ => throw new InputException($"{path}: facts are read from .json, .jsonl, .csv and .tsv"),
        };
        foreach (RawRow row in rows)
        {
            if (row.Error is not null) throw row.Error;
            using JsonDocument json = StrictJson.Parse(row.Json, row.Origin.File, row.Origin.Line, row.Column);
            facts.Add(Of(new RowFields(json.RootElement, row.Origin)));
        }
        return facts.Count > 0 ? facts : throw new InputException($"{path}: no fact; at least one is required");
    }

    private static Fact Of(RowFields fields)
    {
        string value = fields.Scalar("value") ?? throw fields.Error($"found the keys {fields.Keys}; \"value\" is missing");
        string subject = fields.Optional("subject") ?? "";
        if (fields.Optional("pattern") is { Length: > 0 } pattern) return new Fact(subject, pattern, value);
        if (subject.Length == 0) throw fields.Error("neither \"subject\" nor \"pattern\"; one of them is required");
        return new Fact(subject, $@"{System.Text.RegularExpressions.Regex.Escape(subject)}[^0-9.。\n]{{0,40}}?(?<value>[0-9]+(?:[.,][0-9]+)*)", value);
    }
}
