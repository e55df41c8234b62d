namespace CpuTorch;

/// <summary>
/// What turns the 4-bit codes of a weight into numbers (Dettmers et al., 2023, arXiv 2305.14314), under the names that
/// checkpoints give the parts: value = code[i] · absmax of its block; blocks run over the flattened weight.
/// </summary>
/// <param name="shape">The weight's shape, (out, in).</param>
/// <param name="blocksize">Weights that share a scale.</param>
/// <param name="code">The 16 values that codes stand for, float32.</param>
/// <param name="absmax">A scale for each block, float32; or a code for each, uint8, where the scales are quantised too.</param>
public sealed record QuantState(long[] shape, long blocksize, torch.Tensor code, torch.Tensor absmax)
{
    /// <summary>The scale of each block of scales, float32; null where scales are float32 themselves.</summary>
    public torch.Tensor? nested_absmax { get; init; }

    /// <summary>The 256 values that the codes of scales stand for, float32.</summary>
    public torch.Tensor? nested_code { get; init; }

    /// <summary>Scales that share a scale.</summary>
    public long nested_blocksize { get; init; } = 256;

    /// <summary>What is added to an unpacked scale.</summary>
    public float nested_offset { get; init; }
}
