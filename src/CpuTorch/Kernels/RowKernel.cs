namespace CpuTorch.Kernels;

/// <summary>A kernel whose rows are independent of each other.</summary>
internal interface IRowKernel
{
    void Run<T>(long row)
        where T : unmanaged, ILanes<T>;
}

internal static class RowKernel
{
    /// <summary>Runs all rows on the workers, as many to a chunk as make it worth a dispatch; d is a row's work in elements.</summary>
    public static void Launch<TKernel>(long rows, long d, TKernel kernel)
        where TKernel : unmanaged, IRowKernel
    {
        long size = Kernel.RowsAChunk(d);
        Kernel.Launch((rows + size - 1) / size, new RowChunk<TKernel> { kernel = kernel, rows = rows, size = size });
    }

    private struct RowChunk<TKernel> : IKernel
        where TKernel : unmanaged, IRowKernel
    {
        public TKernel kernel;
        public long rows;
        public long size;

        public readonly void Run<T>(long chunk)
            where T : unmanaged, ILanes<T>
        {
            long end = Math.Min(rows, (chunk + 1) * size);
            for (long row = chunk * size; row < end; row++)
            {
                kernel.Run<T>(row);
            }
        }
    }
}
