namespace FineTuneKit.Models;

/// <summary>Multiplies positive and divides negative logits of the prompt's tokens: above 1 keeps to the prompt (<c>encoder_repetition_penalty</c>).</summary>
/// <param name="Penalty">Above 0.</param>
/// <param name="Prompt">The prompt.</param>
public sealed class PromptPenaltyProcessor(double Penalty, IReadOnlyList<int> Prompt) : LogitsProcessor
{
    private readonly int[] _prompt = [.. Prompt];
    private readonly RepetitionPenaltyProcessor _inverse = new(1 / Penalty);

    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<int> tokens, Span<float> scores) => _inverse.Apply(_prompt, scores);
}

/// <summary>Drops tokens that would complete an n-gram of the prompt (<c>encoder_no_repeat_ngram_size</c>).</summary>
/// <param name="Size">n, from 1.</param>
/// <param name="Prompt">The prompt.</param>
public sealed class NoPromptNGramProcessor(int Size, IReadOnlyList<int> Prompt) : LogitsProcessor
{
    private readonly int[] _prompt = [.. Prompt];

    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<int> tokens, Span<float> scores)
    {
        if (tokens.Length + 1 < Size) return;
        ReadOnlySpan<int> last = tokens[(tokens.Length - Size + 1)..];
        for (int end = Size - 1; end < _prompt.Length; end++)
            if (_prompt.AsSpan(end - Size + 1, Size - 1).SequenceEqual(last)) scores[_prompt[end]] = float.NegativeInfinity;
    }
}

/// <summary>At one length nothing but these tokens.</summary>
/// <param name="ids">What is left, with a logit of 0.</param>
/// <param name="atLength">The row's length, prompt included.</param>
public sealed class ForceProcessor(IReadOnlyList<int> ids, int atLength) : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<int> tokens, Span<float> scores)
    {
        if (tokens.Length != atLength) return;
        scores.Fill(float.NegativeInfinity);
        foreach (int id in ids) scores[id] = 0;
    }
}

/// <summary>Which tokens may follow a row: what a grammar, a list of answers or a format allows.</summary>
/// <param name="tokens">The row so far, prompt included.</param>
public delegate IReadOnlyList<int> AllowedTokens(ReadOnlySpan<int> tokens);

/// <summary>Drops what is not allowed (<c>prefix_allowed_tokens_fn</c>).</summary>
/// <param name="Allowed">What may follow.</param>
public sealed class AllowOnlyProcessor(AllowedTokens Allowed) : LogitsProcessor
{
    /// <inheritdoc/>
    /// <exception cref="InputException">Nothing is allowed.</exception>
    public override void Apply(ReadOnlySpan<int> tokens, Span<float> scores)
    {
        IReadOnlyList<int> ids = Allowed(tokens);
        if (ids.Count == 0) throw new InputException($"no token may follow the {tokens.Length} of the row; at least one must be allowed, such as a stop token");
        Span<float> kept = ids.Count <= 256 ? stackalloc float[ids.Count] : new float[ids.Count];
        for (int i = 0; i < ids.Count; i++) kept[i] = scores[ids[i]];
        // Where others dropped all that is allowed, what is allowed counts alike, as in the reference.
        if (kept.IndexOfAnyExcept(float.NegativeInfinity) < 0) kept.Clear();
        scores.Fill(float.NegativeInfinity);
        for (int i = 0; i < ids.Count; i++) scores[ids[i]] = kept[i];
    }
}

/// <summary>From when on stop tokens gain, and by how much.</summary>
/// <param name="Start">New tokens before they do.</param>
/// <param name="Factor">After n more, |logit| (factorⁿ − 1) is added.</param>
public readonly record struct StopGrowth(int Start, double Factor);

/// <summary>Stop tokens gain exponentially after a length (<c>exponential_decay_length_penalty</c>).</summary>
/// <param name="Growth">From when, and by how much.</param>
/// <param name="PromptLength">Tokens of the prompt.</param>
/// <param name="StopIds">What gains.</param>
public sealed class StopGrowthProcessor(StopGrowth Growth, int PromptLength, IReadOnlyList<int> StopIds) : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<int> tokens, Span<float> scores)
    {
        int beyond = tokens.Length - PromptLength - Growth.Start;
        if (beyond <= 0) return;
        foreach (int id in StopIds) scores[id] += MathF.Abs(scores[id]) * (float)(Math.Pow(Growth.Factor, beyond) - 1);
    }
}

/// <summary>NaN becomes 0, an infinity the largest or smallest float (<c>remove_invalid_values</c>).</summary>
public sealed class ReplaceInvalidProcessor : LogitsProcessor
{
    /// <inheritdoc/>
    public override void Apply(ReadOnlySpan<int> tokens, Span<float> scores)
    {
        foreach (ref float score in scores) score = float.IsNaN(score) ? 0 : Math.Clamp(score, float.MinValue, float.MaxValue);
    }
}
