namespace CpuTorch.Kernels;

/// <summary>
/// Products by a matrix of 4-bit codes, W (n, k), that stays packed: stripes of its rows are unpacked into a scratch that
/// the second-level cache holds, and multiplied from there.
/// </summary>
internal static unsafe class FourBitGemm
{
    // Half a cache's worth on each of two cores; what is above pays the product's own packing, a few percent of it.
    private const long StripeFloats = 1L << 19;

    // Whole column tiles, and an even number, so that a stripe starts with a byte.
    private const long RowsAtOnce = 96;

    /// <summary>C[i, j] = Σ A[i, p] W[j, p] + bias[j]; any strides for A; rows of C cRow apart.</summary>
    public static void ByTranspose(long m, long n, long k, float* a, long aRow, long aCol, in FourBitMatrix w, float* c, long cRow, float* bias = null)
    {
        long stripe = Stripe(n, k);
        float* rows = Scratch.Floats(ScratchUse.Unpacked, stripe * k);
        for (long j = 0; j < n; j += stripe)
        {
            long count = Math.Min(stripe, n - j);
            FourBit.Unpack(w, j * k, count * k, rows);
            Gemm.Run(m, count, k, a, aRow, aCol, rows, 1, k, c + j, cRow, 0, bias == null ? null : bias + j);
        }
    }

    /// <summary>C[i, p] = Σ A[i, j] W[j, p]; any strides for A; rows of C cRow apart.</summary>
    public static void ByMatrix(long m, long n, long k, float* a, long aRow, long aCol, in FourBitMatrix w, float* c, long cRow)
    {
        long stripe = Stripe(n, k);
        float* rows = Scratch.Floats(ScratchUse.Unpacked, stripe * k);
        for (long j = 0; j < n; j += stripe)
        {
            long count = Math.Min(stripe, n - j);
            FourBit.Unpack(w, j * k, count * k, rows);
            Gemm.Run(m, k, count, a + (j * aCol), aRow, aCol, rows, k, 1, c, cRow, j == 0 ? 0 : 1);
        }
    }

    private static long Stripe(long n, long k) => Math.Min(n, Math.Max(1, StripeFloats / Math.Max(1, k) / RowsAtOnce) * RowsAtOnce);
}
