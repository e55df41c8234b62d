namespace FineTuneKit.Models;

/// <summary>
/// Blockwise 8-bit quantisation with dynamic exponents (Dettmers, 2015, arXiv 1511.04561; Dettmers et al., 2021, arXiv
/// 2110.02861): code · absmax of the block. Double quantisation stores the scales of 4-bit blocks so.
/// </summary>
public static class EightBitBlocks
{
    private const int Exponents = 7;
    private const int Bins = 1 << 16;

    /// <summary>The 256 values of codes, ascending from just above −1 to 1: the smaller a number, the fewer bits its fraction has.</summary>
    public static IReadOnlyList<float> Values { get; } = MakeValues();

    // The reference looks codes up by the number's place among 65,536 bins of [−1, 1]; near a middle the bin decides.
    private static readonly byte[] CodeOfBin = MakeBins();

    /// <summary>Codes and the largest magnitude of each block; the last block may be short.</summary>
    /// <param name="input">Finite numbers.</param>
    /// <param name="blockSize">Numbers that share a scale, 1 or more.</param>
    public static (byte[] Codes, float[] Absmax) Quantize(ReadOnlySpan<float> input, int blockSize)
    {
        var codes = new byte[input.Length];
        var absmax = new float[(input.Length + blockSize - 1) / blockSize];
        for (int block = 0; block < absmax.Length; block++)
        {
            int start = block * blockSize;
            ReadOnlySpan<float> part = input[start..Math.Min(start + blockSize, input.Length)];
            float largest = 0;
            foreach (float value in part) largest = Math.Max(largest, Math.Abs(value));
            absmax[block] = largest;
            if (largest == 0) continue; // code 0, times 0
            float inverse = 1 / largest;
            for (int i = 0; i < part.Length; i++) codes[start + i] = CodeOfBin[Bin(part[i] * inverse)];
        }
        return (codes, absmax);
    }

    /// <summary>The numbers that codes stand for.</summary>
    public static float[] Dequantize(ReadOnlySpan<byte> codes, ReadOnlySpan<float> absmax, int blockSize)
    {
        var values = new float[codes.Length];
        for (int i = 0; i < values.Length; i++) values[i] = Values[codes[i]] * absmax[i / blockSize];
        return values;
    }

    private static int Bin(float value) => (int)MathF.FusedMultiplyAdd((Math.Clamp(value, -1, 1) + 1) * 0.5f, Bins - 1, 0.5f);

    // For each power of ten a fraction of as many bits as the exponent leaves, at the middles of equal parts of [0.1, 1].
    private static float[] MakeValues()
    {
        var values = new List<float> { 0, 1 };
        for (int exponent = 0; exponent < Exponents; exponent++)
        {
            float[] bounds = Line((1 << exponent) + 1);
            var power = (float)Math.Pow(10, exponent - Exponents + 1);
            for (int i = 0; i + 1 < bounds.Length; i++)
            {
                float value = power * ((bounds[i] + bounds[i + 1]) / 2);
                values.Add(value);
                values.Add(-value);
            }
        }
        return [.. values.Order()];
    }

    // From 0.1 to 1, counted from the nearer end, each with one rounding.
    private static float[] Line(int count)
    {
        float step = (1 - 0.1f) / (count - 1);
        return [.. Enumerable.Range(0, count).Select(i => i < count / 2 ? MathF.FusedMultiplyAdd(step, i, 0.1f) : MathF.FusedMultiplyAdd(-step, count - 1 - i, 1))];
    }

    private static byte[] MakeBins()
    {
        var codes = new byte[Bins];
        int code = 0;
        for (int bin = 0; bin < Bins; bin++)
        {
            float value = -1 + 2f * bin / (Bins - 1);
            while (code + 1 < Values.Count && 0.5f * (Values[code] + Values[code + 1]) < value) code++;
            codes[bin] = (byte)code;
        }
        return codes;
    }
}
