namespace FineTuneKit.Evaluation.Classification;

/// <summary>Precision, recall and F of one class or one average.</summary>
public readonly record struct PrecisionRecall(double Precision, double Recall, double F);

/// <summary>
/// The report of a classification, as sklearn.metrics computes it. A list of labels also restricts micro, macro,
/// weighted, kappa and Jaccard to these labels, but not accuracy, Matthews' correlation or the Hamming loss.
/// </summary>
/// <typeparam name="T">The label's type.</typeparam>
public sealed class ClassificationReport<T>
    where T : notnull
{
    private readonly double[] _right, _predicted, _true;
    private readonly double _zeroDivision;

    private ClassificationReport(IReadOnlyList<T> truth, IReadOnlyList<T> predicted, IReadOnlyList<T>? labels, IReadOnlyList<double>? weights, double zeroDivision)
    {
        All = ConfusionMatrix<T>.Of(truth, predicted, weights: weights);
        Confusion = labels is null ? All : ConfusionMatrix<T>.Of(truth, predicted, labels, weights);
        _zeroDivision = zeroDivision;
        double total = weights?.Sum() ?? truth.Count;
        double Weight(int i) => weights?[i] ?? 1;
        (_right, _predicted, _true) = (new double[Labels.Count], new double[Labels.Count], new double[Labels.Count]);
        var index = Labels.Select((l, i) => (l, i)).ToDictionary(p => p.l, p => p.i);
        double right = 0;
        for (int i = 0; i < truth.Count; i++)
        {
            bool same = truth[i].Equals(predicted[i]);
            if (same) right += Weight(i);
            if (index.TryGetValue(truth[i], out int t)) _true[t] += Weight(i);
            if (!index.TryGetValue(predicted[i], out int p)) continue;
            _predicted[p] += Weight(i);
            if (same) _right[p] += Weight(i);
        }
        Accuracy = right / total;
    }

    /// <summary>The classes of the report, in order.</summary>
    public IReadOnlyList<T> Labels => Confusion.Labels;

    /// <summary>The confusion matrix over <see cref="Labels"/>.</summary>
    public ConfusionMatrix<T> Confusion { get; }

    /// <summary>The share of right predictions, over all rows.</summary>
    public double Accuracy { get; }

    /// <summary>The share of wrong predictions.</summary>
    public double HammingLoss => 1 - Accuracy;

    /// <summary>Rows of each class, or their summed weight.</summary>
    public IReadOnlyList<double> Support => _true;

    /// <summary>The mean recall over the classes that truly occur.</summary>
    public double BalancedAccuracy
    {
        get
        {
            int[] present = [.. Enumerable.Range(0, All.Labels.Count).Where(i => All.Row(i) > 0)];
            return present.Average(i => All.Counts[i][i] / All.Row(i));
        }
    }

    /// <summary>The balanced accuracy scaled so that chance is 0; NaN with one true class.</summary>
    public double BalancedAccuracyAdjusted
    {
        get
        {
            double chance = 1.0 / Enumerable.Range(0, All.Labels.Count).Count(i => All.Row(i) > 0);
            return (BalancedAccuracy - chance) / (1 - chance);
        }
    }

    /// <summary>Matthews' correlation over all labels.</summary>
    public double MatthewsCorrelation => All.MatthewsCorrelation;

    /// <summary>The mean over the classes of right / (predicted or true); 0 for a class that has neither.</summary>
    public double JaccardMacro => Enumerable.Range(0, Labels.Count).Average(i =>
    {
        double union = _true[i] + _predicted[i] - _right[i];
        return union > 0 ? _right[i] / union : 0;
    });

    private ConfusionMatrix<T> All { get; }

    /// <summary>
    /// The report of predictions against the truth. <paramref name="zeroDivision"/> is the value of an undefined
    /// precision, recall or F; NaN leaves such classes out of the averages.
    /// </summary>
    public static ClassificationReport<T> Of(
        IReadOnlyList<T> truth, IReadOnlyList<T> predicted, IReadOnlyList<T>? labels = null,
        IReadOnlyList<double>? weights = null, double zeroDivision = 0) => new(truth, predicted, labels, weights, zeroDivision);

    /// <summary>Precision, recall and F-beta of each class.</summary>
    public IReadOnlyList<PrecisionRecall> PerClass(double beta = 1) =>
        [.. Enumerable.Range(0, Labels.Count).Select(i => PrecisionRecalls.Of(_right[i], _predicted[i], _true[i], beta, _zeroDivision))];

    /// <summary>From the sums over the classes.</summary>
    public PrecisionRecall Micro(double beta = 1) => PrecisionRecalls.Of(_right.Sum(), _predicted.Sum(), _true.Sum(), beta, _zeroDivision);

    /// <summary>The plain mean over the classes.</summary>
    public PrecisionRecall Macro(double beta = 1) => PrecisionRecalls.Average(PerClass(beta), null);

    /// <summary>The mean weighted by each class's support.</summary>
    public PrecisionRecall Weighted(double beta = 1) => PrecisionRecalls.Average(PerClass(beta), _true);
}

/// <summary>The arithmetic that reports share.</summary>
internal static class PrecisionRecalls
{
    public static PrecisionRecall Of(double right, double predicted, double truth, double beta, double zeroDivision) => new(
        Divide(right, predicted, zeroDivision), Divide(right, truth, zeroDivision),
        Divide((1 + beta * beta) * right, beta * beta * truth + predicted, zeroDivision));

    public static PrecisionRecall Average(IReadOnlyList<PrecisionRecall> values, IReadOnlyList<double>? weights) => new(
        Mean([.. values.Select(v => v.Precision)], weights), Mean([.. values.Select(v => v.Recall)], weights), Mean([.. values.Select(v => v.F)], weights));

    private static double Divide(double a, double b, double zeroDivision) => b == 0 ? zeroDivision : a / b;

    /// <summary>The mean without NaN; a weight sum of 0 gives the plain mean.</summary>
    private static double Mean(double[] values, IReadOnlyList<double>? weights)
    {
        int[] used = [.. Enumerable.Range(0, values.Length).Where(i => !double.IsNaN(values[i]))];
        if (used.Length == 0) return double.NaN;
        double total = weights is null ? 0 : used.Sum(i => weights[i]);
        return total == 0 ? used.Average(i => values[i]) : used.Sum(i => values[i] * weights![i]) / total;
    }
}
