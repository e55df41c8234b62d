namespace FineTuneKit.Models;

/// <summary>
/// The kernels that the embedded engine has and TorchSharp lacks, each behind one function: the only place where
/// the two stacks differ.
/// </summary>
internal static class Fused
{
    /// <summary>x / rms(x) · weight over the last dimension.</summary>
    public static Tensor RmsNorm(Tensor x, Tensor weight, double epsilon) => nn.functional.rms_norm(x, weight, epsilon);

    /// <summary>Turns each pair (i, i + D/2) of (B, T, H, D) by its position's angle; tables (positions, D/2), positions (B, T) int32.</summary>
    public static Tensor Rotary(Tensor x, Tensor cos, Tensor sin, Tensor positions) => nn.functional.rotary(x, cos, sin, positions);

    /// <summary>
    /// Softmax attention of q (B, T, H, D) over k, v (B, S, Hkv, D) → (B, T, H, D), scores never stored. Causal: query
    /// i sees keys up to i + S − T, the last <paramref name="window"/> of them where that is not 0. keyStart (B, T) int32
    /// is the first visible key, keyEnd (B) int32 one past the last. Scores become cap · tanh(score / cap) where the cap is not 0.
    /// </summary>
    public static Tensor Attention(
        Tensor q, Tensor k, Tensor v, double scale, bool causal, int window = 0, Tensor? keyStart = null, Tensor? keyEnd = null, double softCap = 0) =>
        nn.functional.attention(q, k, v, scale, causal, window, keyStart, keyEnd, softCap);

    /// <summary>Writes tokens (B, T, H, D) into a cache (slots, capacity, H, D), those of row i behind the lengths[i] that slot i holds.</summary>
    public static void AppendToCache(Tensor cache, Tensor tokens, ReadOnlySpan<int> lengths) => nn.functional.cache_append_(cache, tokens, lengths);

    /// <summary>x Wᵀ + b + scale · (x Aᵀ) Bᵀ, the projection and its low-rank update in one pass; the update may read another x, after dropout.</summary>
    public static Tensor LoraLinear(Tensor x, Tensor weight, Tensor? bias, Tensor a, Tensor b, double scale, Tensor? dropped = null) =>
        nn.functional.lora_linear(x, weight, bias, a, b, scale, dropped);

    /// <summary>The same beside a layer, whose weight may be packed in four bits a number, with the bias that is given.</summary>
    public static Tensor LoraLinear(Tensor x, Linear layer, Tensor? bias, Tensor a, Tensor b, double scale, Tensor? dropped = null) =>
        layer.Packed is { } packed ? LoraLinear(x, packed, bias, a, b, scale, dropped) : LoraLinear(x, layer.Matrix, bias, a, b, scale, dropped);

    /// <summary>The same by a weight of four bits a number.</summary>
    public static Tensor LoraLinear(Tensor x, FourBitWeight weight, Tensor? bias, Tensor a, Tensor b, double scale, Tensor? dropped = null) =>
        nn.functional.lora_linear_4bit(x, weight.Codes, weight.State, bias, a, b, scale, dropped);

    /// <summary>x Wᵀ + b by a frozen weight that stays in four bits a number: it is unpacked stripe by stripe inside the product.</summary>
    public static Tensor FourBitLinear(Tensor x, FourBitWeight weight, Tensor? bias) => nn.functional.linear_4bit(x, weight.Codes, weight.State, bias);

    /// <summary>The float32 matrix (out, in) that 4-bit codes stand for.</summary>
    public static Tensor Unpacked(FourBitWeight weight) => nn.functional.dequantize_4bit(weight.Codes, weight.State);

    /// <summary>Counts the writes to a tensor's memory, so that what was computed from it is known to be still true.</summary>
    public static int Writes(Tensor x) => x._version;

    /// <summary>x with a share p of its components set to 0 and the rest scaled by 1 / (1 − p), drawn from the generator, or from torch's own.</summary>
    public static Tensor Dropout(Tensor x, double p, Generator? draws = null) => nn.functional.dropout(x, p, generator: draws);

    /// <summary>
    /// function(input), whose inner values are not kept for the backward pass but computed again (Chen et al. 2016, arXiv
    /// 1604.06174), with the same bits. What it reads and others may dispose is given along.
    /// </summary>
    public static Tensor Checkpoint(Func<Tensor, Tensor> function, Tensor input, IDisposable held) => utils.checkpoint(function, input, held);

    /// <summary>A scope whose handles serve again once it ends; nobody may keep one beyond it.</summary>
    public static DisposeScope NewReusingScope() => NewReusingDisposeScope();

    /// <summary>Gives memory that no tensor holds back to the system, as after a float model was packed.</summary>
    public static void GiveBackMemory() => memory.trim();

    /// <summary>silu(gate) · up.</summary>
    public static Tensor SwiGlu(Tensor gate, Tensor up) => nn.functional.swiglu(gate, up);

    /// <summary>Sum of −log p(target) over the rows of (N, V) whose target is not −100, with label smoothing.</summary>
    public static Tensor CrossEntropySum(Tensor logits, Tensor targets, double labelSmoothing) =>
        nn.functional.cross_entropy_sum(logits, targets, -100, labelSmoothing);

    /// <summary>The same sum from the states (N, C) that a head of weight (V, C) reads: the logits are never there together.</summary>
    public static Tensor LinearCrossEntropySum(Tensor states, Tensor weight, Tensor targets, double labelSmoothing) =>
        nn.functional.linear_cross_entropy_sum(states, weight, targets, -100, labelSmoothing);
}
