using System.Runtime.CompilerServices;

namespace CpuTorch.Kernels;

internal static unsafe partial class Attention
{
    /// <summary>
    /// dO lies as o, dQ as q, dK as k, dV as v; all overwritten. A key head belongs to one chunk, which adds its query
    /// heads and blocks in order, so the sums do not depend on the number of threads.
    /// </summary>
    public static void Backward(
        in AttentionShape shape, float* q, float* k, float* v, float* o, float* logSumExp, float* dO, float* dQ, float* dK, float* dV) =>
        Kernel.Launch(shape.Batch * shape.KeyHeads, new BackwardHead
        {
            shape = shape, q = q, k = k, v = v, o = o, logSumExp = logSumExp, dO = dO, dQ = dQ, dK = dK, dV = dV,
        });

    private struct BackwardHead : IKernel
    {
        public AttentionShape shape;
        public float* q;
        public float* k;
        public float* v;
        public float* o;
        public float* logSumExp;
        public float* dO;
        public float* dQ;
        public float* dK;
        public float* dV;

        public readonly void Run<T>(long chunk)
            where T : unmanaged, ILanes<T>
        {
            long batch = chunk / shape.KeyHeads;
            long keyHead = chunk % shape.KeyHeads;
            for (long key = 0; key < shape.Keys; key++)
            {
                Clear(dK + (batch * shape.KBatch) + (key * shape.KToken) + (keyHead * shape.KHead), shape.HeadDim);
                Clear(dV + (batch * shape.VBatch) + (key * shape.VToken) + (keyHead * shape.VHead), shape.HeadDim);
            }

            long group = shape.Heads / shape.KeyHeads;
            for (long head = keyHead * group; head < (keyHead + 1) * group; head++)
            {
                for (long query = 0; query < shape.Queries; query += BlockQueries)
                {
                    Block<T>(batch, head, keyHead, query, Math.Min(BlockQueries, shape.Queries - query));
                }
            }
        }

        private readonly void Block<T>(long batch, long head, long keyHead, long query, long rows)
            where T : unmanaged, ILanes<T>
        {
            long d = shape.HeadDim;
            long qAt = (batch * shape.QBatch) + (query * shape.QToken) + (head * shape.QHead);
            long oAt = (batch * shape.OBatch) + (query * shape.OToken) + (head * shape.OHead);
            (long start, long end) = VisibleToBlock(shape, batch, query, rows);
            if (start >= end)
            {
                for (long i = 0; i < rows; i++)
                {
                    Clear(dQ + qAt + (i * shape.QToken), d);
                }

                return;
            }

            long keys = end - start;
            long kAt = (batch * shape.KBatch) + (start * shape.KToken) + (keyHead * shape.KHead);
            long vAt = (batch * shape.VBatch) + (start * shape.VToken) + (keyHead * shape.VHead);
            float* weights = Scratch.Floats(ScratchUse.Scores, rows * keys);
            float* gradients = Scratch.Floats(ScratchUse.ScoreGradients, rows * keys);
            Gemm.Run(rows, keys, d, q + qAt, shape.QToken, 1, k + kAt, 1, shape.KToken, weights, keys);
            Gemm.Run(rows, keys, d, dO + oAt, shape.OToken, 1, v + vAt, 1, shape.VToken, gradients, keys);
            float* logs = logSumExp + (((batch * shape.Heads) + head) * shape.Queries) + query;
            for (long i = 0; i < rows; i++)
            {
                float dot = Rows.Dot<T>(d, dO + oAt + (i * shape.OToken), o + oAt + (i * shape.OToken));
                (long first, long last) = shape.Visible(batch, query + i);
                RowGradients<T>(weights + (i * keys), gradients + (i * keys), keys, first - start, last - start, logs[i], dot);
            }

            Gemm.Run(keys, d, rows, weights, 1, keys, dO + oAt, shape.OToken, 1, dV + vAt, shape.VToken, beta: 1);
            Gemm.Run(rows, d, keys, gradients, keys, 1, k + kAt, shape.KToken, 1, dQ + qAt, shape.QToken);
            Gemm.Run(keys, d, rows, gradients, 1, keys, q + qAt, shape.QToken, 1, dK + kAt, shape.KToken, beta: 1);
        }

        /// <summary>Scores become weights p, and the gradients of p those of the scores: p (g - dot) scale.</summary>
        private readonly void RowGradients<T>(float* weights, float* gradients, long keys, long first, long last, float log, float dot)
            where T : unmanaged, ILanes<T>
        {
            if (first >= last)
            {
                first = last = 0;
            }

            long count = last - first;
            float* w = weights + first;
            float* g = gradients + first;
            float factor = PrepareScores<T>(shape, count, w);
            if (shape.SoftCap > 0)
            {
                float* slopes = Scratch.Floats(ScratchUse.Rows, count);
                Rows.Map<T, CapSlope>(new CapSlope(1 / shape.SoftCap), count, w, w, slopes);
                Rows.Map<T, Exponential>(new Exponential(1, log), count, w, w, w);
                Rows.Map<T, ScoreGradient>(new ScoreGradient(dot, shape.Scale), count, w, g, g);
                Rows.Map<T, Times>(default, count, g, slopes, g);
            }
            else
            {
                Rows.Map<T, Exponential>(new Exponential(factor, log), count, w, w, w);
                Rows.Map<T, ScoreGradient>(new ScoreGradient(dot, shape.Scale), count, w, g, g);
            }

            Clear(weights, first);
            Clear(weights + last, keys - last);
            Clear(gradients, first);
            Clear(gradients + last, keys - last);
        }
    }

    private readonly struct Exponential(float factor, float shift) : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x, T y)
            where T : unmanaged, ILanes<T> => LaneMath.Exp((x * T.Broadcast(factor)) - T.Broadcast(shift));
    }

    private readonly struct ScoreGradient(float dot, float scale) : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x, T y)
            where T : unmanaged, ILanes<T> => x * (y - T.Broadcast(dot)) * T.Broadcast(scale);
    }

    /// <summary>The slope of cap * tanh(s / cap) at a score capped already: 1 - (score / cap)².</summary>
    private readonly struct CapSlope(float reciprocalCap) : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x, T y)
            where T : unmanaged, ILanes<T>
        {
            T ratio = x * T.Broadcast(reciprocalCap);
            return T.Broadcast(1) - (ratio * ratio);
        }
    }
}
