namespace FineTuneKit.Evaluation.Significance;

/// <summary>Sizes of an effect, apart from how sure one is of it.</summary>
public static class EffectSize
{
    /// <summary>Cohen's d with the pooled standard deviation; NaN where that is 0.</summary>
    public static double CohensD(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        double n = x.Count, m = y.Count;
        double pooled = Math.Sqrt(((n - 1) * Sample.Variance(x) + (m - 1) * Sample.Variance(y)) / (n + m - 2));
        return pooled > 0 ? (Sample.Mean(x) - Sample.Mean(y)) / pooled : double.NaN;
    }

    /// <summary>Cohen's d with Hedges' correction for small samples, 1 − 3 / (4(n + m) − 9).</summary>
    public static double HedgesG(IReadOnlyList<double> x, IReadOnlyList<double> y) =>
        CohensD(x, y) * (1 - 3.0 / (4.0 * (x.Count + y.Count) - 9));

    /// <summary>The mean of the differences over their standard deviation; NaN where that is 0 or the lengths differ.</summary>
    public static double CohensDPaired(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        if (x.Count != y.Count) return double.NaN;
        double[] d = Sample.Differences(x, y);
        double deviation = Sample.Deviation(d);
        return deviation > 0 ? Sample.Mean(d) / deviation : double.NaN;
    }

    /// <summary>Cliff's delta: P(x > y) − P(x &lt; y).</summary>
    public static double CliffsDelta(IReadOnlyList<double> x, IReadOnlyList<double> y) =>
        x.Sum(a => y.Sum(b => Math.Sign(a - b))) / ((double)x.Count * y.Count);

    /// <summary>Vargha and Delaney's A: P(x > y) + P(x = y) / 2.</summary>
    public static double VarghaDelaneyA(IReadOnlyList<double> x, IReadOnlyList<double> y) => (CliffsDelta(x, y) + 1) / 2;
}
