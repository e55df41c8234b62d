using System.Text;
using System.Text.Json;

namespace FineTuneKit.Data;

/// <summary>A row with the views of it that several rules need.</summary>
internal sealed class AuditedRow
{
    public AuditedRow(Row row)
    {
        (Row, Prompt, Answer) = (row, RowText.Prompt(row), row.Answer);
        (Json, Fields) = Parse(Answer);
    }

    public Row Row { get; }

    public string Prompt { get; }

    public string Answer { get; }

    /// <summary>The answer as JSON, null where it is not an object or array.</summary>
    public JsonElement? Json { get; }

    /// <summary>The scalar values of the answer's object by path, in its order.</summary>
    public List<(string Path, string Value)> Fields { get; }

    private static (JsonElement?, List<(string, string)>) Parse(string answer)
    {
        ReadOnlySpan<char> text = answer.AsSpan().TrimStart();
        if (text.Length == 0 || text[0] is not ('{' or '[')) return (null, []);
        try
        {
            using var json = JsonDocument.Parse(answer);
            return (json.RootElement.Clone(), json.RootElement.ValueKind == JsonValueKind.Object ? Flatten(json.RootElement) : []);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            // No JSON, or JSON whose texts hold half a surrogate pair.
            return (null, []);
        }
    }

    private static List<(string, string)> Flatten(JsonElement json)
    {
        var fields = new List<(string, string)>();
        void Add(string path, JsonElement value)
        {
            switch (value.ValueKind)
            {
                case JsonValueKind.Object:
                    foreach (JsonProperty p in value.EnumerateObject()) Add(path.Length == 0 ? p.Name : $"{path}.{p.Name}", p.Value);
                    break;
                case JsonValueKind.Array:
                    foreach (JsonElement item in value.EnumerateArray()) Add($"{path}[]", item);
                    break;
                default:
                    fields.Add((path, value.ToString()));
                    break;
            }
        }
        Add("", json);
        return fields;
    }
}

/// <summary>All rows of an audit.</summary>
internal sealed class AuditedRows
{
    private readonly AuditedRow[] _rows;

    public AuditedRows(IReadOnlyList<Row> rows)
    {
        _rows = new AuditedRow[rows.Count];
        Parallel.For(0, rows.Count, i => _rows[i] = new AuditedRow(rows[i]));
        LabelFields = Data.LabelFields.Of(_rows);
    }

    public int Count => _rows.Length;

    public AuditedRow this[int i] => _rows[i];

    /// <summary>The fields of JSON answers that are labels.</summary>
    public IReadOnlySet<string> LabelFields { get; }

    /// <summary>What a rule could not judge.</summary>
    public List<string> Notes { get; } = [];

    public Finding Finding(string rule, IReadOnlyList<int> rows, string excerpt, string advice) =>
        new(rule, rows, rows.Select(i => _rows[i].Row.Origin).ToArray(), Excerpt(excerpt), advice);

    /// <summary>One line of at most 120 characters.</summary>
    private static string Excerpt(string text)
    {
        var line = new StringBuilder(120);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (line.Length >= 118) return line.Append('…').ToString();
            line.Append(rune.Value is '\n' or '\r' or '\t' ? " " : rune.ToString());
        }
        return line.ToString();
    }
}
