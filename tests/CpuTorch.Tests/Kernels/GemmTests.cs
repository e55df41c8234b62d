using CpuTorch.Kernels;
using Xunit;

namespace CpuTorch.Tests.Kernels;

[Collection("Kernels")]
public sealed unsafe class GemmTests
{
    public static TheoryData<int, int, int> Shapes =>
        new()
        {
            { 1, 1, 1 }, { 1, 33, 65 }, { 1, 300, 257 }, { 2, 5, 3 }, { 3, 96, 40 }, { 5, 7, 1 }, { 7, 16, 31 }, { 8, 1, 100 }, { 14, 32, 64 }, { 15, 33, 70 },
            { 13, 31, 400 }, { 28, 64, 1 }, { 64, 8, 129 }, { 100, 3, 50 }, { 129, 65, 33 }, { 8, 70, 300 }, { 300, 8, 90 }, { 140, 100, 800 }, { 4, 4, 0 },
            { 21, 12, 31 }, { 70, 16, 40 }, { 33, 9, 7 }, { 17, 64, 1 }, { 39, 100, 16 }, { 65, 131, 9 },
        };

    // Too large a right operand to be packed at once, in both directions.
    [Theory]
    [InlineData(17, 700, 6100, true)]
    [InlineData(17, 700, 6100, false)]
    [InlineData(17, 8200, 520, true)]
    [InlineData(17, 8200, 520, false)]
    public void A_product_in_slabs_equals_the_naive_one(int m, int n, int k, bool withBias)
    {
        using Floats a = Floats.Random(m * k, 1, 0.1f);
        using Floats b = Floats.Random((long)n * k, 2, 0.1f);
        using Floats bias = Floats.Random(n, 3);
        double[] expected = new double[m * n];
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double sum = withBias ? bias[j] : 2;
                for (int p = 0; p < k; p++)
                {
                    sum += (double)a[(i * k) + p] * b[((long)j * k) + p];
                }

                expected[(i * n) + j] = sum;
            }
        }

        KernelCheck.EveryForm(expected, 3e-6, () =>
        {
            using var c = new Floats(m * n);
            new Span<float>(c.Pointer, m * n).Fill(2);
            Gemm.Run(m, n, k, a.Pointer, k, 1, b.Pointer, 1, k, c.Pointer, n, withBias ? 0 : 1, withBias ? bias.Pointer : null);
            return c.ToArray();
        });
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Equals_the_naive_product_for_all_strides(int m, int n, int k)
    {
        for (int variant = 0; variant < 32; variant++)
        {
            (bool aTransposed, bool bTransposed, bool bias, bool accumulate, bool gaps) =
                ((variant & 1) != 0, (variant & 2) != 0, (variant & 4) != 0, (variant & 8) != 0, (variant & 16) != 0);
            if (bias && accumulate) continue; // one term, as the product's contract says
            int step = gaps ? 2 : 1;
            (long aRow, long aCol) = aTransposed ? (step, m * step) : (k * step, step);
            (long bRow, long bCol) = bTransposed ? (step, k * step) : (n * step, step);
            long cRow = n + (gaps ? 3 : 0);
            using Floats a = Floats.Random(Math.Max(1, m * k * step), 1);
            using Floats b = Floats.Random(Math.Max(1, n * k * step), 2);
            using Floats old = Floats.Random(m * cRow, 3);
            using Floats offsets = Floats.Random(n, 4);
            double[] expected = Array.ConvertAll(old.ToArray(), x => (double)x);
            for (int i = 0; i < m; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    double sum = (accumulate ? expected[(i * cRow) + j] : 0) + (bias ? offsets[j] : 0);
                    for (int p = 0; p < k; p++)
                    {
                        sum += (double)a[(i * aRow) + (p * aCol)] * b[(p * bRow) + (j * bCol)];
                    }

                    expected[(i * cRow) + j] = sum;
                }
            }

            KernelCheck.EveryForm(expected, 3e-6, () =>
            {
                using var c = new Floats(old.Count);
                Buffer.MemoryCopy(old.Pointer, c.Pointer, old.Count * 4, old.Count * 4);
                Gemm.Run(m, n, k, a.Pointer, aRow, aCol, b.Pointer, bRow, bCol, c.Pointer, cRow, accumulate ? 1 : 0, bias ? offsets.Pointer : null);
                return c.ToArray();
            });
        }
    }

    [Fact]
    public void Old_contents_are_not_read_without_beta()
    {
        using Floats a = Floats.Random(20 * 30, 1);
        using Floats b = Floats.Random(30 * 40, 2);
        using var c = new Floats(20 * 40);
        new Span<float>(c.Pointer, 800).Fill(float.NaN);
        Gemm.Run(20, 40, 30, a.Pointer, 30, 1, b.Pointer, 40, 1, c.Pointer, 40);
        Assert.DoesNotContain(c.ToArray(), float.IsNaN);
    }

    [Theory]
    [InlineData(1, 20, 40, 30)]
    [InlineData(9, 20, 40, 30)]
    [InlineData(7, 1, 17, 5)]
    public void Batches_are_independent_products(int batch, int m, int n, int k)
    {
        using Floats a = Floats.Random(batch * m * k, 1);
        using Floats b = Floats.Random(batch * n * k, 2);
        double[] expected = new double[batch * m * n];
        for (int i = 0; i < expected.Length; i++)
        {
            (int item, int row, int column) = (i / (m * n), i / n % m, i % n);
            for (int p = 0; p < k; p++)
            {
                expected[i] += (double)a[(((item * m) + row) * k) + p] * b[(((item * k) + p) * n) + column];
            }
        }

        KernelCheck.EveryForm(expected, 2e-6, () =>
        {
            using var c = new Floats(batch * m * n);
            Gemm.RunBatched(batch, m, n, k, a.Pointer, m * k, k, 1, b.Pointer, k * n, n, 1, c.Pointer, m * n, n, 0);
            return c.ToArray();
        });
    }
}
