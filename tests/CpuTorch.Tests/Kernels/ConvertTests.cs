using CpuTorch.Kernels;
using Xunit;
using Convert = CpuTorch.Kernels.Convert;

namespace CpuTorch.Tests.Kernels;

[Collection("Kernels")]
public sealed unsafe class ConvertTests
{
    [Fact]
    public void Rounding_at_random_keeps_the_mean_and_every_form_draws_alike()
    {
        const int n = 100_003;
        // bfloat16's neighbours of 1.001 are 1 and 1.0078125.
        foreach (float value in new[] { 1.001f, -3.3f, 1e-30f })
        {
            using var x = new Floats(n);
            new Span<float>(x.Pointer, n).Fill(value);
            float below = Convert.BFloat16ToFloat((ushort)(BitConverter.SingleToUInt32Bits(value) >> 16));
            float above = Convert.BFloat16ToFloat((ushort)((BitConverter.SingleToUInt32Bits(value) >> 16) + 1));
            double[]? first = null;
            KernelCheck.EveryForm([0, 0], 0, () =>
            {
                ushort[] rounded = new ushort[n];
                fixed (ushort* y = rounded) Convert.FloatToBFloat16AtRandom(n, x.Pointer, y, seed: 7);
                double[] back = [.. rounded.Select(bits => (double)Convert.BFloat16ToFloat(bits))];
                first ??= back;
                // Four standard errors of a mean of n draws between the two.
                double slack = 4 * Math.Abs(above - below) / (2 * Math.Sqrt(n));
                return [back.SequenceEqual(first) && back.All(b => b == below || b == above) ? 0 : 1, Math.Abs(back.Average() - value) <= slack ? 0 : 1];
            });
        }
    }

    [Fact]
    public void Rounding_at_random_leaves_what_bfloat16_holds()
    {
        float[] values = [0, -0f, 1, -2.5f, float.PositiveInfinity, float.NegativeInfinity, float.NaN, BitConverter.UInt32BitsToSingle(0x7FFFFFFF), BitConverter.UInt32BitsToSingle(0xFFFFFFFF)];
        ushort[] rounded = new ushort[values.Length];
        fixed (float* x = values)
        fixed (ushort* y = rounded)
        {
            Convert.FloatToBFloat16AtRandom(values.Length, x, y, seed: 1);
        }

        for (int i = 0; i < values.Length; i++) Assert.Equal(values[i], Convert.BFloat16ToFloat(rounded[i]));
    }

    [Fact]
    public void Every_half_and_bfloat16_survives_the_way_there_and_back()
    {
        ushort[] all = [.. Enumerable.Range(0, 65536).Select(i => (ushort)i)];
        KernelCheck.EveryForm([0, 0], 0, () =>
        {
            using var wide = new Floats(all.Length);
            ushort[] back = new ushort[all.Length];
            int wrong = 0;
            int wrongHalf = 0;
            fixed (ushort* source = all, target = back)
            {
                Convert.BFloat16ToFloat(all.Length, source, wide.Pointer);
                Convert.FloatToBFloat16(all.Length, wide.Pointer, target);
                for (int i = 0; i < all.Length; i++)
                {
                    wrong += float.IsNaN(wide[i]) ? (float.IsNaN(Convert.BFloat16ToFloat(back[i])) ? 0 : 1) : back[i] == i ? 0 : 1;
                }

                Convert.HalfToFloat(all.Length, source, wide.Pointer);
                for (int i = 0; i < all.Length; i++)
                {
                    wrongHalf += wide[i].Equals((float)BitConverter.UInt16BitsToHalf((ushort)i)) ? 0 : 1;
                }

                Convert.FloatToHalf(all.Length, wide.Pointer, target);
                for (int i = 0; i < all.Length; i++)
                {
                    wrongHalf += float.IsNaN(wide[i]) || back[i] == i ? 0 : 1;
                }
            }

            return [wrong, wrongHalf];
        });
    }

    [Theory]
    [InlineData(0x3F808000u, 0x3F80)]
    [InlineData(0x3F818000u, 0x3F82)]
    [InlineData(0x3F808001u, 0x3F81)]
    [InlineData(0x7F7FFFFFu, 0x7F80)]
    [InlineData(0xFF800000u, 0xFF80)]
    [InlineData(0x7F800001u, 0x7FC0)]
    [InlineData(0x00000001u, 0x0000)]
    public void Bfloat16_rounds_to_nearest_even(uint bits, int expected) =>
        KernelCheck.EveryForm([.. Enumerable.Repeat((double)expected, 9)], 0, () =>
        {
            using var x = new Floats(9);
            ushort[] y = new ushort[9];
            new Span<float>(x.Pointer, 9).Fill(BitConverter.UInt32BitsToSingle(bits));
            fixed (ushort* target = y)
            {
                Convert.FloatToBFloat16(9, x.Pointer, target);
            }

            return [.. y.Select(v => (float)v)];
        });
}
