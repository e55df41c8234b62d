namespace FineTuneKit.Adapters;

/// <summary>The names that are most like a misspelt one.</summary>
internal static class NearestNames
{
    private const int Shown = 3;

    /// <summary>Up to three, by edit distance, the nearest first.</summary>
    public static IReadOnlyList<string> Of(string wanted, IEnumerable<string> names) =>
        [.. names.Distinct(StringComparer.Ordinal).OrderBy(name => Distance(wanted, name)).Take(Shown)];

    /// <summary>How many letters must be put in, taken out or changed (Levenshtein, 1966).</summary>
    public static int Distance(string from, string to)
    {
        int[] above = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            var row = new int[to.Length + 1];
            row[0] = i;
            for (int j = 1; j <= to.Length; j++)
                row[j] = Math.Min(Math.Min(above[j], row[j - 1]) + 1, above[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1));
            above = row;
        }
        return above[^1];
    }
}
