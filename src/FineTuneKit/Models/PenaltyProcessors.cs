namespace FineTuneKit.Models;

/// <summary>Divides positive and multiplies negative logits of tokens that stand already (Keskar et al., 2019).</summary>
/// <param name="Penalty">Above 1 discourages.</param>
/// <param name="IgnoreFirst">Tokens at the start that do not count.</param>
public sealed class RepetitionPenaltyProcessor(double Penalty, int IgnoreFirst = 0) : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<int> tokens, Span<float> scores)
    {
        var done = new HashSet<int>();
        foreach (int token in tokens[Math.Min(IgnoreFirst, tokens.Length)..])
        {
            if (token >= scores.Length || !done.Add(token)) continue;
            ref float score = ref scores[token];
            score = score < 0 ? score * (float)Penalty : score / (float)Penalty;
        }
    }
}

/// <summary>Drops tokens that would complete an n-gram that stands already.</summary>
/// <param name="Size">n, from 1.</param>
public sealed class NoRepeatNGramProcessor(int Size) : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<int> tokens, Span<float> scores)
    {
        if (tokens.Length + 1 < Size) return;
        ReadOnlySpan<int> last = tokens[(tokens.Length - Size + 1)..];
        for (int end = Size - 1; end < tokens.Length; end++)
            if (tokens.Slice(end - Size + 1, Size - 1).SequenceEqual(last)) scores[tokens[end]] = float.NegativeInfinity;
    }
}

/// <summary>Adds to the logit of a sequence's last token where the tokens before it stand.</summary>
/// <param name="Biases">Sequences and what is added.</param>
public sealed class SequenceBiasProcessor(IReadOnlyList<SequenceBias> Biases) : LogitsProcessor
{
    /// <summary>Sequences that must not appear; a lone stop token stays allowed.</summary>
    public static SequenceBiasProcessor Forbid(IEnumerable<IReadOnlyList<int>> words, IReadOnlyList<int> stopIds) =>
        new([.. words.Where(word => word.Count > 1 || !stopIds.Contains(word[0])).Select(word => new SequenceBias(word, float.NegativeInfinity))]);

    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<int> tokens, Span<float> scores)
    {
        // Summed first, as the reference sums: several biases on one token do not depend on their order.
        var sums = new SortedDictionary<int, float>();
        foreach (SequenceBias item in Biases)
        {
            int prefix = item.Ids.Count - 1;
            if (prefix > 0 && item.Ids.Count > tokens.Length) continue;
            if (Ends(tokens, item.Ids, prefix)) sums[item.Ids[prefix]] = sums.GetValueOrDefault(item.Ids[prefix]) + item.Bias;
        }
        foreach ((int token, float bias) in sums) scores[token] += bias;
    }

    private static bool Ends(ReadOnlySpan<int> tokens, IReadOnlyList<int> ids, int prefix)
    {
        for (int i = 0; i < prefix; i++)
            if (tokens[tokens.Length - prefix + i] != ids[i]) return false;
        return true;
    }
}

/// <summary>No stop token before a length.</summary>
/// <param name="Length">Tokens, prompt included.</param>
/// <param name="StopIds">What is held back.</param>
public sealed class MinLengthProcessor(int Length, IReadOnlyList<int> StopIds) : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<int> tokens, Span<float> scores)
    {
        if (tokens.Length >= Length) return;
        foreach (int id in StopIds) scores[id] = float.NegativeInfinity;
    }
}

/// <summary>Drops tokens, always or only at one length.</summary>
/// <param name="Ids">What is dropped.</param>
/// <param name="OnlyAtLength">The row's length at which it is dropped; null for always.</param>
public sealed class SuppressProcessor(IReadOnlyList<int> Ids, int? OnlyAtLength = null) : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<int> tokens, Span<float> scores)
    {
        if (OnlyAtLength is { } length && tokens.Length != length) return;
        foreach (int id in Ids) scores[id] = float.NegativeInfinity;
    }
}

/// <summary>Logits become log-probabilities.</summary>
public sealed class NormalizeProcessor : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<int> tokens, Span<float> scores)
    {
        float logSum = Probabilities.LogSumExp(scores);
        foreach (ref float score in scores) score -= logSum;
    }
}
