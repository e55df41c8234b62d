namespace FineTuneKit.Evaluation.Significance;

/// <summary>
/// Exact permutation tests of a difference of means: every assignment is tried. Two-sided is twice the smaller
/// one-sided p, at most 1 (as scipy.stats.permutation_test).
/// </summary>
/// <param name="Statistic">The observed difference of means.</param>
/// <param name="Permutations">How many assignments there are.</param>
/// <param name="Statistics">The statistic under each.</param>
public sealed record PermutationTest(double Statistic, int Permutations, IReadOnlyList<double> Statistics)
{
    private const int Largest = 1 << 22;

    /// <summary>Pairs: each pair may be swapped.</summary>
    public static PermutationTest Paired(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        if (x.Count > 22) throw new ArgumentException($"{x.Count} pairs have 2^{x.Count} assignments; at most 2^22 are tried", nameof(x));
        double[] d = Sample.Differences(x, y);
        var statistics = new double[1 << d.Length];
        for (int signs = 0; signs < statistics.Length; signs++)
        {
            double sumX = 0, sumY = 0;
            for (int i = 0; i < d.Length; i++)
            {
                bool swap = (signs >> i & 1) == 1;
                sumX += swap ? y[i] : x[i];
                sumY += swap ? x[i] : y[i];
            }
            statistics[signs] = sumX / d.Length - sumY / d.Length;
        }
        return new PermutationTest(statistics[0], statistics.Length, statistics);
    }

    /// <summary>Two samples: every regrouping.</summary>
    public static PermutationTest Independent(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        double[] all = [.. x, .. y];
        var statistics = new List<double>();
        int[] chosen = [.. Enumerable.Range(0, x.Count)];
        do
        {
            if (statistics.Count == Largest) throw new ArgumentException($"more than {Largest} regroupings", nameof(x));
            var taken = new HashSet<int>(chosen);
            double first = chosen.Sum(i => all[i]) / x.Count;
            double second = Enumerable.Range(0, all.Length).Where(i => !taken.Contains(i)).Sum(i => all[i]) / y.Count;
            statistics.Add(first - second);
        }
        while (NextCombination(chosen, all.Length));
        return new PermutationTest(statistics[0], statistics.Count, statistics);
    }

    /// <summary>The p-value.</summary>
    public double P(Alternative alternative = Alternative.TwoSided) => PValue(Statistics, Statistic, alternative);

    /// <summary>The share of statistics at least as extreme; values within 1e-14 relative of the observed count as equal.</summary>
    internal static double PValue(IReadOnlyList<double> statistics, double observed, Alternative alternative)
    {
        double tolerance = Math.Abs(1e-14 * observed);
        double less = statistics.Count(s => s <= observed + tolerance) / (double)statistics.Count;
        double greater = statistics.Count(s => s >= observed - tolerance) / (double)statistics.Count;
        return alternative switch
        {
            Alternative.Less => less,
            Alternative.Greater => greater,
            _ => Math.Min(1, 2 * Math.Min(less, greater)),
        };
    }

    private static bool NextCombination(int[] chosen, int n)
    {
        int i = chosen.Length - 1;
        while (i >= 0 && chosen[i] == n - chosen.Length + i) i--;
        if (i < 0) return false;
        chosen[i]++;
        for (int j = i + 1; j < chosen.Length; j++) chosen[j] = chosen[j - 1] + 1;
        return true;
    }
}
