namespace CpuTorch.Kernels;

/// <summary>A kernel's arguments with its body for one chunk, compiled for each number of lanes.</summary>
internal interface IKernel
{
    void Run<T>(long chunk)
        where T : unmanaged, ILanes<T>;
}

internal static unsafe class Kernel
{
    /// <summary>Elements of an elementwise chunk: large against a dispatch, small enough to stay in the second cache.</summary>
    public const long ChunkElements = 16 * 1024;

    public static long ChunksOf(long elements) => (elements + ChunkElements - 1) / ChunkElements;

    /// <summary>How many rows of d elements make a chunk.</summary>
    public static long RowsAChunk(long d) => Math.Max(1, ChunkElements / Math.Max(1, d));

    /// <summary>Runs chunks 0 … chunks - 1 on the workers, in the form that KernelPath names.</summary>
    public static void Launch<TKernel>(long chunks, TKernel kernel)
        where TKernel : unmanaged, IKernel
    {
        delegate*<void*, long, void> body = KernelPath.Current switch
        {
            KernelForm.Avx512 => &Chunk<TKernel, Lanes16>,
            KernelForm.Avx2 => &Chunk<TKernel, Lanes8>,
            KernelForm.Vector128 => &Chunk<TKernel, Lanes4>,
            _ => &Chunk<TKernel, Lanes1>,
        };
        Workers.For(chunks, body, &kernel);
    }

    private static void Chunk<TKernel, T>(void* kernel, long chunk)
        where TKernel : unmanaged, IKernel
        where T : unmanaged, ILanes<T> => ((TKernel*)kernel)->Run<T>(chunk);
}
