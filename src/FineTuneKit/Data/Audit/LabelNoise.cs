namespace FineTuneKit.Data;

/// <summary>
/// Labels that a small classifier, trained on the other rows, contradicts with confidence: confident learning
/// (Northcutt, Jiang and Chuang, 2021) over cross-validated naive Bayes, whose probabilities are calibrated by one
/// temperature. Near-duplicates stay in one fold, so a wrong label is not confirmed by its copy.
/// </summary>
internal static class LabelNoise
{
    private const int FoldCount = 5, FewestRows = 50, FewestOfLabel = 5, MostLabels = 400;

    // A classifier that is often wrong says nothing about labels.
    private const double LeastAccuracy = 0.8;

    // The given label has to be this unlikely, and the other nearly as likely as on the rows that carry it.
    private const double MostForGiven = 0.02, LeastOfThreshold = 0.7;

    public static IEnumerable<Finding> Find(AuditedRows rows, PromptPairs pairs)
    {
        int[] labelled = [.. Enumerable.Range(0, rows.Count).Where(i => rows[i].Row.Label is not null && rows[i].Prompt.Length > 0)];
        string[] labels = [.. labelled.GroupBy(i => rows[i].Row.Label!, StringComparer.Ordinal).Where(g => g.Count() >= FewestOfLabel).Select(g => g.Key).Order(StringComparer.Ordinal)];
        if (labels.Length < 2 || labels.Length > MostLabels || labelled.Length < FewestRows) return [];
        var number = labels.Select((l, n) => (l, n)).ToDictionary(p => p.l, p => p.n, StringComparer.Ordinal);
        labelled = [.. labelled.Where(i => number.ContainsKey(rows[i].Row.Label!))];
        int[] given = [.. labelled.Select(i => number[rows[i].Row.Label!])];
        // Rows of one group or of one text confirm each other, so they are judged by the others.
        int[] clusters = pairs.Clusters();
        var firstOfGroup = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (int i in labelled.Where(i => rows[i].Row.Group is not null))
            if (!firstOfGroup.TryAdd(rows[i].Row.Group!, clusters[i])) clusters[i] = firstOfGroup[rows[i].Row.Group!];
        double[,] probabilities = Calibrate(CrossValidate([.. labelled.Select(i => rows[i].Prompt)], given, [.. labelled.Select(i => clusters[i])], labels.Length), given);
        double accuracy = Enumerable.Range(0, given.Length).Count(i => Best(probabilities, i) == given[i]) / (double)given.Length;
        if (accuracy < LeastAccuracy)
        {
            rows.Notes.Add(FormattableString.Invariant($"labels were not judged: a classifier trained on the other rows finds {accuracy:0%} of them, at least {LeastAccuracy:0%} are required to trust it"));
            return [];
        }
        double[] thresholds = Thresholds(probabilities, given, labels.Length);
        return Enumerable.Range(0, given.Length)
            .Select(i => (Row: labelled[i], Given: given[i], Other: Contradicting(probabilities, i, given[i], thresholds), Index: i))
            .Where(f => f.Other >= 0)
            .Select(f => rows.Finding(AuditRules.LabelNoise, [f.Row],
                FormattableString.Invariant($"{labels[f.Given]} ({probabilities[f.Index, f.Given]:0%}), by the other rows rather {labels[f.Other]} ({probabilities[f.Index, f.Other]:0%}): {rows[f.Row].Prompt}"),
                "look at the label: rows like this one have another"));
    }

    /// <summary>The scores of each row under the classifier that has not seen its fold.</summary>
    private static double[,] CrossValidate(string[] texts, int[] given, int[] clusters, int classes)
    {
        uint[][] features = new uint[texts.Length][];
        Parallel.For(0, texts.Length, i => features[i] = NaiveBayes.Features(texts[i]));
        int[] folds = Folds.Grouped(clusters, FoldCount);
        var model = new NaiveBayes(classes);
        for (int i = 0; i < texts.Length; i++) model.Count(features[i], given[i], 1);
        var scores = new double[texts.Length, classes];
        foreach (int[] held in folds.Select((fold, i) => (fold, i)).GroupBy(f => f.fold, f => f.i).Select(g => g.ToArray()))
        {
            foreach (int i in held) model.Count(features[i], given[i], -1);
            Parallel.ForEach(held, i => model.Score(features[i], System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref scores[i, 0], classes)));
            foreach (int i in held) model.Count(features[i], given[i], 1);
        }
        return scores;
    }

    /// <summary>Softmax at the temperature under which the given labels are most likely: naive Bayes is far too sure of itself.</summary>
    private static double[,] Calibrate(double[,] scores, int[] given)
    {
        double best = 1, least = double.PositiveInfinity;
        for (double temperature = 1; temperature < 200; temperature *= 1.25)
        {
            double loss = 0;
            for (int i = 0; i < given.Length; i++) loss -= scores[i, given[i]] / temperature - LogSum(scores, i, temperature);
            if (loss < least) (least, best) = (loss, temperature);
        }
        var probabilities = new double[scores.GetLength(0), scores.GetLength(1)];
        for (int i = 0; i < given.Length; i++)
        {
            double sum = LogSum(scores, i, best);
            for (int c = 0; c < scores.GetLength(1); c++) probabilities[i, c] = Math.Exp(scores[i, c] / best - sum);
        }
        return probabilities;
    }

    private static double LogSum(double[,] scores, int row, double temperature)
    {
        double largest = scores[row, Best(scores, row)] / temperature, sum = 0;
        for (int c = 0; c < scores.GetLength(1); c++) sum += Math.Exp(scores[row, c] / temperature - largest);
        return largest + Math.Log(sum);
    }

    /// <summary>For each class the mean probability of it among the rows that carry it.</summary>
    private static double[] Thresholds(double[,] probabilities, int[] given, int classes)
    {
        var (sums, counts) = (new double[classes], new int[classes]);
        for (int i = 0; i < given.Length; i++)
        {
            sums[given[i]] += probabilities[i, given[i]];
            counts[given[i]]++;
        }
        return [.. sums.Zip(counts, (sum, count) => sum / Math.Max(1, count))];
    }

    private static int Contradicting(double[,] probabilities, int row, int given, double[] thresholds)
    {
        int best = Best(probabilities, row);
        return best != given && probabilities[row, best] >= LeastOfThreshold * thresholds[best] && probabilities[row, given] <= MostForGiven ? best : -1;
    }

    private static int Best(double[,] values, int row)
    {
        int best = 0;
        for (int c = 1; c < values.GetLength(1); c++)
            if (values[row, c] > values[row, best]) best = c;
        return best;
    }
}
