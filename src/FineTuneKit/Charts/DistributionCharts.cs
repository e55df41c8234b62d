namespace FineTuneKit.Charts;

/// <summary>Values of one kind in a histogram.</summary>
public sealed record HistogramSeries(string Name, IReadOnlyList<double> Values, int Color = 0);

/// <summary>How often values fall into each of equal intervals, such as token counts of rows.</summary>
public sealed record HistogramChart : Chart
{
    private const int Fewest = 5, Most = 40;

    /// <summary>The axis of the values.</summary>
    public required Axis Value { get; init; }

    /// <summary>The axis of the counts.</summary>
    public Axis Count { get; init; } = new("count");

    /// <summary>The values, not finite ones left out.</summary>
    public required IReadOnlyList<HistogramSeries> Series { get; init; }

    /// <summary>Number of intervals; null: by Freedman and Diaconis (1981), within 5 and 40.</summary>
    public int? Bins { get; init; }

    /// <summary>The edges of the intervals, one more than there are intervals, and the counts by series.</summary>
    internal (double[] Edges, int[][] Counts) Binned()
    {
        double[] all = [.. Series.SelectMany(s => s.Values).Where(double.IsFinite).Order()];
        double low = all.Length > 0 ? all[0] : 0, high = all.Length > 0 ? all[^1] : 1;
        if (high <= low) (low, high) = (low - 0.5, low + 0.5);
        int bins = Bins ?? Number(all, high - low);
        double width = (high - low) / bins;
        double[] edges = [.. Enumerable.Range(0, bins + 1).Select(i => low + i * width)];
        int[][] counts = [.. Series.Select(series =>
        {
            int[] count = new int[bins];
            foreach (double value in series.Values.Where(double.IsFinite)) count[Math.Clamp((int)((value - low) / width), 0, bins - 1)]++;
            return count;
        })];
        return (edges, counts);
    }

    private static int Number(double[] sorted, double range)
    {
        if (sorted.Length < 2) return Fewest;
        double width = 2 * (Quantiles.Of(sorted, 0.75) - Quantiles.Of(sorted, 0.25)) / Math.Cbrt(sorted.Length);
        return width <= 0 ? Fewest : (int)Math.Clamp(Math.Ceiling(range / width), Fewest, Most);
    }
}

/// <summary>The values of one category in a box plot.</summary>
public sealed record BoxGroup(string Name, IReadOnlyList<double> Values, int Color = 0);

/// <summary>Box plots (Tukey, 1977): quartiles, whiskers to the last value within 1.5 interquartile ranges, the values beyond as rings.</summary>
public sealed record BoxChart : Chart
{
    /// <summary>The axis of the values.</summary>
    public required Axis Value { get; init; }

    /// <summary>The categories, top to bottom.</summary>
    public required IReadOnlyList<BoxGroup> Groups { get; init; }
}

/// <summary>The five numbers of a box, and what lies beyond its whiskers.</summary>
internal sealed record BoxSummary(int Count, double Low, double FirstQuartile, double Median, double ThirdQuartile, double High, IReadOnlyList<double> Beyond)
{
    private const double Reach = 1.5;

    /// <summary>Null where no value is finite.</summary>
    public static BoxSummary? Of(IReadOnlyList<double> values)
    {
        double[] sorted = [.. values.Where(double.IsFinite).Order()];
        if (sorted.Length == 0) return null;
        double first = Quantiles.Of(sorted, 0.25), third = Quantiles.Of(sorted, 0.75), reach = Reach * (third - first);
        double[] within = [.. sorted.Where(v => v >= first - reach && v <= third + reach)];
        return new BoxSummary(sorted.Length, within[0], first, Quantiles.Of(sorted, 0.5), third, within[^1], [.. sorted.Where(v => v < first - reach || v > third + reach)]);
    }
}

/// <summary>Quantiles by linear interpolation between order statistics (Hyndman and Fan's type 7, NumPy's default).</summary>
internal static class Quantiles
{
    public static double Of(double[] sorted, double share)
    {
        double place = share * (sorted.Length - 1);
        int below = (int)place;
        return below + 1 < sorted.Length ? sorted[below] + (place - below) * (sorted[below + 1] - sorted[below]) : sorted[below];
    }
}
