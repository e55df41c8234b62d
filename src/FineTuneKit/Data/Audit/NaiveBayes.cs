namespace FineTuneKit.Data;

/// <summary>
/// A small classifier of texts: multinomial naive Bayes over words and pairs of words, hashed, each counted once a text.
/// It learns in one pass and forgets in another, so cross-validation costs two passes a fold.
/// </summary>
internal sealed class NaiveBayes
{
    private const int MostCells = 1 << 24, MostFeatures = 1 << 18;

    private const double Smoothing = 0.1;

    private readonly int[] _counts;
    private readonly long[] _totals;
    private readonly int[] _texts;
    private readonly int _features;

    public NaiveBayes(int classes)
    {
        _features = MostFeatures;
        while ((long)_features * classes > MostCells) _features >>= 1;
        (_counts, _totals, _texts) = (new int[_features * classes], new long[classes], new int[classes]);
    }

    /// <summary>The hashed words and pairs of words of a text, each once.</summary>
    public static uint[] Features(string text)
    {
        ulong[] tokens = TextTokens.Of(text);
        return [.. tokens.Concat(TextTokens.NGrams(tokens, 2)).Select(h => (uint)(h ^ (h >> 32))).Distinct()];
    }

    /// <summary>Learns a text (+1) or forgets it (-1).</summary>
    public void Count(uint[] features, int label, int sign)
    {
        int row = label * _features;
        foreach (uint feature in features) _counts[row + (int)(feature & (uint)(_features - 1))] += sign;
        _totals[label] += sign * features.Length;
        _texts[label] += sign;
    }

    /// <summary>The log of each class's share times the text's likelihood under it.</summary>
    public void Score(uint[] features, Span<double> scores)
    {
        for (int label = 0; label < scores.Length; label++)
        {
            double normal = Math.Log(_totals[label] + Smoothing * _features), score = Math.Log(_texts[label] + 1.0);
            int row = label * _features;
            foreach (uint feature in features) score += Math.Log(_counts[row + (int)(feature & (uint)(_features - 1))] + Smoothing) - normal;
            scores[label] = score;
        }
    }
}
