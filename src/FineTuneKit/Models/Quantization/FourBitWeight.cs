namespace FineTuneKit.Models;

/// <summary>
/// The weight of a projection in four bits a number, with what bitsandbytes keeps beside it. The numbers are, to the bit,
/// those that bitsandbytes computes from the same weight on a CPU.
/// </summary>
public sealed class FourBitWeight : IDisposable
{
    /// <summary>Scales that share a scale under double quantisation.</summary>
    internal const int ScaleBlockSize = 256;

    // What the reference divides by where all weights of a block are 0.
    private const float SmallestScale = 1e-38f;

    internal FourBitWeight(QuantizationOptions options, Tensor codes, QuantState state, ScalarType original)
    {
        (Options, OriginalType) = (options, original);
        Codes = new Parameter(codes.DetachFromDisposeScope(), requires_grad: false);
        Codes.DetachFromDisposeScope();
        State = state;
        foreach (Tensor? part in Parts) part?.DetachFromDisposeScope();
    }

    /// <summary>Type, block size, and whether scales are quantised.</summary>
    public QuantizationOptions Options { get; }

    /// <summary>uint8 (⌈out · in / 2⌉, 1): two codes to a byte, the first in the high half, row after row.</summary>
    public Parameter Codes { get; }

    /// <summary>Shape (out, in), values and scales.</summary>
    public QuantState State { get; }

    /// <summary>The type that the weight had before.</summary>
    public ScalarType OriginalType { get; }

    /// <summary>Bytes of codes, scales and values.</summary>
    public long ByteCount => Codes.numel() + Parts.Sum(part => part is null ? 0 : part.numel() * part.ElementSize);

    private IEnumerable<Tensor?> Parts => [State.code, State.absmax, State.nested_absmax, State.nested_code];

    /// <summary>Quantises a matrix.</summary>
    /// <param name="matrix">(out, in), any real type.</param>
    /// <param name="options">Type, block size, double quantisation.</param>
    /// <param name="name">The weight's name, for messages.</param>
    /// <param name="original">The type to note as that of the original; null for the matrix's own.</param>
    /// <exception cref="InputException">Numbers that are not finite, or a block size that is not supported.</exception>
    public static FourBitWeight Quantize(Tensor matrix, QuantizationOptions options, string name = "the weight", ScalarType? original = null)
    {
        options.Validated();
        using (no_grad())
        using (Tensor dense = matrix.detach().to(ScalarType.Float32).contiguous())
        {
            Tensor codes = empty([(dense.numel() + 1) / 2, 1], dtype: ScalarType.Byte);
            float[] absmax = Pack(dense, codes, options, name);
            var state = new QuantState([.. dense.shape], options.BlockSize, tensor(FourBitCode.Of(options.Type).Values.ToArray()), tensor(absmax));
            return new FourBitWeight(options, codes, options.DoubleQuantization ? WithPackedScales(state, absmax) : state, original ?? matrix.dtype);
        }
    }

    /// <summary>The weight as float32 (out, in).</summary>
    public Tensor Dequantize() => Fused.Unpacked(this);

    /// <summary>Frees everything.</summary>
    public void Dispose()
    {
        Codes.Dispose();
        foreach (Tensor? part in Parts) part?.Dispose();
    }

    // Blocks are independent: each thread takes some, and none shares a byte with another.
    private static float[] Pack(Tensor dense, Tensor codes, QuantizationOptions options, string name)
    {
        int size = options.BlockSize;
        long count = dense.numel();
        var absmax = new float[(count + size - 1) / size];
        Parallel.For(0, (absmax.Length + 255) / 256, part =>
        {
            for (int block = part * 256; block < Math.Min(absmax.Length, (part + 1) * 256); block++)
            {
                var start = (int)((long)block * size);
                absmax[block] = PackBlock(dense.span<float>()[start..(int)Math.Min(start + size, count)], codes.span<byte>()[(start / 2)..], options);
            }
        });
        int bad = Array.FindIndex(absmax, scale => !float.IsFinite(scale));
        return bad < 0 ? absmax : throw new InputException($"{name} holds numbers that are not finite, near number {(long)bad * size}; they cannot be quantised");
    }

    private static float PackBlock(ReadOnlySpan<float> weights, Span<byte> codes, QuantizationOptions options)
    {
        float largest = 0;
        foreach (float weight in weights) largest = float.IsNaN(weight) ? weight : Math.Max(largest, Math.Abs(weight));
        // The reference multiplies whole blocks by the inverse and divides the last, short one.
        bool whole = weights.Length == options.BlockSize;
        float scale = Math.Max(largest, SmallestScale), inverse = 1 / scale;
        FourBitCode code = FourBitCode.Of(options.Type);
        for (int i = 0; i < weights.Length; i += 2)
        {
            byte high = Code(weights[i]), low = Code(i + 1 < weights.Length ? weights[i + 1] : 0);
            codes[i / 2] = (byte)(high << 4 | low);
        }
        return whole ? largest : scale;

        byte Code(float weight) => code.Nearest(Math.Clamp(whole ? weight * inverse : weight / scale, -1, 1));
    }

    private static QuantState WithPackedScales(QuantState state, float[] absmax)
    {
        float offset = CascadeSum.Mean(absmax);
        (byte[] codes, float[] scales) = EightBitBlocks.Quantize([.. absmax.Select(scale => scale - offset)], ScaleBlockSize);
        state.absmax.Dispose();
        return state with
        {
            absmax = tensor(codes),
            nested_absmax = tensor(scales),
            nested_code = tensor(EightBitBlocks.Values.ToArray()),
            nested_blocksize = ScaleBlockSize,
            nested_offset = offset,
        };
    }
}
