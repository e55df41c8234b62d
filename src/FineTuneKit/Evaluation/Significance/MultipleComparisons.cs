namespace FineTuneKit.Evaluation.Significance;

/// <summary>p-values corrected for their number, and which are rejected, in the order given.</summary>
public sealed record AdjustedPValues(IReadOnlyList<double> Adjusted, IReadOnlyList<bool> Reject);

/// <summary>How to correct for several tests; statsmodels' <c>multipletests</c> defines each.</summary>
public enum Correction
{
    /// <summary>Bonferroni.</summary>
    Bonferroni,

    /// <summary>Šidák.</summary>
    Sidak,

    /// <summary>Holm's step-down (1979): the kit's default.</summary>
    Holm,

    /// <summary>Holm's step-down with Šidák's levels.</summary>
    HolmSidak,

    /// <summary>Hochberg's step-up (1988), statsmodels' "simes-hochberg".</summary>
    Hochberg,

    /// <summary>Hommel (1988).</summary>
    Hommel,

    /// <summary>Benjamini and Hochberg's false discovery rate (1995).</summary>
    BenjaminiHochberg,

    /// <summary>Benjamini and Yekutieli's, under any dependence (2001).</summary>
    BenjaminiYekutieli,
}

/// <summary>Corrections for multiple comparisons.</summary>
public static class MultipleComparisons
{
    /// <summary>Corrects the p-values at a family-wise level (or false discovery rate) of <paramref name="alpha"/>.</summary>
    public static AdjustedPValues Adjust(IReadOnlyList<double> p, Correction correction = Correction.Holm, double alpha = 0.05)
    {
        int n = p.Count;
        int[] order = [.. Enumerable.Range(0, n).OrderBy(i => p[i])];
        double[] sorted = [.. order.Select(i => p[i])];
        (double[] adjusted, bool[] reject) = correction switch
        {
            Correction.Bonferroni => Each(sorted, v => v * n, v => v <= alpha / n),
            Correction.Sidak => Each(sorted, v => 1 - Math.Pow(1 - v, n), v => v <= 1 - Math.Pow(1 - alpha, 1.0 / n)),
            Correction.Holm => StepDown(sorted, (v, left) => v * left, left => alpha / left),
            Correction.HolmSidak => StepDown(sorted, (v, left) => -Expm1(left * Log1p(-v)), left => 1 - Math.Pow(1 - alpha, 1.0 / left)),
            Correction.Hochberg => StepUp(sorted, (v, i) => (n - i) * v, i => alpha / (n - i)),
            Correction.Hommel => Hommel(sorted, alpha),
            Correction.BenjaminiHochberg => StepUp(sorted, (v, i) => v / ((i + 1.0) / n), i => (i + 1.0) / n * alpha),
            Correction.BenjaminiYekutieli => Yekutieli(sorted, alpha),
            _ => throw new ArgumentOutOfRangeException(nameof(correction)),
        };
        var places = new double[n];
        var rejected = new bool[n];
        for (int i = 0; i < n; i++) (places[order[i]], rejected[order[i]]) = (Math.Min(1, adjusted[i]), reject[i]);
        return new AdjustedPValues(places, rejected);
    }

    private static (double[], bool[]) Each(double[] p, Func<double, double> adjust, Func<double, bool> reject) =>
        ([.. p.Select(adjust)], [.. p.Select(reject)]);

    private static (double[], bool[]) StepDown(double[] p, Func<double, int, double> adjust, Func<int, double> level)
    {
        var adjusted = new double[p.Length];
        var reject = new bool[p.Length];
        bool going = true;
        for (int i = 0; i < p.Length; i++)
        {
            adjusted[i] = Math.Max(i > 0 ? adjusted[i - 1] : 0, adjust(p[i], p.Length - i));
            going &= !(p[i] > level(p.Length - i));
            reject[i] = going;
        }
        return (adjusted, reject);
    }

    private static (double[], bool[]) StepUp(double[] p, Func<double, int, double> adjust, Func<int, double> level)
    {
        var adjusted = new double[p.Length];
        var reject = new bool[p.Length];
        bool found = false;
        for (int i = p.Length - 1; i >= 0; i--)
        {
            adjusted[i] = Math.Min(i + 1 < p.Length ? adjusted[i + 1] : double.PositiveInfinity, adjust(p[i], i));
            found |= p[i] <= level(i);
            reject[i] = found;
        }
        return (adjusted, reject);
    }

    private static (double[], bool[]) Yekutieli(double[] p, double alpha)
    {
        int n = p.Length;
        double harmonic = Enumerable.Range(1, n).Sum(i => 1.0 / i);
        return StepUp(p, (v, i) => v / ((i + 1.0) / n / harmonic), i => (i + 1.0) / n / harmonic * alpha);
    }

    private static (double[], bool[]) Hommel(double[] p, double alpha)
    {
        int n = p.Length;
        double[] adjusted = [.. p];
        for (int m = n; m > 1; m--)
        {
            double smallest = Enumerable.Range(0, m).Min(j => m * p[n - m + j] / (j + 1.0));
            for (int i = n - m; i < n; i++) adjusted[i] = Math.Max(adjusted[i], smallest);
            for (int i = 0; i < n - m; i++) adjusted[i] = Math.Max(adjusted[i], Math.Min(m * p[i], smallest));
        }
        return (adjusted, [.. adjusted.Select(v => v <= alpha)]);
    }

    // Accurate near zero, where most p-values of interest lie.
    private static double Log1p(double x)
    {
        double u = 1 + x;
        return u == 1 ? x : Math.Log(u) * x / (u - 1);
    }

    private static double Expm1(double x)
    {
        if (Math.Abs(x) > 0.5) return Math.Exp(x) - 1;
        double u = Math.Exp(x);
        if (u == 1) return x;
        return (u - 1) * x / Math.Log(u);
    }
}
