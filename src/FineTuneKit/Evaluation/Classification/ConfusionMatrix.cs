using System.Text;

namespace FineTuneKit.Evaluation.Classification;

/// <summary>Counts (or summed weights) of true class by predicted class; rows true, columns predicted.</summary>
/// <typeparam name="T">The label's type.</typeparam>
public sealed class ConfusionMatrix<T>
    where T : notnull
{
    private ConfusionMatrix(IReadOnlyList<T> labels, double[][] counts)
    {
        Labels = labels;
        Counts = counts;
    }

    /// <summary>The classes, in the order of rows and columns.</summary>
    public IReadOnlyList<T> Labels { get; }

    /// <summary>The cells, [true][predicted].</summary>
    public IReadOnlyList<IReadOnlyList<double>> Counts { get; }

    /// <summary>Each row divided by its sum; an empty row is 0.</summary>
    public IReadOnlyList<IReadOnlyList<double>> ByTrue =>
        [.. Counts.Select(r => { double sum = r.Sum(); return (IReadOnlyList<double>)[.. r.Select(c => sum > 0 ? c / sum : 0)]; })];

    /// <summary>
    /// Counts the pairs whose two labels are both listed; without a list all that occur, sorted (texts by code point,
    /// which differs from ordinal order above U+FFFF).
    /// </summary>
    public static ConfusionMatrix<T> Of(IReadOnlyList<T> truth, IReadOnlyList<T> predicted, IReadOnlyList<T>? labels = null, IReadOnlyList<double>? weights = null)
    {
        if (truth.Count != predicted.Count)
            throw new ArgumentException($"{truth.Count} true and {predicted.Count} predicted labels; both need as many", nameof(predicted));
        if (truth.Count == 0) throw new ArgumentException("no rows; a report needs at least one", nameof(truth));
        labels ??= [.. truth.Concat(predicted).Distinct().Order(LabelOrder)];
        var index = labels.Select((l, i) => (l, i)).ToDictionary(p => p.l, p => p.i);
        double[][] counts = [.. labels.Select(_ => new double[labels.Count])];
        for (int i = 0; i < truth.Count; i++)
        {
            if (index.TryGetValue(truth[i], out int row) && index.TryGetValue(predicted[i], out int column))
                counts[row][column] += weights?[i] ?? 1;
        }
        return new ConfusionMatrix<T>(labels, counts);
    }

    /// <summary>Matthews' correlation, for any number of classes (Gorodkin, 2004); 0 where it is undefined.</summary>
    public double MatthewsCorrelation
    {
        get
        {
            double correct = Diagonal(), all = All(), cross = 0, trueSquares = 0, predictedSquares = 0;
            for (int k = 0; k < Labels.Count; k++)
            {
                cross += Row(k) * Column(k);
                trueSquares += Row(k) * Row(k);
                predictedSquares += Column(k) * Column(k);
            }
            double product = (all * all - predictedSquares) * (all * all - trueSquares);
            return product > 0 ? (correct * all - cross) / Math.Sqrt(product) : 0;
        }
    }

    /// <summary>Cohen's kappa; a power of 1 or 2 weighs a confusion by the distance of the labels' places.</summary>
    public double Kappa(int power = 0)
    {
        double observed = 0, expected = 0, all = All();
        for (int i = 0; i < Labels.Count; i++)
        {
            for (int j = 0; j < Labels.Count; j++)
            {
                double weight = power == 0 ? (i == j ? 0 : 1) : Math.Pow(Math.Abs(i - j), power);
                observed += weight * Counts[i][j];
                expected += weight * Row(i) * Column(j) / all;
            }
        }
        return 1 - observed / expected;
    }

    internal static IComparer<T> LabelOrder { get; } = typeof(T) == typeof(string)
        ? Comparer<T>.Create((a, b) => CompareByCodePoint((string)(object)a, (string)(object)b))
        : Comparer<T>.Default;

    internal double Row(int i) => Counts[i].Sum();

    internal double Column(int j) => Counts.Sum(r => r[j]);

    private double All() => Counts.Sum(r => r.Sum());

    private double Diagonal() => Enumerable.Range(0, Labels.Count).Sum(i => Counts[i][i]);

    private static int CompareByCodePoint(string a, string b)
    {
        StringRuneEnumerator x = a.EnumerateRunes(), y = b.EnumerateRunes();
        while (true)
        {
            bool moreX = x.MoveNext(), moreY = y.MoveNext();
            if (!moreX || !moreY) return moreX.CompareTo(moreY);
            if (x.Current != y.Current) return x.Current.CompareTo(y.Current);
        }
    }
}
