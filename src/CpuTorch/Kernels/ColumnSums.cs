namespace CpuTorch.Kernels;

/// <summary>Sums over rows in a fixed order: blocks of rows each into a partial row, then the partial rows in turn.</summary>
internal static unsafe class ColumnSums
{
    private const long MostBlocks = 64;

    public static long RowsABlock(long rows) => Math.Max(16, (rows + MostBlocks - 1) / MostBlocks);

    public static long Blocks(long rows) => (rows + RowsABlock(rows) - 1) / RowsABlock(rows);

    /// <summary>sums[j] = the sum over blocks of partials[block * stride + j].</summary>
    public static void Finish(long blocks, long d, float* partials, long stride, float* sums) =>
        Kernel.Launch((d + 255) / 256, new Finishing { blocks = blocks, d = d, partials = partials, stride = stride, sums = sums });

    /// <summary>sums[j] = the sum over rows of x[row * d + j].</summary>
    public static void Run(long rows, long d, float* x, float* sums)
    {
        long blocks = Blocks(rows);
        float* partials = Scratch.Floats(ScratchUse.Partials, blocks * d);
        Kernel.Launch(blocks, new Block { rows = rows, d = d, x = x, partials = partials });
        Finish(blocks, d, partials, d, sums);
    }

    private struct Finishing : IKernel
    {
        public long blocks;
        public long d;
        public float* partials;
        public long stride;
        public float* sums;

        public readonly void Run<T>(long chunk)
            where T : unmanaged, ILanes<T>
        {
            long start = chunk * 256;
            long count = Math.Min(256, d - start);
            new Span<float>(sums + start, (int)count).Clear();
            for (long block = 0; block < blocks; block++)
            {
                Rows.Map<T, Plus>(default, count, sums + start, partials + (block * stride) + start, sums + start);
            }
        }
    }

    private struct Block : IKernel
    {
        public long rows;
        public long d;
        public float* x;
        public float* partials;

        public readonly void Run<T>(long chunk)
            where T : unmanaged, ILanes<T>
        {
            float* sum = partials + (chunk * d);
            new Span<float>(sum, checked((int)d)).Clear();
            long end = Math.Min(rows, (chunk + 1) * RowsABlock(rows));
            for (long row = chunk * RowsABlock(rows); row < end; row++)
            {
                Rows.Map<T, Plus>(default, d, sum, x + (row * d), sum);
            }
        }
    }
}
