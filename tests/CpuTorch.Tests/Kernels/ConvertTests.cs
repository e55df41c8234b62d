using CpuTorch.Kernels;
using Xunit;
using Convert = CpuTorch.Kernels.Convert;

namespace CpuTorch.Tests.Kernels;

[Collection("Kernels")]
public sealed unsafe class ConvertTests
{
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
