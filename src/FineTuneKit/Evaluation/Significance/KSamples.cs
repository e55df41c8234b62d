namespace FineTuneKit.Evaluation.Significance;

/// <summary>Tests of several samples at once.</summary>
public static class KSamples
{
    /// <summary>One-way analysis of variance.</summary>
    public static TestResult Anova(IReadOnlyList<IReadOnlyList<double>> groups)
    {
        int n = groups.Sum(g => g.Count), k = groups.Count;
        double grand = groups.Sum(g => g.Sum()) / n;
        double between = groups.Sum(g => g.Count * Math.Pow(Sample.Mean(g) - grand, 2));
        double within = groups.Sum(g => g.Sum(v => Math.Pow(v - Sample.Mean(g), 2)));
        double f = between / (k - 1) / (within / (n - k));
        return new TestResult(f, Distributions.FisherSurvival(f, k - 1, n - k));
    }

    /// <summary>Kruskal and Wallis' H with the correction for ties.</summary>
    public static TestResult KruskalWallis(IReadOnlyList<IReadOnlyList<double>> groups)
    {
        double[] all = [.. groups.SelectMany(g => g)];
        double[] ranks = Ranks.Of(all);
        double n = all.Length, sum = 0;
        int start = 0;
        foreach (IReadOnlyList<double> group in groups)
        {
            double total = ranks.Skip(start).Take(group.Count).Sum();
            sum += total * total / group.Count;
            start += group.Count;
        }
        double h = (12 / (n * (n + 1)) * sum - 3 * (n + 1)) / (1 - Ranks.TieTerm(all) / (n * n * n - n));
        return new TestResult(h, Distributions.ChiSquareSurvival(h, groups.Count - 1));
    }

    /// <summary>Levene's test of equal variances about the medians (Brown and Forsythe, 1974).</summary>
    public static TestResult LeveneMedian(IReadOnlyList<IReadOnlyList<double>> groups) =>
        Anova([.. groups.Select(g => { double median = Sample.Median(g); return (IReadOnlyList<double>)[.. g.Select(v => Math.Abs(v - median))]; })]);

    /// <summary>Friedman's test: treatments as samples of equal length, blocks by position.</summary>
    public static TestResult Friedman(IReadOnlyList<IReadOnlyList<double>> treatments)
    {
        int k = treatments.Count, n = treatments[0].Count;
        var sums = new double[k];
        double ties = 0;
        for (int block = 0; block < n; block++)
        {
            double[] values = [.. treatments.Select(t => t[block])];
            double[] ranks = Ranks.Of(values);
            ties += Ranks.TieTerm(values);
            for (int j = 0; j < k; j++) sums[j] += ranks[j];
        }
        double correction = 1 - ties / (k * (k * (double)k - 1) * n);
        double statistic = (12 / ((double)n * k * (k + 1)) * sums.Sum(s => s * s) - 3.0 * n * (k + 1)) / correction;
        return new TestResult(statistic, Distributions.ChiSquareSurvival(statistic, k - 1));
    }
}
