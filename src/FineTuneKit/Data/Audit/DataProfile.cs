namespace FineTuneKit.Data;

/// <summary>A value and how many rows have it.</summary>
public sealed record ValueCount(string Value, long Count);

/// <summary>What data looks like, for the charts of an audit.</summary>
public sealed record DataProfile
{
    private const int ShownValues = 12;

    // Borders of lengths in characters, each about twice the one before.
    private static readonly int[] Borders = [0, 1, 25, 50, 100, 200, 400, 800, 1600, 3200, 6400];

    /// <summary>Rows by kind.</summary>
    public required IReadOnlyList<ValueCount> Kinds { get; init; }

    /// <summary>Rows by label, the most common first; the rest as one.</summary>
    public required IReadOnlyList<ValueCount> Labels { get; init; }

    /// <summary>Rows by the script of their prompt.</summary>
    public required IReadOnlyList<ValueCount> Scripts { get; init; }

    /// <summary>Rows by the length of their prompt, in characters.</summary>
    public required IReadOnlyList<ValueCount> PromptLengths { get; init; }

    /// <summary>Rows by the length of their answer, in characters.</summary>
    public required IReadOnlyList<ValueCount> AnswerLengths { get; init; }

    internal static DataProfile Of(AuditedRows rows)
    {
        AuditedRow[] all = [.. Enumerable.Range(0, rows.Count).Select(i => rows[i])];
        string[] scripts = new string[all.Length];
        Parallel.For(0, all.Length, i => scripts[i] = Script.Of(all[i].Prompt.Length > 0 ? all[i].Prompt : all[i].Answer) ?? "mixed or none");
        return new DataProfile
        {
            Kinds = Counted(all.Select(r => r.Row.Kind.ToString().ToLowerInvariant())),
            Labels = Counted(all.Select(r => r.Row.Label).OfType<string>()),
            Scripts = Counted(scripts),
            PromptLengths = Lengths(all.Where(r => r.Row.Kind != RowKind.Text).Select(r => r.Prompt.Length)),
            AnswerLengths = Lengths(all.Select(r => r.Answer.Length)),
        };
    }

    private static ValueCount[] Counted(IEnumerable<string> values)
    {
        ValueCount[] counts = [.. values.GroupBy(v => v, StringComparer.Ordinal).Select(g => new ValueCount(g.Key, g.Count()))
            .OrderByDescending(c => c.Count).ThenBy(c => c.Value, StringComparer.Ordinal)];
        return counts.Length <= ShownValues ? counts
            : [.. counts[..(ShownValues - 1)], new ValueCount($"{counts.Length - ShownValues + 1} others", counts[(ShownValues - 1)..].Sum(c => c.Count))];
    }

    private static ValueCount[] Lengths(IEnumerable<int> lengths)
    {
        var counts = new long[Borders.Length];
        foreach (int length in lengths) counts[Array.FindLastIndex(Borders, b => length >= b)]++;
        int first = Array.FindIndex(counts, c => c > 0), last = Array.FindLastIndex(counts, c => c > 0);
        return first < 0 ? [] : [.. Enumerable.Range(first, last - first + 1).Select(i => new ValueCount(Name(i), counts[i]))];
    }

    private static string Name(int border) => border == 0 ? "empty"
        : border == Borders.Length - 1 ? $"{Borders[border]} or more" : $"{Borders[border]} to {Borders[border + 1] - 1}";
}
