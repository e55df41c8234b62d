using System.Runtime.CompilerServices;

namespace CpuTorch.Kernels;

/// <summary>
/// One step of AdamW (Loshchilov and Hutter, 2019) in one pass over contiguous memory, in torch.optim.AdamW's order:
/// decay, moments, then p -= lr / (1 - beta1^step) * m / (sqrt(v) / sqrt(1 - beta2^step) + eps).
/// </summary>
internal static unsafe class AdamW
{
    public static void Step(
        long n, float* p, float* g, float* m, float* v, double lr, double beta1, double beta2, double eps, double weightDecay, long step, float gradScale, bool maximize)
    {
        double correction1 = 1 - Math.Pow(beta1, step);
        double correction2 = 1 - Math.Pow(beta2, step);
        Kernel.Launch(Kernel.ChunksOf(n), new Update
        {
            n = n,
            p = p,
            g = g,
            m = m,
            v = v,
            keep = (float)(1 - (lr * weightDecay)),
            beta1 = (float)beta1,
            rest1 = (float)(1 - beta1),
            beta2 = (float)beta2,
            rest2 = (float)(1 - beta2),
            eps = (float)eps,
            stepSize = (float)(lr / correction1),
            root = (float)(1 / Math.Sqrt(correction2)),
            gradScale = maximize ? -gradScale : gradScale,
        });
    }

    private struct Update : IKernel
    {
        public long n;
        public float* p;
        public float* g;
        public float* m;
        public float* v;
        public float keep;
        public float beta1;
        public float rest1;
        public float beta2;
        public float rest2;
        public float eps;
        public float stepSize;
        public float root;
        public float gradScale;

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
            float* parameter = p;
            float* gradient = g;
            float* first = m;
            float* second = v;
            T decay = T.Broadcast(keep);
            T oldMean = T.Broadcast(beta1);
            T newMean = T.Broadcast(rest1);
            T oldSquare = T.Broadcast(beta2);
            T newSquare = T.Broadcast(rest2);
            T epsilon = T.Broadcast(eps);
            T size = T.Broadcast(stepSize);
            T rootScale = T.Broadcast(root);
            T scale = T.Broadcast(gradScale);
            for (long i = start; i < end; i += T.Width)
            {
                T grad = T.Load(gradient + i) * scale;
                T mean = T.MulAdd(T.Load(first + i), oldMean, grad * newMean);
                T square = T.MulAdd(T.Load(second + i), oldSquare, grad * grad * newSquare);
                T update = size * mean / T.MulAdd(T.Sqrt(square), rootScale, epsilon);
                mean.Store(first + i);
                square.Store(second + i);
                ((T.Load(parameter + i) * decay) - update).Store(parameter + i);
            }
        }
    }
}
