namespace FineTuneKit.Evaluation.Significance;

/// <summary>What Wilcoxon's test does with pairs that do not differ; scipy's names.</summary>
public enum ZeroMethod
{
    /// <summary>They are dropped.</summary>
    Wilcox,

    /// <summary>They are ranked, then their ranks dropped (Pratt, 1959).</summary>
    Pratt,

    /// <summary>They are ranked, and their ranks split between both signs.</summary>
    ZSplit,
}

/// <summary>How a rank test finds its p-value.</summary>
public enum NullDistribution
{
    /// <summary>Exact where that is feasible and the ranks are not tied, else asymptotic.</summary>
    Auto,

    /// <summary>The exact distribution without ties.</summary>
    Exact,

    /// <summary>The normal approximation with a correction for ties.</summary>
    Asymptotic,
}

/// <summary>Wilcoxon's signed-rank test of paired values (as scipy.stats.wilcoxon).</summary>
/// <param name="Statistic">min(r⁺, r⁻) for two-sided, else r⁺.</param>
/// <param name="P">The p-value.</param>
/// <param name="Z">The normal score, where the p-value is asymptotic; −|z| for two-sided.</param>
public readonly record struct WilcoxonResult(double Statistic, double P, double? Z)
{
    private const int LargestExact = 50;
    private const int LargestPermutation = 13;

    /// <summary>Tests whether x − y is symmetric about zero.</summary>
    public static WilcoxonResult Test(
        IReadOnlyList<double> x, IReadOnlyList<double> y, Alternative alternative = Alternative.TwoSided,
        ZeroMethod zeros = ZeroMethod.Wilcox, bool continuity = false, NullDistribution distribution = NullDistribution.Auto)
    {
        double[] d = Sample.Differences(x, y);
        double[] used = zeros == ZeroMethod.Wilcox ? [.. d.Where(v => v != 0)] : d;
        double[] ranks = Ranks.Of([.. used.Select(Math.Abs)]);
        double plus = SignedSum(used, ranks, 1, zeros), minus = SignedSum(used, ranks, -1, zeros);
        double statistic = alternative == Alternative.TwoSided ? Math.Min(plus, minus) : plus;

        bool tied = d.Contains(0) || used.Select(Math.Abs).Distinct().Count() < used.Length;
        if (distribution == NullDistribution.Exact || (distribution == NullDistribution.Auto && !tied && d.Length <= LargestExact))
            return new WilcoxonResult(statistic, Exact(plus, used.Length, alternative), null);
        if (distribution == NullDistribution.Auto && d.Length <= LargestPermutation)
            return new WilcoxonResult(statistic, PermuteSigns(used, ranks, zeros, plus, alternative), null);
        return Asymptotic(used, plus, statistic, alternative, zeros, continuity);
    }

    private static double SignedSum(double[] d, double[] ranks, int sign, ZeroMethod zeros)
    {
        double sum = 0;
        for (int i = 0; i < d.Length; i++)
        {
            if (Math.Sign(d[i]) == sign) sum += ranks[i];
            else if (d[i] == 0 && zeros == ZeroMethod.ZSplit) sum += ranks[i] / 2;
        }
        return sum;
    }

    private static double Exact(double plus, int n, Alternative alternative)
    {
        double[] mass = SignedRankMass(n);
        // With ties the sum may be a half: round outwards, to the larger p.
        double less = mass.Take((int)Math.Ceiling(plus) + 1).Sum();
        double greater = mass.Skip((int)Math.Floor(plus)).Sum();
        return alternative switch
        {
            Alternative.Less => Math.Min(1, less),
            Alternative.Greater => Math.Min(1, greater),
            _ => Math.Min(1, 2 * Math.Min(less, greater)),
        };
    }

    /// <summary>P(r⁺ = k) for k = 0..n(n+1)/2 when every sign is a fair coin: each rank is in the sum or not.</summary>
    private static double[] SignedRankMass(int n)
    {
        var mass = new double[n * (n + 1) / 2 + 1];
        mass[0] = 1;
        for (int rank = 1, top = 0; rank <= n; rank++)
        {
            top += rank;
            for (int k = top; k >= 0; k--) mass[k] = (mass[k] + (k >= rank ? mass[k - rank] : 0)) / 2;
        }
        return mass;
    }

    private static double PermuteSigns(double[] d, double[] ranks, ZeroMethod zeros, double plus, Alternative alternative)
    {
        var flipped = new double[d.Length];
        var statistics = new double[1 << d.Length];
        for (int signs = 0; signs < statistics.Length; signs++)
        {
            for (int i = 0; i < d.Length; i++) flipped[i] = (signs >> i & 1) == 0 ? d[i] : -d[i];
            statistics[signs] = SignedSum(flipped, ranks, 1, zeros);
        }
        return PermutationTest.PValue(statistics, plus, alternative);
    }

    private static WilcoxonResult Asymptotic(double[] d, double plus, double statistic, Alternative alternative, ZeroMethod zeros, bool continuity)
    {
        double n = d.Length;
        double mean = n * (n + 1) / 4;
        double variance = n * (n + 1) * (2 * n + 1);
        IEnumerable<double> tied = d.Select(Math.Abs);
        if (zeros == ZeroMethod.Pratt)
        {
            double zero = d.Count(v => v == 0);
            mean -= zero * (zero + 1) / 4;
            variance -= zero * (zero + 1) * (2 * zero + 1);
            tied = tied.Where(v => v != 0);
        }
        double error = Math.Sqrt((variance - Ranks.TieTerm(tied) / 2) / 24);
        double z = (plus - mean) / error;
        if (continuity)
        {
            int sign = alternative switch { Alternative.Greater => 1, Alternative.Less => -1, _ => Math.Sign(z) };
            z -= sign * 0.5 / error;
        }
        double p = Distributions.PValue(z, alternative, Distributions.NormalSurvival);
        return new WilcoxonResult(statistic, p, alternative == Alternative.TwoSided ? -Math.Abs(z) : z);
    }
}

/// <summary>The Mann-Whitney U test of two samples (as scipy.stats.mannwhitneyu); the statistic is U of the first.</summary>
public static class MannWhitney
{
    private const int LargestExact = 8;

    /// <summary>Tests whether values of x tend to be greater or less than values of y.</summary>
    public static TestResult Test(
        IReadOnlyList<double> x, IReadOnlyList<double> y, Alternative alternative = Alternative.TwoSided,
        bool continuity = true, NullDistribution distribution = NullDistribution.Auto)
    {
        double[] all = [.. x, .. y];
        double u1 = Ranks.Of(all).Take(x.Count).Sum() - x.Count * (x.Count + 1) / 2.0;
        double u2 = (double)x.Count * y.Count - u1;
        double u = alternative switch { Alternative.Greater => u1, Alternative.Less => u2, _ => Math.Max(u1, u2) };
        bool exact = distribution == NullDistribution.Exact ||
            (distribution == NullDistribution.Auto && Math.Min(x.Count, y.Count) <= LargestExact && all.Distinct().Count() == all.Length);
        double p = exact ? ExactSurvival(u, x.Count, y.Count) : AsymptoticSurvival(u, x.Count, y.Count, Ranks.TieTerm(all), continuity);
        return new TestResult(u1, Math.Clamp(alternative == Alternative.TwoSided ? 2 * p : p, 0, 1));
    }

    private static double AsymptoticSurvival(double u, double n1, double n2, double ties, bool continuity)
    {
        double n = n1 + n2;
        double error = Math.Sqrt(n1 * n2 / 12 * (n + 1 - ties / (n * (n - 1))));
        return Distributions.NormalSurvival((u - n1 * n2 / 2 - (continuity ? 0.5 : 0)) / error);
    }

    /// <summary>P(U ≥ u): counts of subsets of size n1 by their rank sum, by dynamic programming.</summary>
    private static double ExactSurvival(double u, int n1, int n2)
    {
        int largest = n1 * n2;
        // ways[i][s]: choices of i ranks among the first r with sum s above the smallest possible.
        double[][] ways = [.. Enumerable.Range(0, n1 + 1).Select(_ => new double[largest + 1])];
        ways[0][0] = 1;
        for (int r = 1; r <= n1 + n2; r++)
        {
            for (int i = Math.Min(r, n1); i >= 1; i--)
            {
                // The i-th chosen has rank r: r - i values of the other sample lie below it.
                int below = r - i;
                if (below > n2) continue;
                for (int s = largest; s >= below; s--) ways[i][s] += ways[i - 1][s - below];
            }
        }
        double total = ways[n1].Sum();
        return ways[n1].Skip((int)Math.Ceiling(u)).Sum() / total;
    }
}

/// <summary>The sign test of paired values; pairs that do not differ are dropped.</summary>
public sealed record SignTest(int Positive, int Negative, int Ties)
{
    /// <summary>(positive − negative) / 2, as statsmodels gives it.</summary>
    public double M => (Positive - Negative) / 2.0;

    /// <summary>Counts the signs of x − y.</summary>
    public static SignTest Of(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        double[] d = Sample.Differences(x, y);
        return new SignTest(d.Count(v => v > 0), d.Count(v => v < 0), d.Count(v => v == 0));
    }

    /// <summary>The exact binomial p-value.</summary>
    public double P(Alternative alternative = Alternative.TwoSided) =>
        Proportions.BinomialTest(Positive, Positive + Negative, 0.5, alternative);
}
