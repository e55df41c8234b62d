using System.Runtime.InteropServices;

namespace FineTuneKit.Models;

/// <summary>
/// Next-token cross-entropy as a sum with its count of target tokens, so that whoever adds batches up divides once.
/// Labels (B, T) int64 stand where the tokens stand; −100 is not trained. Position t predicts label t + 1.
/// </summary>
public static class LanguageModelLoss
{
    /// <summary>A label that is not trained.</summary>
    public const long Ignore = -100;

    /// <summary>
    /// The loss with logits only where a label is: for prompts that are masked the head, often the largest product
    /// of a small model, is never computed.
    /// </summary>
    /// <param name="decoder">A decoder with a language-model head.</param>
    /// <param name="ids">(B, T) int64.</param>
    /// <param name="labels">(B, T), row after row.</param>
    /// <param name="layout">Positions and visible keys.</param>
    /// <param name="labelSmoothing">Share of the target spread over the vocabulary, from 0 to 1.</param>
    /// <returns>The sum (scalar, with gradient), and the number of target tokens.</returns>
    public static (Tensor Sum, long Tokens) Evaluate(Decoder decoder, Tensor ids, ReadOnlySpan<long> labels, TokenLayout layout, double labelSmoothing = 0)
    {
        Tensor hidden = decoder.States(ids, layout); // (B, T, C), behind virtual tokens (B, V + T, C)
        int before = (int)hidden.size(1) - layout.Tokens;
        long count = Count(labels, layout.Tokens, before);
        if (count == 0) return (hidden.sum() * 0, 0);
        (Tensor places, Tensor targets) = Targets(labels, layout.Tokens, before, count);
        Tensor trained = hidden.reshape(-1, hidden.size(2)).index_select(0, places); // (N, C)
        return (decoder.LossSum(trained, targets, labelSmoothing), count);
    }

    /// <summary>The loss of full logits (B, T, V): for callers that need them anyway.</summary>
    public static (Tensor Sum, long Tokens) OfLogits(Tensor logits, ReadOnlySpan<long> labels, double labelSmoothing = 0)
    {
        int tokens = (int)logits.size(1);
        var shifted = new long[labels.Length];
        long count = 0;
        for (int i = 0; i < shifted.Length; i++)
        {
            shifted[i] = (i + 1) % tokens == 0 ? Ignore : labels[i + 1];
            if (shifted[i] != Ignore) count++;
        }
        return (Fused.CrossEntropySum(logits.reshape(-1, logits.size(2)), tensor(shifted), labelSmoothing), count);
    }

    // A row's first token has a place before it only behind virtual ones.
    private static bool IsTrained(ReadOnlySpan<long> labels, int i, int tokens, int before) =>
        labels[i] != Ignore && (before > 0 || i % tokens != 0);

    private static long Count(ReadOnlySpan<long> labels, int tokens, int before)
    {
        long count = 0;
        for (int i = 0; i < labels.Length; i++)
            if (IsTrained(labels, i, tokens, before)) count++;
        return count;
    }

    /// <summary>The flat places (N) whose next token is trained, and those tokens (N).</summary>
    private static (Tensor Places, Tensor Targets) Targets(ReadOnlySpan<long> labels, int tokens, int before, long count)
    {
        Tensor places = empty(count, ScalarType.Int64), targets = empty(count, ScalarType.Int64);
        Span<long> place = MemoryMarshal.Cast<byte, long>(places.bytes), target = MemoryMarshal.Cast<byte, long>(targets.bytes);
        int at = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            if (!IsTrained(labels, i, tokens, before)) continue;
            place[at] = (long)(i / tokens) * (before + tokens) + before + i % tokens - 1;
            target[at++] = labels[i];
        }
        return (places, targets);
    }
}
