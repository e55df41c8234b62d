using FineTuneKit.Evaluation.Significance;
using Xunit;

namespace FineTuneKit.Tests.Evaluation;

public sealed class PairedComparisonTests
{
    [Fact]
    public void RightAndWrongIsTestedByTheItemsThatDiffer()
    {
        // 8 items only the first has right, 1 only the second: two-sided, 2 · P(X ≤ 1) of 9 fair coins = 20 / 512.
        bool[] first = [.. Enumerable.Repeat(true, 18), false, .. Enumerable.Repeat(false, 11)];
        bool[] second = [.. Enumerable.Repeat(true, 10), .. Enumerable.Repeat(false, 8), true, .. Enumerable.Repeat(false, 11)];
        PairedComparison pair = PairedComparison.Of(first, second, new NamedRandom("test", 1));
        Assert.Equal(20 / 512.0, pair.P, 12);
        Assert.Equal(7 / 30.0, pair.Difference.Value, 12);
        Assert.InRange(pair.Difference.Low, 0.02, 0.12);
        Assert.InRange(pair.Difference.High, 0.35, 0.45);
        Assert.StartsWith("A is higher than B: +0.233", pair.Reading("A", "B"));
        Assert.StartsWith("A and B cannot be told apart", pair.Reading("A", "B", alpha: 0.01));
    }

    [Fact]
    public void EqualModelsDoNotDiffer()
    {
        double[] losses = [0.1, 0.5, 0.2];
        PairedComparison pair = PairedComparison.Of(losses, losses, new NamedRandom("test", 1));
        Assert.Equal((1.0, 0.0, 0.0, 0.0), (pair.P, pair.Difference.Value, pair.Difference.Low, pair.Difference.High));
    }

    [Fact]
    public void PairsSeeWhatMeansHide()
    {
        // Items differ by up to 19, the models by 0.1 on each: unpaired nothing is seen.
        double[] first = [.. Enumerable.Range(0, 20).Select(i => i + 0.1 + 0.001 * i)], second = [.. Enumerable.Range(0, 20).Select(i => (double)i)];
        Assert.True(TTests.Independent(first, second).P > 0.9);
        PairedComparison pair = PairedComparison.Of(first, second, new NamedRandom("test", 1));
        Assert.True(pair.P < 0.001);
        Assert.True(pair.Difference.Low > 0);
        Assert.EndsWith("p < 0.001", pair.Reading("A", "B"));
    }

    [Fact]
    public void PairsNeedAsManyOnBothSides()
    {
        Assert.Throws<ArgumentException>(() => PairedComparison.Of([1.0], [1.0, 2.0], new NamedRandom("test", 1)));
        Assert.Throws<ArgumentException>(() => PairedComparison.Of(Array.Empty<double>(), [], new NamedRandom("test", 1)));
    }
}
