using System.Globalization;

namespace FineTuneKit.Evaluation.Significance;

/// <summary>
/// Two models on the same items. Pairs cancel what makes an item easy or hard for both, so that a paired comparison sees
/// smaller differences than two intervals side by side.
/// </summary>
/// <param name="First">The first's mean.</param>
/// <param name="Second">The second's mean.</param>
/// <param name="Difference">First minus second, with a 95 % bootstrap interval over items.</param>
/// <param name="P">The two-sided p-value: McNemar's exact test of right and wrong, Wilcoxon's signed-rank test of numbers.</param>
public sealed record PairedComparison(double First, double Second, Estimate Difference, double P)
{
    private const int Resamples = 2000;

    /// <summary>Right or wrong, item by item.</summary>
    /// <exception cref="ArgumentException">No items, or different numbers of them.</exception>
    public static PairedComparison Of(IReadOnlyList<bool> first, IReadOnlyList<bool> second, NamedRandom random) =>
        Compare([.. first.Select(Number)], [.. second.Select(Number)], random, () => McNemar.Of(first, second).ExactP);

    /// <summary>A number for each item, such as a loss.</summary>
    /// <exception cref="ArgumentException">No items, or different numbers of them.</exception>
    public static PairedComparison Of(IReadOnlyList<double> first, IReadOnlyList<double> second, NamedRandom random) =>
        Compare(first, second, random, () => first.SequenceEqual(second) ? 1 : WilcoxonResult.Test(first, second).P);

    /// <summary>What the comparison allows to say, such as "LoRA is higher by 0.12 [0.03, 0.21], p = 0.011".</summary>
    /// <param name="first">The first's name.</param>
    /// <param name="second">The second's name.</param>
    /// <param name="alpha">From this p-value on nothing is claimed.</param>
    public string Reading(string first, string second, double alpha = 0.05)
    {
        string numbers = string.Create(CultureInfo.InvariantCulture, $"{Difference.Value:+0.000;-0.000;0.000} [{Difference.Low:+0.000;-0.000;0.000}, {Difference.High:+0.000;-0.000;0.000}], {new PValue(P).Text}");
        if (!(P < alpha)) return $"{first} and {second} cannot be told apart: {numbers}";
        return $"{first} is {(Difference.Value > 0 ? "higher" : "lower")} than {second}: {numbers}";
    }

    private static PairedComparison Compare(IReadOnlyList<double> first, IReadOnlyList<double> second, NamedRandom random, Func<double> p)
    {
        if (first.Count == 0) throw new ArgumentException("0 items; a comparison needs 1 or more", nameof(first));
        Estimate difference = Bootstrap.MeanInterval(Sample.Differences(first, second), random, Resamples);
        return new PairedComparison(Sample.Mean(first), Sample.Mean(second), difference, p());
    }

    private static double Number(bool right) => right ? 1 : 0;
}
