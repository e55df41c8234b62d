namespace FineTuneKit.Data;

/// <summary>Labels and languages far more common than the others, and a few rows that hold most of the text.</summary>
internal static class Imbalance
{
    // A difference of fewer rows is chance, and a label with fewer rows each is no class.
    private const int LeastDifference = 10, LeastRowsOfLabel = 5;

    private const double LargestGroup = 0.1;

    public static IEnumerable<Finding> Find(AuditedRows rows, AuditOptions options) =>
    [
        .. Categories(rows, "label", r => r.Label, options.ImbalanceRatio),
        // Two languages are seldom equally common, and need not be.
        .. Categories(rows, "language", r => r.Language, 2 * options.ImbalanceRatio),
        .. Group(rows),
        .. Lengths(rows),
    ];

    /// <summary>A group that holds a good part of all rows: a split cannot part it, and what is learned is much of its own.</summary>
    private static IEnumerable<Finding> Group(AuditedRows rows)
    {
        var groups = Enumerable.Range(0, rows.Count).Where(i => rows[i].Row.Group is not null).GroupBy(i => rows[i].Row.Group!, StringComparer.Ordinal).ToList();
        if (groups.Count < 3 || groups.MaxBy(g => g.Count()) is not { } largest) yield break;
        int count = largest.Count();
        double others = Median(groups.Where(g => g != largest).Select(g => g.Count()));
        if (count > LargestGroup * rows.Count && count >= 3 * others && count - others >= LeastDifference)
            yield return rows.Finding(AuditRules.Imbalance, [], $"group {largest.Key}: {count} of {rows.Count} rows, the median of the others is {others:0.#}", "take fewer rows of it, or divide it where its rows have nothing to do with each other: a split keeps it whole");
    }

    private static IEnumerable<Finding> Categories(AuditedRows rows, string name, Func<Row, string?> category, double ratio)
    {
        var counts = Enumerable.Range(0, rows.Count).Select(i => category(rows[i].Row)).OfType<string>()
            .GroupBy(c => c, StringComparer.Ordinal).Select(g => (Name: g.Key, Count: g.Count()))
            .OrderByDescending(c => c.Count).ThenBy(c => c.Name, StringComparer.Ordinal).ToArray();
        int total = counts.Sum(c => c.Count);
        if (counts.Length < 2 || total < LeastRowsOfLabel * counts.Length) yield break;
        foreach ((string value, int count) in counts)
        {
            double others = Median(counts.Where(c => c.Name != value).Select(c => c.Count));
            string all = string.Join(", ", counts.Take(8).Select(c => $"{c.Name} {c.Count}"));
            if (count >= ratio * others && count - others >= LeastDifference)
                yield return rows.Finding(AuditRules.Imbalance, [], $"{name} {value}: {count} of {total} rows, the median of the others is {others:0.#} ({all})", "collect more of the others, or weigh and report each class by itself: accuracy will flatter the common one");
            else if (counts.Length > 2 && count * ratio * 2 <= others && others - count >= LeastDifference)
                yield return rows.Finding(AuditRules.Imbalance, [], $"{name} {value}: only {count} of {total} rows, the median of the others is {others:0.#}", "collect more of it, or say that it is not learned: so few rows teach and test little");
        }
    }

    private static IEnumerable<Finding> Lengths(AuditedRows rows)
    {
        int[] byLength = Enumerable.Range(0, rows.Count).OrderByDescending(i => rows[i].Answer.Length).ThenBy(i => i).ToArray();
        int few = rows.Count / 100;
        double all = byLength.Sum(i => (double)rows[i].Answer.Length), longest = byLength.Take(few).Sum(i => (double)rows[i].Answer.Length);
        if (few > 0 && longest > 0.3 * all)
            yield return rows.Finding(AuditRules.Imbalance, byLength[..few].Order().ToArray(), $"the longest 1 % of the answers hold {100 * longest / all:0} % of all text to learn", "shorten or split them: the loss is counted by token, so they outweigh the others");
    }

    private static double Median(IEnumerable<int> values)
    {
        int[] sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2.0;
    }
}
