namespace FineTuneKit.Models;

/// <summary>Divides the logits.</summary>
/// <param name="Temperature">Above 0.</param>
public sealed class TemperatureProcessor(double Temperature) : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<int> tokens, Span<float> scores)
    {
        foreach (ref float score in scores) score /= (float)Temperature;
    }
}

/// <summary>Keeps the k largest; ties at the k-th all stay.</summary>
/// <param name="K">From 1.</param>
/// <param name="Keep">Tokens kept at least.</param>
public sealed class TopKProcessor(int K, int Keep = 1) : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<int> tokens, Span<float> scores)
    {
        float least = Probabilities.KthLargest(scores, Math.Min(Math.Max(K, Keep), scores.Length));
        foreach (ref float score in scores)
            if (score < least) score = float.NegativeInfinity;
    }
}

/// <summary>Keeps the likeliest tokens that hold p together (Holtzman et al., 2020).</summary>
/// <param name="P">From 0 to 1.</param>
/// <param name="Keep">Tokens kept at least.</param>
public sealed class TopPProcessor(double P, int Keep = 1) : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<int> tokens, Span<float> scores)
    {
        // Upwards, dropping while the sum is at most 1 − p: the token that crosses the bound stays.
        int[] order = Probabilities.AscendingCandidates(scores);
        float logSum = Probabilities.LogSumExp(scores);
        float sum = 0, bound = (float)(1 - P);
        for (int i = 0; i < order.Length - Keep; i++)
        {
            sum += MathF.Exp(scores[order[i]] - logSum);
            if (sum > bound) break;
            scores[order[i]] = float.NegativeInfinity;
        }
    }
}

/// <summary>Drops tokens below a share of the likeliest one's probability (Nguyen et al., 2024).</summary>
/// <param name="Share">From 0 to 1.</param>
/// <param name="Keep">Tokens kept at least.</param>
public sealed class MinPProcessor(double Share, int Keep = 1) : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<int> tokens, Span<float> scores)
    {
        int[] order = Probabilities.AscendingCandidates(scores);
        if (order.Length == 0) return;
        float logSum = Probabilities.LogSumExp(scores);
        float bound = (float)Share * MathF.Exp(scores[order[^1]] - logSum);
        for (int i = 0; i < order.Length - Keep; i++)
        {
            if (MathF.Exp(scores[order[i]] - logSum) >= bound) break;
            scores[order[i]] = float.NegativeInfinity;
        }
    }
}

/// <summary>Keeps the tokens whose surprise is nearest to the entropy (Meister et al., 2022).</summary>
/// <param name="Mass">Probability kept, above 0.</param>
/// <param name="Keep">Tokens kept at least.</param>
public sealed class TypicalProcessor(double Mass, int Keep = 1) : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<int> tokens, Span<float> scores)
    {
        int[] candidates = Probabilities.AscendingCandidates(scores);
        if (candidates.Length == 0) return;
        float logSum = Probabilities.LogSumExp(scores), entropy = Probabilities.Entropy(scores);
        var distance = new float[candidates.Length];
        var places = new int[candidates.Length];
        for (int i = 0; i < candidates.Length; i++)
        {
            distance[i] = MathF.Abs(logSum - scores[candidates[i]] - entropy);
            places[i] = i;
        }
        Array.Sort(places, (a, b) => distance[a] != distance[b] ? distance[a].CompareTo(distance[b]) : candidates[a].CompareTo(candidates[b]));
        int last = 0;
        float sum = 0;
        foreach (int place in places)
        {
            sum += MathF.Exp(scores[candidates[place]] - logSum);
            if (!(sum < (float)Mass)) break;
            last++;
        }
        float bound = distance[places[Math.Min(last, places.Length - 1)]];
        for (int i = Keep; i < places.Length; i++)
            if (distance[places[i]] > bound) scores[candidates[places[i]]] = float.NegativeInfinity;
    }
}

/// <summary>Keeps the likeliest tokens while the entropy they hold stays below a share of the whole (Potraghloo et al., 2025).</summary>
/// <param name="Share">Of the entropy of the 100 likeliest tokens, from 0 to 1.</param>
public sealed class TopHProcessor(double Share) : LogitsProcessor
{
    private const int Considered = 100;

    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<int> tokens, Span<float> scores)
    {
        int[] order = Probabilities.AscendingCandidates(scores);
        int kept = Math.Min(Considered, order.Length);
        var best = new float[kept];
        for (int i = 0; i < kept; i++) best[i] = scores[order[^(i + 1)]];
        float logSum = Probabilities.LogSumExp(best), bound = Probabilities.Entropy(best) * (float)Share, sum = 0;
        int count = 0;
        for (; count < kept; count++)
        {
            float logarithm = best[count] - logSum;
            sum -= MathF.Exp(logarithm) * logarithm;
            if (sum > bound && count > 0) break;
        }
        for (int i = 0; i < order.Length - count; i++) scores[order[i]] = float.NegativeInfinity;
    }
}

/// <summary>Drops tokens below a probability (Hewitt et al., 2022).</summary>
/// <param name="Epsilon">The probability.</param>
/// <param name="Keep">Tokens kept at least.</param>
public sealed class EpsilonProcessor(double Epsilon, int Keep = 1) : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<int> tokens, Span<float> scores) => Probabilities.DropBelow(scores, (float)Epsilon, Keep);
}

/// <summary>Drops tokens below a probability that falls with the entropy (Hewitt et al., 2022).</summary>
/// <param name="Epsilon">The cut-off at low entropy.</param>
/// <param name="Keep">Tokens kept at least.</param>
public sealed class EtaProcessor(double Epsilon, int Keep = 1) : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<int> tokens, Span<float> scores)
    {
        float bound = MathF.Min((float)Epsilon, MathF.Sqrt((float)Epsilon) * MathF.Exp(-Probabilities.Entropy(scores)));
        Probabilities.DropBelow(scores, bound, Keep);
    }
}

/// <summary>What the processors need to know of a row of logits.</summary>
internal static class Probabilities
{
    /// <summary>log Σ exp, the maximum taken out first.</summary>
    public static float LogSumExp(ReadOnlySpan<float> scores)
    {
        float largest = float.NegativeInfinity;
        foreach (float score in scores) largest = MathF.Max(largest, score);
        if (float.IsNegativeInfinity(largest)) return largest;
        double sum = 0;
        foreach (float score in scores) sum += MathF.Exp(score - largest);
        return largest + (float)Math.Log(sum);
    }

    /// <summary>−Σ p log p in nats.</summary>
    public static float Entropy(ReadOnlySpan<float> scores)
    {
        float logSum = LogSumExp(scores);
        double sum = 0;
        foreach (float score in scores)
            if (!float.IsNegativeInfinity(score)) sum -= (double)MathF.Exp(score - logSum) * (score - logSum);
        return (float)sum;
    }

    /// <summary>The places of the logits above −∞, smallest first, ties by place.</summary>
    public static int[] AscendingCandidates(ReadOnlySpan<float> scores)
    {
        int count = 0;
        foreach (float score in scores) count += float.IsNegativeInfinity(score) ? 0 : 1;
        var places = new int[count];
        var keys = new (float Score, int Place)[count];
        for (int i = 0, at = 0; i < scores.Length; i++)
        {
            if (float.IsNegativeInfinity(scores[i])) continue;
            keys[at] = (scores[i], i);
            places[at++] = i;
        }
        Array.Sort(keys, places);
        return places;
    }

    /// <summary>The k-th largest logit.</summary>
    public static float KthLargest(ReadOnlySpan<float> scores, int k)
    {
        // The k largest so far, the least of them on top: most logits are compared a single time.
        var heap = new PriorityQueue<int, float>(k);
        float least = float.NegativeInfinity;
        for (int i = 0; i < scores.Length; i++)
        {
            if (heap.Count < k) heap.Enqueue(i, scores[i]);
            else if (scores[i] > least) heap.EnqueueDequeue(i, scores[i]);
            else continue;
            least = scores[heap.Peek()];
        }
        return least;
    }

    /// <summary>Drops tokens below a probability, but never the largest ones.</summary>
    public static void DropBelow(Span<float> scores, float probability, int keep)
    {
        float logSum = LogSumExp(scores), kept = KthLargest(scores, Math.Min(keep, scores.Length));
        foreach (ref float score in scores)
            if (score < kept && MathF.Exp(score - logSum) < probability) score = float.NegativeInfinity;
    }
}
