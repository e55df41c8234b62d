namespace FineTuneKit.Evaluation.Classification;

/// <summary>Probabilities over several classes, [row][class]; the truth as the class's index.</summary>
public sealed class MulticlassScores(IReadOnlyList<int> truth, IReadOnlyList<IReadOnlyList<double>> probabilities)
{
    private int Classes => probabilities[0].Count;

    /// <summary>The class with the largest probability; the first of equals.</summary>
    public IReadOnlyList<int> Predicted =>
        [.. probabilities.Select(row => Enumerable.Range(0, row.Count).Aggregate((best, i) => row[i] > row[best] ? i : best))];

    /// <summary>The mean negative log-likelihood.</summary>
    public double LogLoss => truth.Zip(probabilities).Average(r => -Math.Log(Clip(r.Second[r.First])));

    /// <summary>The mean over rows of the sum over classes of (p − y)².</summary>
    public double Brier => truth.Zip(probabilities).Average(r => r.Second.Select((p, k) => Math.Pow(p - (k == r.First ? 1 : 0), 2)).Sum());

    /// <summary>The share of rows whose class is among the k most probable; of equals the higher index ranks first.</summary>
    public double TopK(int k) => truth.Zip(probabilities).Average(r =>
        Enumerable.Range(0, Classes).OrderByDescending(i => r.Second[i]).ThenByDescending(i => i).Take(k).Contains(r.First) ? 1.0 : 0);

    /// <summary>Calibration of the predicted class.</summary>
    public Calibration Calibrate(int bins = 15)
    {
        IReadOnlyList<int> predicted = Predicted;
        return Calibration.Of([.. probabilities.Select((row, i) => row[predicted[i]])], [.. truth.Select((t, i) => t == predicted[i])], bins);
    }

    /// <summary>Each class against the rest; the mean, plain or weighted by how often each occurs.</summary>
    public double RocAucOneVsRest(bool weighted)
    {
        double sum = 0, total = 0;
        for (int k = 0; k < Classes; k++)
        {
            double weight = weighted ? truth.Count(t => t == k) : 1;
            sum += weight * OneVsRest(k).RocAuc;
            total += weight;
        }
        return sum / total;
    }

    /// <summary>Each pair of classes on its own rows (Hand and Till, 2001); weighted by the rows of the pair if asked.</summary>
    public double RocAucOneVsOne(bool weighted)
    {
        double sum = 0, total = 0;
        for (int a = 0; a < Classes; a++)
        {
            for (int b = a + 1; b < Classes; b++)
            {
                int[] rows = [.. Enumerable.Range(0, truth.Count).Where(i => truth[i] == a || truth[i] == b)];
                double pair = (Ranking(rows, a).RocAuc + Ranking(rows, b).RocAuc) / 2;
                double weight = weighted ? rows.Length : 1;
                sum += weight * pair;
                total += weight;
            }
        }
        return sum / total;
    }

    /// <summary>The mean over the classes of the average precision against the rest.</summary>
    public double AveragePrecisionMacro => Enumerable.Range(0, Classes).Average(k => OneVsRest(k).AveragePrecision);

    internal static double Clip(double p) => Math.Clamp(p, Math.Pow(2, -52), 1 - Math.Pow(2, -52));

    private BinaryScores OneVsRest(int k) => Ranking([.. Enumerable.Range(0, truth.Count)], k);

    private BinaryScores Ranking(int[] rows, int k) => new([.. rows.Select(i => truth[i] == k)], [.. rows.Select(i => probabilities[i][k])]);
}
