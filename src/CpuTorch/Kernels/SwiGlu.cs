using System.Runtime.CompilerServices;

namespace CpuTorch.Kernels;

/// <summary>y = silu(gate) * up, of Shazeer, "GLU Variants Improve Transformer" (2020).</summary>
internal static unsafe class SwiGlu
{
    public static void Forward(long n, float* gate, float* up, float* y) => Elementwise.Run(new Product(), n, gate, up, y);

    /// <summary>dGate and dUp may be the memory of gate and up.</summary>
    public static void Backward(long n, float* gate, float* up, float* dy, float* dGate, float* dUp) =>
        Kernel.Launch(Kernel.ChunksOf(n), new Gradients { n = n, gate = gate, up = up, dy = dy, dGate = dGate, dUp = dUp });

    private readonly struct Product : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x, T y)
            where T : unmanaged, ILanes<T> => x * LaneMath.Sigmoid(x) * y;
    }

    private struct Gradients : IKernel
    {
        public long n;
        public float* gate;
        public float* up;
        public float* dy;
        public float* dGate;
        public float* dUp;

        public readonly void Run<T>(long chunk)
            where T : unmanaged, ILanes<T>
        {
            long start = chunk * Kernel.ChunkElements;
            long end = Math.Min(n, start + Kernel.ChunkElements);
            long whole = start + ((end - start) / T.Width * T.Width);
            Span<T>(start, whole);
            Span<Lanes1>(whole, end);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Span<T>(long start, long end)
            where T : unmanaged, ILanes<T>
        {
            float* g = gate;
            float* u = up;
            float* d = dy;
            float* dg = dGate;
            float* du = dUp;
            T one = T.Broadcast(1);
            for (long i = start; i < end; i += T.Width)
            {
                T x = T.Load(g + i);
                T gradient = T.Load(d + i);
                T sigmoid = LaneMath.Sigmoid(x);
                T slope = sigmoid * T.MulAdd(x, one - sigmoid, one);
                T gated = gradient * T.Load(u + i) * slope;
                (gradient * x * sigmoid).Store(du + i);
                gated.Store(dg + i);
            }
        }
    }
}
