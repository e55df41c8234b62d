namespace FineTuneKit.Evaluation.Significance;

/// <summary>The definitions of a sample quantile; numpy's names (Hyndman and Fan, 1996).</summary>
public enum QuantileMethod
{
    /// <summary>Hyndman and Fan 7, the default of numpy and R.</summary>
    Linear,

    /// <summary>The lower neighbour of <see cref="Linear"/>.</summary>
    Lower,

    /// <summary>The higher neighbour of <see cref="Linear"/>.</summary>
    Higher,

    /// <summary>The middle of the two neighbours.</summary>
    Midpoint,

    /// <summary>The nearer neighbour, the even one at half.</summary>
    Nearest,

    /// <summary>Hyndman and Fan 1.</summary>
    InvertedCdf,

    /// <summary>Hyndman and Fan 2.</summary>
    AveragedInvertedCdf,

    /// <summary>Hyndman and Fan 3.</summary>
    ClosestObservation,

    /// <summary>Hyndman and Fan 4.</summary>
    InterpolatedInvertedCdf,

    /// <summary>Hyndman and Fan 5.</summary>
    Hazen,

    /// <summary>Hyndman and Fan 6.</summary>
    Weibull,

    /// <summary>Hyndman and Fan 8.</summary>
    MedianUnbiased,

    /// <summary>Hyndman and Fan 9.</summary>
    NormalUnbiased,
}

/// <summary>Sample quantiles.</summary>
public static class Quantiles
{
    /// <summary>The quantile of share <paramref name="q"/> (0 to 1) of the values, which need not be sorted.</summary>
    public static double Of(IReadOnlyList<double> x, double q, QuantileMethod method = QuantileMethod.Linear) =>
        OfSorted([.. x.Order()], q, method);

    /// <summary>The same of values sorted upwards.</summary>
    public static double OfSorted(IReadOnlyList<double> x, double q, QuantileMethod method = QuantileMethod.Linear)
    {
        int n = x.Count;
        if (n == 0) return double.NaN;
        double At(double index) => x[(int)Math.Clamp(index, 0, n - 1)];
        double linear = q * (n - 1);
        switch (method)
        {
            case QuantileMethod.Lower: return At(Math.Floor(linear));
            case QuantileMethod.Higher: return At(Math.Ceiling(linear));
            case QuantileMethod.Midpoint: return (At(Math.Floor(linear)) + At(Math.Ceiling(linear))) / 2;
            case QuantileMethod.Nearest: return At(Math.Round(linear, MidpointRounding.ToEven));
            case QuantileMethod.InvertedCdf: return At(Math.Ceiling(q * n) - 1);
            case QuantileMethod.AveragedInvertedCdf:
                double place = q * n - 1;
                return place == Math.Floor(place) ? (At(place) + At(place + 1)) / 2 : At(Math.Floor(place) + 1);
            case QuantileMethod.ClosestObservation:
                double closest = q * n - 1.5;
                double below = Math.Floor(closest);
                // Exactly half way: the observation with an even 1-based number.
                return At(closest == below && ((long)below & 1) == 1 ? below : below + 1);
            default:
                (double alpha, double beta) = Plotting(method);
                return Interpolate(x, alpha + q * (n + 1 - alpha - beta) - 1);
        }
    }

    private static (double Alpha, double Beta) Plotting(QuantileMethod method) => method switch
    {
        QuantileMethod.InterpolatedInvertedCdf => (0, 1),
        QuantileMethod.Hazen => (0.5, 0.5),
        QuantileMethod.Weibull => (0, 0),
        QuantileMethod.MedianUnbiased => (1.0 / 3, 1.0 / 3),
        QuantileMethod.NormalUnbiased => (3.0 / 8, 3.0 / 8),
        _ => (1, 1),
    };

    private static double Interpolate(IReadOnlyList<double> x, double index)
    {
        if (index <= 0) return x[0];
        if (index >= x.Count - 1) return x[^1];
        int low = (int)Math.Floor(index);
        return x[low] + (index - low) * (x[low + 1] - x[low]);
    }
}
