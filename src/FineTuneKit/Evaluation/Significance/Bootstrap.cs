namespace FineTuneKit.Evaluation.Significance;

/// <summary>Intervals from resampling (Efron and Tibshirani, 1993).</summary>
/// <param name="Estimate">The statistic of the data.</param>
/// <param name="StandardError">The standard deviation of the resampled statistics.</param>
/// <param name="Percentile">The percentile interval.</param>
/// <param name="Basic">The basic interval, 2θ minus the percentiles.</param>
/// <param name="Bca">The bias-corrected and accelerated interval; NaN where undefined.</param>
/// <param name="Z0">The bias correction.</param>
/// <param name="Acceleration">The acceleration, from the jackknife.</param>
/// <param name="BcaProbabilities">The two shares at which the BCa interval reads the distribution.</param>
/// <param name="Sorted">The resampled statistics, sorted.</param>
public sealed record Bootstrap(
    double Estimate, double StandardError, (double Low, double High) Percentile, (double Low, double High) Basic,
    (double Low, double High) Bca, double Z0, double Acceleration, (double Low, double High) BcaProbabilities, IReadOnlyList<double> Sorted)
{
    /// <summary>The percentile interval of the mean of the values, with seeded resampling: the kit's usual interval.</summary>
    public static Estimate MeanInterval(IReadOnlyList<double> x, NamedRandom random, int resamples = 2000, double confidence = 0.95)
    {
        if (x.Count == 0) return new Estimate(double.NaN, double.NaN, double.NaN);
        var means = new double[resamples];
        for (int r = 0; r < resamples; r++)
        {
            double sum = 0;
            for (int i = 0; i < x.Count; i++) sum += x[random.Next(x.Count)];
            means[r] = sum / x.Count;
        }
        Array.Sort(means);
        return new Estimate(Sample.Mean(x), Quantiles.OfSorted(means, (1 - confidence) / 2), Quantiles.OfSorted(means, (1 + confidence) / 2));
    }

    /// <summary>
    /// The intervals with given resampling indices, [sample][resample][position]; paired samples share one matrix.
    /// </summary>
    public static Bootstrap Of(
        IReadOnlyList<IReadOnlyList<double>> samples, Func<IReadOnlyList<IReadOnlyList<double>>, double> statistic,
        IReadOnlyList<IReadOnlyList<IReadOnlyList<int>>> indices, bool paired, double confidence = 0.95)
    {
        double estimate = statistic(samples);
        int resamples = indices[0].Count;
        double[] sorted = [.. Enumerable.Range(0, resamples).Select(r => statistic(Resample(samples, indices, paired, r))).Order()];
        double alpha = (1 - confidence) / 2;
        (double, double) percentile = (Quantiles.OfSorted(sorted, alpha), Quantiles.OfSorted(sorted, 1 - alpha));
        double z0 = Distributions.NormalQuantile((sorted.Count(v => v < estimate) + sorted.Count(v => v <= estimate)) / (2.0 * resamples));
        double acceleration = Accelerate(samples, statistic, paired);
        (double, double) shares = (Share(alpha, z0, acceleration), Share(1 - alpha, z0, acceleration));
        return new Bootstrap(
            estimate, Sample.Deviation(sorted), percentile, (2 * estimate - percentile.Item2, 2 * estimate - percentile.Item1),
            (At(sorted, shares.Item1), At(sorted, shares.Item2)), z0, acceleration, shares, sorted);
    }

    private static double At(double[] sorted, double share) => double.IsNaN(share) ? double.NaN : Quantiles.OfSorted(sorted, share);

    private static double Share(double alpha, double z0, double acceleration)
    {
        double shifted = z0 + Distributions.NormalQuantile(alpha);
        return Distributions.NormalCdf(z0 + shifted / (1 - acceleration * shifted));
    }

    private static IReadOnlyList<double>[] Resample(
        IReadOnlyList<IReadOnlyList<double>> samples, IReadOnlyList<IReadOnlyList<IReadOnlyList<int>>> indices, bool paired, int r) =>
        [.. samples.Select((sample, s) => (IReadOnlyList<double>)[.. indices[paired ? 0 : s][r].Select(i => sample[i])])];

    private static double Accelerate(IReadOnlyList<IReadOnlyList<double>> samples, Func<IReadOnlyList<IReadOnlyList<double>>, double> statistic, bool paired)
    {
        double cubes = 0, squares = 0;
        foreach (int s in Enumerable.Range(0, paired ? 1 : samples.Count))
        {
            int n = samples[s].Count;
            double[] without = [.. Enumerable.Range(0, n).Select(i => statistic([.. samples.Select((sample, k) => paired || k == s ? Without(sample, i) : sample)]))];
            double mean = Sample.Mean(without);
            double[] influence = [.. without.Select(v => (n - 1) * (mean - v))];
            cubes += influence.Sum(u => u * u * u) / Math.Pow(n, 3);
            squares += influence.Sum(u => u * u) / ((double)n * n);
        }
        return cubes / 6 / Math.Pow(squares, 1.5);
    }

    private static IReadOnlyList<double> Without(IReadOnlyList<double> x, int index) => [.. x.Where((_, i) => i != index)];
}
