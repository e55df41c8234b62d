namespace FineTuneKit.Models;

/// <summary>Attention whose weights are stored, so that a share of them can be dropped: the fused kernel never has them.</summary>
internal static class StoredAttention
{
    /// <summary>Queries (B, T, H, D), keys and values (B, T, Hkv, D) → (B, T, H, D).</summary>
    /// <param name="q">Queries.</param>
    /// <param name="k">Keys.</param>
    /// <param name="v">Values.</param>
    /// <param name="hidden">(B, 1, T, T) bool: true where a query does not see a key.</param>
    /// <param name="scale">What scores are multiplied by.</param>
    /// <param name="softCap">Scores become cap · tanh(score / cap) where it is not 0.</param>
    /// <param name="share">The share of the weights to drop.</param>
    public static Tensor Attend(Tensor q, Tensor k, Tensor v, Tensor hidden, double scale, double softCap, double share)
    {
        long group = q.size(2) / k.size(2);
        Tensor keys = k.repeat_interleave(group, 2).transpose(1, 2), values = v.repeat_interleave(group, 2).transpose(1, 2); // (B, H, T, D)
        Tensor scores = matmul(q.transpose(1, 2), keys.transpose(2, 3)) * scale;
        if (softCap > 0) scores = tanh(scores / softCap) * softCap;
        // Not minus infinity: a query of the padding may see nothing, and is read by nobody.
        Tensor weights = scores.masked_fill(hidden, float.MinValue).softmax(-1);
        return matmul(Fused.Dropout(weights, share), values).transpose(1, 2);
    }
}
