namespace FineTuneKit.Evaluation.Significance;

/// <summary>Moments of a sample; variances divide by n − 1.</summary>
public static class Sample
{
    /// <summary>The arithmetic mean.</summary>
    public static double Mean(IReadOnlyList<double> x) => x.Sum() / x.Count;

    /// <summary>The variance with divisor n − 1; NaN for fewer than two values.</summary>
    public static double Variance(IReadOnlyList<double> x)
    {
        if (x.Count < 2) return double.NaN;
        double mean = Mean(x);
        return x.Sum(v => (v - mean) * (v - mean)) / (x.Count - 1);
    }

    /// <summary>The standard deviation with divisor n − 1.</summary>
    public static double Deviation(IReadOnlyList<double> x) => Math.Sqrt(Variance(x));

    /// <summary>The median.</summary>
    public static double Median(IReadOnlyList<double> x) => Quantiles.Of(x, 0.5);

    /// <summary>Pearson's correlation.</summary>
    public static double Correlation(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        double meanX = Mean(x), meanY = Mean(y), xy = 0, xx = 0, yy = 0;
        for (int i = 0; i < x.Count; i++)
        {
            xy += (x[i] - meanX) * (y[i] - meanY);
            xx += (x[i] - meanX) * (x[i] - meanX);
            yy += (y[i] - meanY) * (y[i] - meanY);
        }
        return xy / Math.Sqrt(xx * yy);
    }

    /// <summary>The mean with Student's interval: mean ± t · s / √n. One value, or values without any spread, have no interval (NaN ends).</summary>
    public static Estimate MeanInterval(IReadOnlyList<double> x, double confidence = 0.95)
    {
        double mean = Mean(x);
        double deviation = Deviation(x);
        if (!(deviation > 0)) return new Estimate(mean, double.NaN, double.NaN);
        double half = Distributions.StudentQuantile(0.5 + confidence / 2, x.Count - 1) * deviation / Math.Sqrt(x.Count);
        return new Estimate(mean, mean - half, mean + half);
    }

    internal static double[] Differences(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        if (x.Count != y.Count) throw new ArgumentException($"{x.Count} and {y.Count} values; pairs need as many on both sides", nameof(y));
        return [.. x.Zip(y, (a, b) => a - b)];
    }
}
