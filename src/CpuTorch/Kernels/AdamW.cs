using System.Runtime.CompilerServices;

namespace CpuTorch.Kernels;

/// <summary>
/// One step of AdamW (Loshchilov and Hutter, 2019) in one pass over contiguous memory, in torch.optim.AdamW's order:
/// decay, moments, then p -= lr / (1 - beta1^step) * m / (sqrt(v) / sqrt(1 - beta2^step) + eps).
/// </summary>
internal static unsafe class AdamW
{
    /// <summary>With both moments in float32.</summary>
    public static void Step(long n, float* p, float* g, float* m, float* v, in AdamWStep step)
    {
        Update update = Of(n, p, g, step);
        update.m = m;
        update.v = v;
        Kernel.Launch(Kernel.ChunksOf(n), update);
    }

    /// <summary>
    /// With both moments in bfloat16, rounded at random: to the nearest, the second moment would stand still, since a step
    /// changes it by a thousandth and neighbours lie a hundredth apart.
    /// </summary>
    public static void Step(long n, float* p, float* g, ushort* m, ushort* v, in AdamWStep step) =>
        Kernel.Launch(Kernel.ChunksOf(n), new HalfUpdate { update = Of(n, p, g, step), m = m, v = v, seed = (uint)step.Number * 0x9E3779B9u });

    private static Update Of(long n, float* p, float* g, in AdamWStep step)
    {
        double correction1 = 1 - Math.Pow(step.Beta1, step.Number);
        double correction2 = 1 - Math.Pow(step.Beta2, step.Number);
        return new Update
        {
            n = n,
            p = p,
            g = g,
            keep = (float)(1 - (step.LearningRate * step.WeightDecay)),
            beta1 = (float)step.Beta1,
            rest1 = (float)(1 - step.Beta1),
            beta2 = (float)step.Beta2,
            rest2 = (float)(1 - step.Beta2),
            eps = (float)step.Epsilon,
            stepSize = (float)(step.LearningRate / correction1),
            root = (float)(1 / Math.Sqrt(correction2)),
            sign = step.Maximize ? -1 : 1,
        };
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
        public float sign;

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
            T direction = T.Broadcast(sign);
            for (long i = start; i < end; i += T.Width)
            {
                T grad = T.Load(gradient + i) * direction;
                T mean = T.MulAdd(T.Load(first + i), oldMean, grad * newMean);
                T square = T.MulAdd(T.Load(second + i), oldSquare, grad * grad * newSquare);
                T update = size * mean / T.MulAdd(T.Sqrt(square), rootScale, epsilon);
                mean.Store(first + i);
                square.Store(second + i);
                ((T.Load(parameter + i) * decay) - update).Store(parameter + i);
            }
        }
    }

    private struct HalfUpdate : IKernel
    {
        public Update update;
        public ushort* m;
        public ushort* v;
        public uint seed;

        public readonly void Run<T>(long chunk)
            where T : unmanaged, ILanes<T>
        {
            long start = chunk * Kernel.ChunkElements;
            long count = Math.Min(update.n - start, Kernel.ChunkElements);
            Update piece = update;
            piece.n = count;
            piece.p += start;
            piece.g += start;
            piece.m = Scratch.Floats(ScratchUse.Rows, 2 * Kernel.ChunkElements);
            piece.v = piece.m + Kernel.ChunkElements;
            Convert.WidenBFloat16(count, m + start, piece.m);
            Convert.WidenBFloat16(count, v + start, piece.v);
            piece.Run<T>(0);
            Convert.FloatToBFloat16AtRandom(count, piece.m, m + start, seed + (uint)start);
            Convert.FloatToBFloat16AtRandom(count, piece.v, v + start, ~(seed + (uint)start));
        }
    }
}

/// <summary>What a step of AdamW is beside its numbers.</summary>
/// <param name="LearningRate">Its rate.</param>
/// <param name="Beta1">Decay of the mean of gradients.</param>
/// <param name="Beta2">Decay of the mean of squared gradients.</param>
/// <param name="Epsilon">Added to the denominator.</param>
/// <param name="WeightDecay">Decoupled decay.</param>
/// <param name="Number">Counted from 1.</param>
/// <param name="Maximize">Whether to go up.</param>
internal readonly record struct AdamWStep(double LearningRate, double Beta1, double Beta2, double Epsilon, double WeightDecay, long Number, bool Maximize);
