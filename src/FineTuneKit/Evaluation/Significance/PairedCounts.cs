namespace FineTuneKit.Evaluation.Significance;

/// <summary>
/// McNemar's test of two classifiers on the same items: b items are right only with the first, c only with the second.
/// </summary>
/// <param name="B">Items that only the first has right.</param>
/// <param name="C">Items that only the second has right.</param>
public sealed record McNemar(int B, int C)
{
    /// <summary>The exact two-sided p-value: b of b + c fair coins.</summary>
    public double ExactP => B + C == 0 ? 1 : Math.Min(1, 2 * Distributions.BinomialCdf(Math.Min(B, C), B + C, 0.5));

    /// <summary>The mid-p-value, which is less conservative (Fagerland, Lydersen and Laake, 2013).</summary>
    public double MidP
    {
        get
        {
            if (B + C == 0) return 1;
            double mass = Distributions.BinomialMass(Math.Min(B, C), B + C, 0.5);
            return B == C ? 1 - mass / 2 : 2 * Distributions.BinomialCdf(Math.Min(B, C), B + C, 0.5) - mass;
        }
    }

    /// <summary>The χ² form; null without discordant items.</summary>
    public TestResult? ChiSquare => Of((double)(B - C) * (B - C));

    /// <summary>The χ² form with Edwards' correction; null without discordant items.</summary>
    public TestResult? ChiSquareCorrected => Of(Math.Pow(Math.Abs(B - C) - 1, 2));

    /// <summary>The test on the outcomes of two classifiers item by item.</summary>
    public static McNemar Of(IReadOnlyList<bool> first, IReadOnlyList<bool> second)
    {
        if (first.Count != second.Count) throw new ArgumentException($"{first.Count} and {second.Count} items; both need the same", nameof(second));
        return new McNemar(first.Zip(second).Count(p => p.First && !p.Second), first.Zip(second).Count(p => !p.First && p.Second));
    }

    private TestResult? Of(double numerator)
    {
        if (B + C == 0) return null;
        double statistic = numerator / (B + C);
        return new TestResult(statistic, Distributions.ChiSquareSurvival(statistic, 1));
    }
}

/// <summary>Cochran's Q: do several classifiers on the same items have equal shares right?</summary>
public static class CochranQ
{
    /// <summary>rows[item][classifier] is right or not; χ² with k − 1 degrees of freedom.</summary>
    public static TestResult Test(IReadOnlyList<IReadOnlyList<bool>> rows)
    {
        int k = rows[0].Count;
        double[] columns = [.. Enumerable.Range(0, k).Select(j => (double)rows.Count(r => r[j]))];
        double[] items = [.. rows.Select(r => (double)r.Count(v => v))];
        double total = columns.Sum();
        double statistic = (k - 1) * (k * columns.Sum(c => c * c) - total * total) / (k * total - items.Sum(r => r * r));
        return new TestResult(statistic, Distributions.ChiSquareSurvival(statistic, k - 1));
    }
}
