namespace FineTuneKit.Evaluation.Classification;

/// <summary>Scores of a binary classifier: how well they rank, and, where they are probabilities, how true they are.</summary>
public sealed class BinaryScores
{
    private readonly bool[] _truth;
    private readonly double[] _scores;
    private readonly List<(double Threshold, double TruePositives, double FalsePositives)> _steps = [];

    /// <summary>Row by row: is it positive, and the score of being so.</summary>
    public BinaryScores(IReadOnlyList<bool> truth, IReadOnlyList<double> scores)
    {
        _truth = [.. truth];
        _scores = [.. scores];
        double right = 0, wrong = 0;
        foreach (var tied in Enumerable.Range(0, _scores.Length).GroupBy(i => _scores[i]).OrderByDescending(g => g.Key))
        {
            right += tied.Count(i => _truth[i]);
            wrong += tied.Count(i => !_truth[i]);
            _steps.Add((tied.Key, right, wrong));
        }
    }

    private double Positives => _truth.Count(t => t);

    private double Negatives => _truth.Length - Positives;

    /// <summary>True when all scores are within [0, 1].</summary>
    public bool AreProbabilities => _scores.All(s => s is >= 0 and <= 1);

    /// <summary>The area under the ROC curve; NaN with one class only.</summary>
    public double RocAuc
    {
        get
        {
            if (Positives == 0 || Negatives == 0) return double.NaN;
            double area = 0, lastRight = 0, lastWrong = 0;
            foreach ((_, double right, double wrong) in _steps)
            {
                area += (wrong - lastWrong) * (right + lastRight) / 2;
                (lastRight, lastWrong) = (right, wrong);
            }
            return area / (Positives * Negatives);
        }
    }

    /// <summary>The average precision Σ (Rₙ − Rₙ₋₁) Pₙ, without interpolation; 0 without positives.</summary>
    public double AveragePrecision
    {
        get
        {
            if (Positives == 0) return 0;
            double sum = 0, last = 0;
            foreach ((_, double right, double wrong) in _steps)
            {
                sum += (right - last) / Positives * (right / (right + wrong));
                last = right;
            }
            return sum;
        }
    }

    /// <summary>The mean negative log-likelihood, probabilities clipped to [2⁻⁵², 1 − 2⁻⁵²].</summary>
    public double LogLoss => _truth.Zip(_scores).Average(r => -Math.Log(MulticlassScores.Clip(r.First ? r.Second : 1 - r.Second)));

    /// <summary>The mean of (p − y)².</summary>
    public double Brier => _truth.Zip(_scores).Average(r => Math.Pow(r.Second - (r.First ? 1 : 0), 2));

    /// <summary>Calibration of the predicted class: positive above 0.5, confidence max(s, 1 − s).</summary>
    public Calibration Calibrate(int bins = 15) => Calibration.Of(
        [.. _scores.Select(s => Math.Max(s, 1 - s))], [.. _truth.Zip(_scores).Select(r => r.First == r.Second > 0.5)], bins);

    /// <summary>The ROC curve at every threshold, the first of which is ∞.</summary>
    public (double[] FalsePositiveRate, double[] TruePositiveRate, double[] Thresholds) RocCurve() => (
        [0, .. _steps.Select(s => s.FalsePositives / Negatives)], [0, .. _steps.Select(s => s.TruePositives / Positives)],
        [double.PositiveInfinity, .. _steps.Select(s => s.Threshold)]);

    /// <summary>Precision and recall at every threshold, upwards; the last point, without a threshold, is (1, 0).</summary>
    public (double[] Precision, double[] Recall, double[] Thresholds) PrecisionRecallCurve()
    {
        var upwards = Enumerable.Reverse(_steps).ToList();
        return (
            [.. upwards.Select(s => s.TruePositives / (s.TruePositives + s.FalsePositives)), 1],
            [.. upwards.Select(s => Positives == 0 ? 1 : s.TruePositives / Positives), 0],
            [.. upwards.Select(s => s.Threshold)]);
    }
}
