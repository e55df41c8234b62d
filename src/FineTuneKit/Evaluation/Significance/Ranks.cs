namespace FineTuneKit.Evaluation.Significance;

/// <summary>How tied values share ranks; scipy's names.</summary>
public enum TieMethod
{
    /// <summary>The mean of the ranks that the tied values take up.</summary>
    Average,

    /// <summary>The smallest of them.</summary>
    Min,

    /// <summary>The largest of them.</summary>
    Max,

    /// <summary>Like <see cref="Min"/>, but the next value takes the next rank.</summary>
    Dense,

    /// <summary>In the order of their places.</summary>
    Ordinal,
}

/// <summary>Ranks from 1, smallest first.</summary>
public static class Ranks
{
    /// <summary>The rank of each value, in the order of the values.</summary>
    public static double[] Of(IReadOnlyList<double> x, TieMethod method = TieMethod.Average)
    {
        int[] order = [.. Enumerable.Range(0, x.Count).OrderBy(i => x[i])];
        var ranks = new double[x.Count];
        int dense = 0;
        for (int start = 0; start < order.Length;)
        {
            int end = start;
            while (end + 1 < order.Length && x[order[end + 1]] == x[order[start]]) end++;
            dense++;
            for (int i = start; i <= end; i++)
            {
                ranks[order[i]] = method switch
                {
                    TieMethod.Average => (start + end) / 2.0 + 1,
                    TieMethod.Min => start + 1,
                    TieMethod.Max => end + 1,
                    TieMethod.Dense => dense,
                    _ => i + 1,
                };
            }
            start = end + 1;
        }
        return ranks;
    }

    /// <summary>Σ(t³ − t) over the groups of t equal values.</summary>
    internal static double TieTerm(IEnumerable<double> x) =>
        x.GroupBy(v => v).Sum(g => Math.Pow(g.Count(), 3) - g.Count());
}
