namespace FineTuneKit.Data;

/// <summary>
/// Rows that occur in other data, such as test rows in what a base was trained on: a run of thirteen words in common
/// (Brown et al., 2020, appendix C), or the whole text where it is shorter. Runs that many rows share, as those of a
/// template, do not count.
/// </summary>
internal static class Contamination
{
    private const int Words = 13, FewestWords = 6;

    // A run in more of the rows than this is the template's, not the row's.
    private const double MostRows = 0.02;

    public static IEnumerable<Finding> Find(AuditedRows rows, AuditOptions options)
    {
        if (options.Against is null) return [];
        Dictionary<ulong, List<int>> runs = Runs(rows);
        var found = new SortedDictionary<int, (RowOrigin Where, int Shared)>();
        foreach (Row other in options.Against)
        {
            foreach ((int row, int shared) in Shared(other, runs))
                if (!found.TryGetValue(row, out (RowOrigin, int Shared) earlier) || earlier.Shared < shared) found[row] = (other.Origin, shared);
        }
        return found.Select(f => rows.Finding(AuditRules.Contamination, [f.Key],
            $"{f.Value.Shared} runs of {Words} words are in {f.Value.Where}: {rows[f.Key].Prompt}", "remove it from one of the two: what was trained on cannot be tested"));
    }

    private static Dictionary<ulong, List<int>> Runs(AuditedRows rows)
    {
        var runs = new Dictionary<ulong, List<int>>();
        for (int i = 0; i < rows.Count; i++)
        {
            foreach (ulong run in RunsOf(rows[i].Prompt).Concat(RunsOf(rows[i].Answer)).Distinct())
            {
                if (!runs.TryGetValue(run, out List<int>? at)) runs[run] = at = new List<int>(1);
                at.Add(i);
            }
        }
        int most = Math.Max(3, (int)(MostRows * rows.Count));
        foreach (ulong common in runs.Where(r => r.Value.Count > most).Select(r => r.Key).ToArray()) runs.Remove(common);
        return runs;
    }

    private static IEnumerable<(int Row, int Shared)> Shared(Row other, Dictionary<ulong, List<int>> runs) =>
        other.Messages.SelectMany(m => RunsOf(m.Content)).Distinct()
            .SelectMany(run => runs.TryGetValue(run, out List<int>? rows) ? rows : [])
            .GroupBy(row => row).Select(g => (g.Key, g.Count()));

    private static IEnumerable<ulong> RunsOf(string text)
    {
        ulong[] tokens = TextTokens.Of(text);
        return tokens.Length >= Words ? TextTokens.NGrams(tokens, Words) : tokens.Length >= FewestWords ? TextTokens.NGrams(tokens, tokens.Length) : [];
    }
}
