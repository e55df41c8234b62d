using System.Runtime.CompilerServices;

namespace CpuTorch.Kernels;

/// <summary>Elementwise over contiguous memory, on all workers.</summary>
internal static unsafe class Elementwise
{
    /// <summary>y = f(x, x); y may be x.</summary>
    public static void Run<TFunction>(TFunction function, long n, float* x, float* y)
        where TFunction : unmanaged, ILaneFunction => Run(function, n, x, x, y);

    /// <summary>z = f(x, y); z may be an operand.</summary>
    public static void Run<TFunction>(TFunction function, long n, float* x, float* y, float* z)
        where TFunction : unmanaged, ILaneFunction =>
        Kernel.Launch(Kernel.ChunksOf(n), new Map<TFunction> { function = function, n = n, x = x, y = y, z = z });

    /// <summary>The sum of f(x, y) in a fixed order: lanes within a chunk, chunks one after another in double.</summary>
    public static double Sum<TFunction>(TFunction function, long n, float* x, float* y)
        where TFunction : unmanaged, ILaneFunction
    {
        long chunks = Kernel.ChunksOf(n);
        float* partials = Scratch.Floats(ScratchUse.Partials, chunks);
        Kernel.Launch(chunks, new Reduction<TFunction> { function = function, n = n, x = x, y = y, partials = partials });
        double sum = 0;
        for (long i = 0; i < chunks; i++)
        {
            sum += partials[i];
        }

        return sum;
    }

    private struct Map<TFunction> : IKernel
        where TFunction : unmanaged, ILaneFunction
    {
        public TFunction function;
        public long n;
        public float* x;
        public float* y;
        public float* z;

        public readonly void Run<T>(long chunk)
            where T : unmanaged, ILanes<T>
        {
            long start = chunk * Kernel.ChunkElements;
            Rows.Map<T, TFunction>(function, Math.Min(Kernel.ChunkElements, n - start), x + start, y + start, z + start);
        }
    }

    private struct Reduction<TFunction> : IKernel
        where TFunction : unmanaged, ILaneFunction
    {
        public TFunction function;
        public long n;
        public float* x;
        public float* y;
        public float* partials;

        public readonly void Run<T>(long chunk)
            where T : unmanaged, ILanes<T>
        {
            // Short blocks in float, 32 elements a lane, their sums in double: what pairwise summation would reach.
            long block = 32 * T.Width;
            long end = Math.Min(n, (chunk + 1) * Kernel.ChunkElements);
            double sum = 0;
            for (long start = chunk * Kernel.ChunkElements; start < end; start += block)
            {
                sum += Rows.Sum<T, TFunction>(function, Math.Min(block, end - start), x + start, y + start);
            }

            partials[chunk] = (float)sum;
        }
    }
}
