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
    public static void Forward(in AttentionShape shape, float* q, float* k, float* v, float* o, float* logSumExp)
    {
        if (shape.Queries <= FewQueries)
        {
            Kernel.Launch(shape.Batch * shape.Heads, new FewQueriesHead
            {
                shape = shape,
                q = q,
                k = k,
                v = v,
                o = o,
                logSumExp = logSumExp,
            });
            return;
        }

        Kernel.Launch(shape.Batch * shape.Heads, new ForwardHead
        {
            shape = shape,
            q = q,
            k = k,
            v = v,
            o = o,
            logSumExp = logSumExp,
        });
    }

    /// <summary>All keys that any query of the block sees; none where end is not above start.</summary>
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

    /// <summary>Fills up the last vector with scores of weight zero; returns the count of whole vectors.</summary>
    private static long PadToVector<T>(float* scores, long count)
        where T : unmanaged, ILanes<T>
    {
        long padded = (count + T.Width - 1) / T.Width * T.Width;
        for (long i = count; i < padded; i++)
        {
            scores[i] = float.NegativeInfinity;
        }

        return padded;
    }

    private static void Clear(float* x, long count) => Unsafe.InitBlockUnaligned(x, 0, checked((uint)(Math.Max(0, count) * sizeof(float))));

    private struct ForwardHead : IKernel
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
            if (typeof(T) == typeof(Lanes16))
            {
                Run<T, Tile14x32>(chunk);
            }
            else
            {
                Run<T, Tile6<T>>(chunk);
            }
        }

        private readonly void Run<T, TTile>(long chunk)
            where T : unmanaged, ILanes<T>
            where TTile : struct, ITile
        {
            (long batch, long head) = (chunk / shape.Heads, chunk % shape.Heads);
            long keyHead = head / (shape.Heads / shape.KeyHeads);
            long d = shape.HeadDim;
            long blockRows = Panels<TTile>.PadRows(Math.Min(BlockQueries, shape.Queries));
            long keys = Panels<TTile>.PadColumns(shape.Keys);
            float* free = Scratch.Floats(
                ScratchUse.Attention, (keys * d) + ((blockRows + shape.Keys) * (Panels<TTile>.PadColumns(d) + d)) + (2 * blockRows * (keys + TTile.Columns)) + (8 * Packing.Spill));
            HeadScratch s = default;
            s.keyPanels = Panels<TTile>.Columns(k + (batch * shape.KBatch) + (keyHead * shape.KHead), shape.KToken, 1, shape.Keys, d, ref free);
            s.valuePanels = Panels<TTile>.Columns(v + (batch * shape.VBatch) + (keyHead * shape.VHead), 1, shape.VToken, d, shape.Keys, ref free);
            s.free = free;
            for (long query = 0; query < shape.Queries; query += BlockQueries)
            {
                Block<T, TTile>(s, batch, head, query, Math.Min(BlockQueries, shape.Queries - query));
            }
        }

        private readonly void Block<T, TTile>(in HeadScratch s, long batch, long head, long query, long rows)
            where T : unmanaged, ILanes<T>
            where TTile : struct, ITile
        {
            long d = shape.HeadDim;
            float* target = o + (batch * shape.OBatch) + (query * shape.OToken) + (head * shape.OHead);
            float* logs = logSumExp == null ? null : logSumExp + (((batch * shape.Heads) + head) * shape.Queries) + query;
            (long start, long end) = VisibleToBlock(shape, batch, query, rows);
            if (start >= end)
            {
                ClearRows(target, rows, logs);
                return;
            }

            // Whole panels of keys: what lies beside the visible range gets weight zero.
            start = start / TTile.Columns * TTile.Columns;
            long keys = end - start;
            long width = Panels<TTile>.PadColumns(keys);
            long padded = Panels<TTile>.PadRows(rows);
            float* free = s.free;
            float* sums = stackalloc float[(int)BlockQueries];
            float* queries = Panels<TTile>.Rows(
                q + (batch * shape.QBatch) + (query * shape.QToken) + (head * shape.QHead), shape.QToken, 1, rows, d, ref free);
            long stride = width + TTile.Columns;
            float* scores = Panels<TTile>.Take(padded * stride, ref free);
            Panels<TTile>.Multiply(padded, width, d, queries, s.keyPanels + (start * d), TTile.Columns * d, scores, stride, accumulate: false);
            for (long i = 0; i < rows; i++)
            {
                (long first, long last) = shape.Visible(batch, query + i);
                sums[i] = Exponentiate<T>(scores + (i * stride), keys, first - start, last - start, logs == null ? null : logs + i);
            }

            float* weights = Panels<TTile>.Rows(scores, stride, 1, rows, keys, ref free);
            long columns = Panels<TTile>.PadColumns(d);
            float* outputs = Panels<TTile>.Take(padded * columns, ref free);
            Panels<TTile>.Multiply(
                padded, columns, keys, weights, s.valuePanels + (start * TTile.Columns), TTile.Columns * shape.Keys, outputs, columns, accumulate: false);
            for (long i = 0; i < rows; i++)
            {
                float* row = outputs + (i * columns);
                float factor = sums[i] > 0 || float.IsNaN(sums[i]) ? 1 / sums[i] : 0;
                Rows.Map<T, Scaled>(new Scaled(factor), d, row, row, target + (i * shape.OToken));
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
                float factor = PrepareScores<T>(shape, last - first, seen);
                long count = PadToVector<T>(seen, last - first);
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

    private struct HeadScratch
    {
        public float* keyPanels;
        public float* valuePanels;
        public float* free;
    }

    private readonly struct Capped(float scale, float cap) : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x, T y)
            where T : unmanaged, ILanes<T> => T.Broadcast(cap) * LaneMath.Tanh(x * T.Broadcast(scale / cap));
    }
}
