namespace FineTuneKit.Models;

/// <summary>The values of 4-bit codes, and the code that is nearest to a number.</summary>
internal sealed class FourBitCode
{
    // From the paper's appendix E: the means of neighbouring quantiles of N(0, 1), scaled to [−1, 1], with an exact zero.
    private static readonly FourBitCode Normal = new(
    [
        -1f, -0.6961928009986877f, -0.5250730514526367f, -0.39491748809814453f, -0.28444138169288635f, -0.18477343022823334f, -0.09105003625154495f, 0f,
        0.07958029955625534f, 0.16093020141124725f, 0.24611230194568634f, 0.33791524171829224f, 0.44070982933044434f, 0.5626170039176941f, 0.7229568362236023f, 1f,
    ]);

    // Sign, exponent, mantissa over the largest value, 12; the smallest is subnormal.
    private static readonly FourBitCode Floating = new(
    [
        0f, 0.0625f / 12, 8f / 12, 12f / 12, 4f / 12, 6f / 12, 2f / 12, 3f / 12,
        0f, -0.0625f / 12, -8f / 12, -12f / 12, -4f / 12, -6f / 12, -2f / 12, -3f / 12,
    ]);

    private readonly float[] _values, _middles;
    private readonly byte[] _order;

    private FourBitCode(float[] values)
    {
        _values = values;
        // A stable order: of the two zeros of FP4 the first is below the second, so that small positive numbers take the second.
        _order = [.. Enumerable.Range(0, values.Length).OrderBy(code => values[code]).Select(code => (byte)code)];
        _middles = [.. _order.Zip(_order.Skip(1), (low, high) => (values[low] + values[high]) / 2)];
    }

    /// <summary>The 16 values by code.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>The code of a type.</summary>
    public static FourBitCode Of(FourBitType type) => type == FourBitType.Nf4 ? Normal : Floating;

    /// <summary>The code whose value is nearest; the lower one in the middle of two.</summary>
    public byte Nearest(float value)
    {
        int below = 0;
        foreach (float middle in _middles) below += middle < value ? 1 : 0;
        return _order[below];
    }
}
