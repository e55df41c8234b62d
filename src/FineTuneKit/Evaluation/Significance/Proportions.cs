namespace FineTuneKit.Evaluation.Significance;

/// <summary>How to build a confidence interval of one proportion.</summary>
public enum ProportionMethod
{
    /// <summary>Wilson's score interval (1927): the kit's default.</summary>
    Wilson,

    /// <summary>Wilson's interval with a correction for continuity.</summary>
    WilsonContinuity,

    /// <summary>Clopper and Pearson's exact interval (1934), statsmodels' "beta".</summary>
    ClopperPearson,

    /// <summary>Agresti and Coull (1998).</summary>
    AgrestiCoull,

    /// <summary>Jeffreys' equal-tailed Bayesian interval; not moved to 0 or 1 at the ends.</summary>
    Jeffreys,

    /// <summary>The normal approximation.</summary>
    Normal,
}

/// <summary>Intervals and tests of one proportion.</summary>
public static class Proportions
{
    /// <summary>The share <paramref name="count"/> / <paramref name="n"/> with its interval.</summary>
    public static Estimate Interval(int count, int n, double confidence = 0.95, ProportionMethod method = ProportionMethod.Wilson)
    {
        if (n <= 0 || count < 0 || count > n) throw new ArgumentException($"{count} of {n}: the count must be within 0 and n, and n positive", nameof(count));
        double q = (double)count / n;
        double z = Distributions.NormalQuantile(0.5 + confidence / 2);
        double alpha = 1 - confidence;
        (double low, double high) = method switch
        {
            ProportionMethod.Wilson => Wilson(q, n, z),
            ProportionMethod.WilsonContinuity => WilsonContinuity(count, n, z),
            ProportionMethod.ClopperPearson => (
                count == 0 ? 0 : Distributions.BetaQuantile(alpha / 2, count, n - count + 1),
                count == n ? 1 : Distributions.BetaQuantile(1 - alpha / 2, count + 1, n - count)),
            ProportionMethod.AgrestiCoull => AgrestiCoull(count, n, z),
            ProportionMethod.Jeffreys => (
                Distributions.BetaQuantile(alpha / 2, count + 0.5, n - count + 0.5),
                Distributions.BetaQuantile(1 - alpha / 2, count + 0.5, n - count + 0.5)),
            _ => Around(q, z * Math.Sqrt(q * (1 - q) / n)),
        };
        return new Estimate(q, Math.Clamp(low, 0, 1), Math.Clamp(high, 0, 1));
    }

    /// <summary>The exact binomial test of <paramref name="count"/> in <paramref name="n"/> against the share <paramref name="p"/>.</summary>
    public static double BinomialTest(int count, int n, double p, Alternative alternative = Alternative.TwoSided)
    {
        if (alternative == Alternative.Less) return Distributions.BinomialCdf(count, n, p);
        if (alternative == Alternative.Greater) return 1 - Distributions.BinomialCdf(count - 1, n, p);
        double limit = Distributions.BinomialMass(count, n, p) * (1 + 1e-7);
        return Math.Min(1, Enumerable.Range(0, n + 1).Select(k => Distributions.BinomialMass(k, n, p)).Where(m => m <= limit).Sum());
    }

    private static (double, double) Around(double center, double half) => (center - half, center + half);

    // At no and at every success one end is 0 or 1 exactly, which the sum misses by its rounding.
    private static (double, double) Wilson(double q, int n, double z)
    {
        (double low, double high) = Around((q + z * z / (2 * n)) / (1 + z * z / n), z * Math.Sqrt(q * (1 - q) / n + z * z / (4.0 * n * n)) / (1 + z * z / n));
        return (q == 0 ? 0 : low, q == 1 ? 1 : high);
    }

    private static (double, double) AgrestiCoull(int count, int n, double z)
    {
        double total = n + z * z;
        double q = (count + z * z / 2) / total;
        return Around(q, z * Math.Sqrt(q * (1 - q) / total));
    }

    private static (double, double) WilsonContinuity(int count, int n, double z)
    {
        double p = (double)count / n, q = 1 - p, denominator = 2 * (n + z * z);
        double center = (2 * n * p + z * z) / denominator;
        double low = count == 0 ? 0 : center - (1 + z * Math.Sqrt(z * z - 2 - 1.0 / n + 4 * p * (n * q + 1))) / denominator;
        double high = count == n ? 1 : center + (1 + z * Math.Sqrt(z * z + 2 - 1.0 / n + 4 * p * (n * q - 1))) / denominator;
        return (low, high);
    }
}
