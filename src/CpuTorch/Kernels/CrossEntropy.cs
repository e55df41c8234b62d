using System.Runtime.CompilerServices;

namespace CpuTorch.Kernels;

/// <summary>
/// Cross-entropy of logits against class numbers, as torch.nn.functional.cross_entropy with reduction none:
/// (1 - s) * -log p[target] + s * mean over classes of -log p, for a label smoothing s.
/// </summary>
internal static unsafe class CrossEntropy
{
    /// <summary>losses[row] is 0 where the target is ignoreIndex; logSumExp is written for every row.</summary>
    public static void Forward(
        long rows, long vocab, float* logits, long rowStride, long* targets, long ignoreIndex, float labelSmoothing, float* losses, float* logSumExp) =>
        RowKernel.Launch(rows, vocab, new ForwardRow
        {
            vocab = vocab,
            logits = logits,
            rowStride = rowStride,
            targets = targets,
            ignoreIndex = ignoreIndex,
            smoothing = labelSmoothing,
            losses = losses,
            logSumExp = logSumExp,
        });

    /// <summary>dLogits has rows of rowStride like logits, and may be logits.</summary>
    public static void Backward(
        long rows, long vocab, float* logits, long rowStride, long* targets, long ignoreIndex, float labelSmoothing, float* logSumExp, float* gradOfLoss, float* dLogits) =>
        RowKernel.Launch(rows, vocab, new BackwardRow
        {
            vocab = vocab,
            logits = logits,
            rowStride = rowStride,
            targets = targets,
            ignoreIndex = ignoreIndex,
            smoothing = labelSmoothing,
            logSumExp = logSumExp,
            gradOfLoss = gradOfLoss,
            dLogits = dLogits,
        });

    private struct ForwardRow : IRowKernel
    {
        public long vocab;
        public float* logits;
        public long rowStride;
        public long* targets;
        public long ignoreIndex;
        public float smoothing;
        public float* losses;
        public float* logSumExp;

        public readonly void Run<T>(long row)
            where T : unmanaged, ILanes<T>
        {
            float* x = logits + (row * rowStride);
            float max = Rows.Max<T>(vocab, x);
            float logSum = MathF.Log(Rows.SumOfExp<T>(vocab, x, max));
            logSumExp[row] = max + logSum;
            long target = targets[row];
            if (target == ignoreIndex)
            {
                losses[row] = 0;
                return;
            }

            float loss = (max - x[target]) + logSum;
            if (smoothing != 0)
            {
                float mean = Rows.Sum<T>(vocab, x) / vocab;
                loss = ((1 - smoothing) * loss) + (smoothing * ((max - mean) + logSum));
            }

            losses[row] = loss;
        }
    }

    private struct BackwardRow : IRowKernel
    {
        public long vocab;
        public float* logits;
        public long rowStride;
        public long* targets;
        public long ignoreIndex;
        public float smoothing;
        public float* logSumExp;
        public float* gradOfLoss;
        public float* dLogits;

        public readonly void Run<T>(long row)
            where T : unmanaged, ILanes<T>
        {
            float* x = logits + (row * rowStride);
            float* dx = dLogits + (row * rowStride);
            long target = targets[row];
            if (target == ignoreIndex)
            {
                new Span<float>(dx, checked((int)vocab)).Clear();
                return;
            }

            float gradient = gradOfLoss[row];
            Rows.Map<T, Gradient>(new Gradient(logSumExp[row], gradient, gradient * smoothing / vocab), vocab, x, x, dx);
            dx[target] -= gradient * (1 - smoothing);
        }
    }

    private readonly struct Gradient(float logSumExp, float scale, float shift) : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x, T y)
            where T : unmanaged, ILanes<T> =>
            (LaneMath.Exp(x - T.Broadcast(logSumExp)) * T.Broadcast(scale)) - T.Broadcast(shift);
    }
}
