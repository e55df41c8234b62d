namespace FineTuneKit.Evaluation.Classification;

/// <summary>A classification in which a row may have any number of labels; [row][label].</summary>
public sealed class Multilabel(IReadOnlyList<IReadOnlyList<bool>> truth, IReadOnlyList<IReadOnlyList<bool>> predicted, double zeroDivision = 0)
{
    /// <summary>The share of rows with every label right.</summary>
    public double SubsetAccuracy => truth.Zip(predicted).Average(r => r.First.SequenceEqual(r.Second) ? 1.0 : 0);

    /// <summary>The share of wrong cells.</summary>
    public double HammingLoss => truth.Zip(predicted).Average(r => r.First.Zip(r.Second).Average(c => c.First == c.Second ? 0.0 : 1));

    /// <summary>The mean over the rows of intersection / union; 0 for a row without labels on both sides.</summary>
    public double JaccardSamples => truth.Zip(predicted).Average(r =>
    {
        int union = r.First.Zip(r.Second).Count(c => c.First || c.Second);
        return union == 0 ? 0 : (double)r.First.Zip(r.Second).Count(c => c.First && c.Second) / union;
    });

    /// <summary>From the sums over all cells.</summary>
    public PrecisionRecall Micro
    {
        get
        {
            var columns = Columns();
            return PrecisionRecalls.Of(columns.Sum(c => c.Right), columns.Sum(c => c.Predicted), columns.Sum(c => c.True), 1, zeroDivision);
        }
    }

    /// <summary>The mean over the labels.</summary>
    public PrecisionRecall Macro => PrecisionRecalls.Average(PerLabel(), null);

    /// <summary>The mean over the labels, weighted by how often each is true.</summary>
    public PrecisionRecall Weighted => PrecisionRecalls.Average(PerLabel(), [.. Columns().Select(c => c.True)]);

    /// <summary>The mean over the rows.</summary>
    public PrecisionRecall Samples => PrecisionRecalls.Average(
        [.. truth.Zip(predicted).Select(r => PrecisionRecalls.Of(
            r.First.Zip(r.Second).Count(c => c.First && c.Second), r.Second.Count(v => v), r.First.Count(v => v), 1, zeroDivision))], null);

    private List<PrecisionRecall> PerLabel() => [.. Columns().Select(c => PrecisionRecalls.Of(c.Right, c.Predicted, c.True, 1, zeroDivision))];

    private List<(double Right, double Predicted, double True)> Columns() => [.. Enumerable.Range(0, truth[0].Count).Select(j => (
        (double)truth.Zip(predicted).Count(r => r.First[j] && r.Second[j]), (double)predicted.Count(r => r[j]), (double)truth.Count(r => r[j])))];
}
