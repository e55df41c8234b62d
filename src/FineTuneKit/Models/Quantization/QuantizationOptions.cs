namespace FineTuneKit.Models;

/// <summary>The 16 values that 4-bit codes stand for.</summary>
public enum FourBitType
{
    /// <summary>NormalFloat: quantiles of the normal distribution, for weights are near normal (Dettmers et al., 2023, arXiv 2305.14314).</summary>
    Nf4,

    /// <summary>Floating point of one sign, two exponent bits and one mantissa bit.</summary>
    Fp4,
}

/// <summary>How projections are stored in four bits a weight, as bitsandbytes does it.</summary>
public sealed record QuantizationOptions
{
    /// <summary>Default NF4. What codes stand for.</summary>
    public FourBitType Type { get; init; }

    /// <summary>Default 64. Weights that share a scale: a power of two from 32 to 4096.</summary>
    public int BlockSize { get; init; } = 64;

    /// <summary>Default false. Whether scales are stored in 8 bits each: 0.127 bits a weight at blocks of 64 instead of 0.5.</summary>
    public bool DoubleQuantization { get; init; }

    /// <summary>Default none. Modules that keep their type beside the head: one matches where its name ends in a given one.</summary>
    public IReadOnlyList<string> Skipped { get; init; } = [];

    /// <summary>The name of the type in files.</summary>
    internal string TypeName => Type == FourBitType.Nf4 ? "nf4" : "fp4";

    /// <summary>The options, checked.</summary>
    /// <exception cref="InputException">A block size that is not supported.</exception>
    public QuantizationOptions Validated()
    {
        if (BlockSize is < 32 or > 4096 || !int.IsPow2(BlockSize))
            throw new InputException($"the block size of a quantisation is {BlockSize}; a power of two from 32 to 4096 is required");
        return this;
    }

    /// <summary>Whether a module of this name is to keep its type.</summary>
    internal bool IsSkipped(string path) =>
        Skipped.Any(name => path == name || path.EndsWith("." + name, StringComparison.Ordinal) || path.StartsWith(name + ".", StringComparison.Ordinal));
}
