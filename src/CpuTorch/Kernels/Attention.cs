using System.Runtime.CompilerServices;

namespace CpuTorch.Kernels;

/// <summary>
/// Scaled dot-product attention by blocks of queries. A block's scores against the keys it sees live in one thread's
/// scratch; the backward pass makes them again from logSumExp (Dao et al., FlashAttention, 2022).
/// </summary>
internal static unsafe partial class Attention
{
    private const long BlockQueries = 64;

    /// <summary>logSumExp: Batch * Heads * Queries, or null. A query that sees no key gives zeros.</summary>
    public static void Forward(in AttentionShape shape, float* q, float* k, float* v, float* o, float* logSumExp) =>
        Kernel.Launch(shape.Batch * shape.Heads * BlocksOf(shape.Queries), new ForwardBlock
        {
            shape = shape, q = q, k = k, v = v, o = o, logSumExp = logSumExp,
        });

    private static long BlocksOf(long queries) => (queries + BlockQueries - 1) / BlockQueries;

    /// <summary>All keys that any query of the block sees.</summary>
    private static (long Start, long End) VisibleToBlock(in AttentionShape shape, long batch, long query, long rows)
    {
        (long start, long end) = (long.MaxValue, 0);
        for (long i = query; i < query + rows; i++)
        {
            (long first, long last) = shape.Visible(batch, i);
            if (first < last)
            {
                start = Math.Min(start, first);
                end = Math.Max(end, last);
            }
        }

        return (start, end);
    }

    /// <summary>Applies what cannot be folded into the exponential; returns the factor that still can.</summary>
    private static float PrepareScores<T>(in AttentionShape shape, long count, float* scores)
        where T : unmanaged, ILanes<T>
    {
        if (shape.SoftCap > 0)
        {
            Rows.Map<T, Capped>(new Capped(shape.Scale, shape.SoftCap), count, scores, scores, scores);
            return 1;
        }

        if (shape.Scale <= 0)
        {
            Rows.Map<T, Scaled>(new Scaled(shape.Scale), count, scores, scores, scores);
            return 1;
        }

        return shape.Scale;
    }

    private static void Clear(float* x, long count) => Unsafe.InitBlockUnaligned(x, 0, checked((uint)(Math.Max(0, count) * sizeof(float))));

    private struct ForwardBlock : IKernel
    {
        public AttentionShape shape;
        public float* q;
        public float* k;
        public float* v;
        public float* o;
        public float* logSumExp;

        public readonly void Run<T>(long chunk)
            where T : unmanaged, ILanes<T>
        {
            long blocks = BlocksOf(shape.Queries);
            long query = chunk % blocks * BlockQueries;
            long head = chunk / blocks % shape.Heads;
            long batch = chunk / blocks / shape.Heads;
            long keyHead = head / (shape.Heads / shape.KeyHeads);
            long rows = Math.Min(BlockQueries, shape.Queries - query);
            float* target = o + (batch * shape.OBatch) + (query * shape.OToken) + (head * shape.OHead);
            float* logs = logSumExp == null ? null : logSumExp + (((batch * shape.Heads) + head) * shape.Queries) + query;
            (long start, long end) = VisibleToBlock(shape, batch, query, rows);
            if (start >= end)
            {
                ClearRows(target, rows, logs);
                return;
            }

            long keys = end - start;
            float* scores = Scratch.Floats(ScratchUse.Scores, rows * keys);
            float* sums = stackalloc float[(int)BlockQueries];
            Gemm.Run(
                rows, keys, shape.HeadDim,
                q + (batch * shape.QBatch) + (query * shape.QToken) + (head * shape.QHead), shape.QToken, 1,
                k + (batch * shape.KBatch) + (start * shape.KToken) + (keyHead * shape.KHead), 1, shape.KToken,
                scores, keys);
            for (long i = 0; i < rows; i++)
            {
                (long first, long last) = shape.Visible(batch, query + i);
                sums[i] = Exponentiate<T>(scores + (i * keys), keys, first - start, last - start, logs == null ? null : logs + i);
            }

            Gemm.Run(
                rows, shape.HeadDim, keys,
                scores, keys, 1,
                v + (batch * shape.VBatch) + (start * shape.VToken) + (keyHead * shape.VHead), shape.VToken, 1,
                target, shape.OToken);
            for (long i = 0; i < rows; i++)
            {
                float* row = target + (i * shape.OToken);
                Rows.Map<T, Scaled>(new Scaled(sums[i] > 0 || float.IsNaN(sums[i]) ? 1 / sums[i] : 0), shape.HeadDim, row, row, row);
            }
        }

        // The sum of the exponentials, which are left unnormalised: dividing the output is less work.
        private readonly float Exponentiate<T>(float* scores, long keys, long first, long last, float* log)
            where T : unmanaged, ILanes<T>
        {
            float sum = 0;
            float logSum = float.NegativeInfinity;
            if (first < last)
            {
                float* seen = scores + first;
                long count = last - first;
                float factor = PrepareScores<T>(shape, count, seen);
                float max = Rows.Max<T>(count, seen) * factor;
                sum = Rows.ExpAndSum<T>(count, seen, factor, max, seen);
                logSum = max + MathF.Log(sum);
            }
            else
            {
                first = last = 0;
            }

            Clear(scores, first);
            Clear(scores + last, keys - last);
            if (log != null)
            {
                *log = logSum;
            }

            return sum;
        }

        private readonly void ClearRows(float* target, long rows, float* logs)
        {
            for (long i = 0; i < rows; i++)
            {
                Clear(target + (i * shape.OToken), shape.HeadDim);
                if (logs != null)
                {
                    logs[i] = float.NegativeInfinity;
                }
            }
        }
    }

    private readonly struct Capped(float scale, float cap) : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x, T y)
            where T : unmanaged, ILanes<T> => T.Broadcast(cap) * LaneMath.Tanh(x * T.Broadcast(scale / cap));
    }
}
