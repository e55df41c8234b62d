namespace FineTuneKit.Evaluation.Classification;

/// <summary>
/// How far confidence is from accuracy (Guo et al., 2017): equal-width bins on [0, 1], bin k takes
/// lower &lt; confidence ≤ upper, and the first takes 0 too.
/// </summary>
public sealed record Calibration(IReadOnlyList<int> Counts, IReadOnlyList<double> Accuracy, IReadOnlyList<double> Confidence)
{
    /// <summary>The expected calibration error: the mean gap, weighted by the rows of each bin.</summary>
    public double ExpectedError => Gaps().Zip(Counts, (gap, count) => gap * count).Sum() / Counts.Sum();

    /// <summary>The largest gap of a bin.</summary>
    public double MaximumError => Gaps().Max();

    /// <summary>Bins predictions by their confidence.</summary>
    public static Calibration Of(IReadOnlyList<double> confidence, IReadOnlyList<bool> right, int bins = 15)
    {
        var counts = new int[bins];
        double[] rights = new double[bins], sums = new double[bins];
        for (int i = 0; i < confidence.Count; i++)
        {
            int bin = Bin(confidence[i], bins);
            counts[bin]++;
            rights[bin] += right[i] ? 1 : 0;
            sums[bin] += confidence[i];
        }
        return new Calibration(counts, Divide(rights, counts), Divide(sums, counts));
    }

    private static int Bin(double confidence, int bins)
    {
        // The edges are compared as numbers k / bins, not by a division that would round.
        int bin = Math.Clamp((int)Math.Ceiling(confidence * bins) - 1, 0, bins - 1);
        while (bin > 0 && confidence <= (double)bin / bins) bin--;
        while (bin < bins - 1 && confidence > (double)(bin + 1) / bins) bin++;
        return bin;
    }

    private IEnumerable<double> Gaps() => Accuracy.Zip(Confidence, (a, c) => Math.Abs(a - c));

    private static double[] Divide(double[] sums, int[] counts) => [.. sums.Zip(counts, (s, n) => n == 0 ? 0 : s / n)];
}
