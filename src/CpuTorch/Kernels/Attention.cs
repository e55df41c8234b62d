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
            long keys = Panels<TTile>.PadRows(shape.Keys);
            long columns = Panels<TTile>.PadColumns(d);
            float* free = Scratch.Floats(
                ScratchUse.Attention, (keys * (d + columns + BlockQueries)) + (BlockQueries * d) + (Panels<TTile>.PadRows(BlockQueries) * columns) + (8 * Packing.Spill));
            HeadScratch s = default;
            s.keyRows = Panels<TTile>.Rows(k + (batch * shape.KBatch) + (keyHead * shape.KHead), shape.KToken, 1, shape.Keys, d, ref free);
            s.valuePanels = Panels<TTile>.Columns(v + (batch * shape.VBatch) + (keyHead * shape.VHead), 1, shape.VToken, d, shape.Keys, ref free);
            s.free = free;
            for (long query = 0; query < shape.Queries;)
            {
                QueryBlock block = QueryBlock.At(shape, batch, query, TTile.Rows);
                Run<T, TTile>(s, block, head);
                query += block.rows;
            }
        }

        private readonly void Run<T, TTile>(in HeadScratch s, QueryBlock block, long head)
            where T : unmanaged, ILanes<T>
            where TTile : struct, ITile
        {
            long d = shape.HeadDim;
            float* target = o + (block.batch * shape.OBatch) + (block.query * shape.OToken) + (head * shape.OHead);
            float* logs = logSumExp == null ? null : logSumExp + (((block.batch * shape.Heads) + head) * shape.Queries) + block.query;
            if (block.keys == 0)
            {
                ClearRows(target, block.rows, logs);
                return;
            }

            // Keys by queries: the softmax runs down columns, a vector of queries at a time, and the weights are read where they lie.
            long width = Panels<TTile>.PadColumns(block.rows);
            long keys = Panels<TTile>.PadRows(block.keys);
            long columns = Panels<TTile>.PadColumns(d);
            float* free = s.free;
            float* queries = Panels<TTile>.Columns(
                q + (block.batch * shape.QBatch) + (block.query * shape.QToken) + (head * shape.QHead), shape.QToken, 1, block.rows, d, ref free);
            float* scores = Panels<TTile>.Take(keys * width, ref free);
            Panels<TTile>.Multiply(keys, width, d, s.keyRows + (block.start * d), queries, TTile.Columns * d, scores, width, accumulate: false);
            float* sums = stackalloc float[(int)BlockQueries];
            float* shifts = stackalloc float[(int)BlockQueries];
            for (long group = 0; group < width; group += T.Width)
            {
                Softmax<T>(block, group, scores + group, width, sums + group, shifts + group);
            }

            long padded = Panels<TTile>.PadRows(block.rows);
            float* outputs = Panels<TTile>.Take(padded * columns, ref free);
            Panels<TTile>.Multiply(
                padded, columns, block.keys, scores, TTile.Rows, width, s.valuePanels + (block.start * TTile.Columns), TTile.Columns * shape.Keys, outputs, columns, accumulate: false);
            for (long i = 0; i < block.rows; i++)
            {
                float* row = outputs + (i * columns);
                float factor = sums[i] > 0 || float.IsNaN(sums[i]) ? 1 / sums[i] : 0;
                Rows.Map<T, Scaled>(new Scaled(factor), d, row, row, target + (i * shape.OToken));
                if (logs != null)
                {
                    logs[i] = sums[i] == 0 ? float.NegativeInfinity : shifts[i] + MathF.Log(sums[i]);
                }
            }
        }

        // The exponentials are left unnormalised: dividing the output is less work.
        private readonly void Softmax<T>(in QueryBlock block, long group, float* scores, long stride, float* sums, float* shifts)
            where T : unmanaged, ILanes<T>
        {
            Sight<T> sight = block.Seen<T>(group);
            ClearKeys<T>(scores, stride, 0, sight.low);
            ClearKeys<T>(scores, stride, sight.high, block.keys);
            T max = T.Broadcast(float.NegativeInfinity);
            max = Prepare(shape, sight, sight.low, sight.innerLow, masked: true, scores, stride, max);
            max = Prepare(shape, sight, sight.innerLow, sight.innerHigh, masked: false, scores, stride, max);
            max = Prepare(shape, sight, sight.innerHigh, sight.high, masked: true, scores, stride, max);
            T factor = T.Broadcast(Factor(shape));

            // A query that sees no key has no largest score, and only zeros.
            T shift = T.WhereLess(max, T.Broadcast(float.MinValue), T.Broadcast(0), max * factor);
            Exponentials(scores + (sight.low * stride), stride, sight.high - sight.low, factor, shift).Store(sums);
            shift.Store(shifts);
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
        public float* keyRows;
        public float* valuePanels;
        public float* free;
    }

    /// <summary>What the exponential still multiplies scores by, after <see cref="Prepare"/>.</summary>
    private static float Factor(in AttentionShape shape) => shape.SoftCap > 0 || shape.Scale <= 0 ? 1 : shape.Scale;

    /// <summary>
    /// Caps a vector of queries' scores, or scales them where the exponential cannot, and puts -∞ where a key is not seen.
    /// Returns the larger of these and max.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T Prepare<T>(in AttentionShape shape, in Sight<T> sight, long from, long to, bool masked, float* scores, long stride, T max)
        where T : unmanaged, ILanes<T>
    {
        bool capped = shape.SoftCap > 0;
        bool scaled = !capped && shape.Scale <= 0;
        bool changed = masked || capped || scaled;
        var cap = new Capped(shape.Scale, shape.SoftCap);
        T scale = T.Broadcast(shape.Scale);
        T none = T.Broadcast(float.NegativeInfinity);
        for (long key = from; key < to; key++)
        {
            float* at = scores + (key * stride);
            T score = T.Load(at);
            if (changed)
            {
                score = capped ? cap.Apply(score, score) : scaled ? score * scale : score;
                score = masked ? sight.Where(key, score, none) : score;
                score.Store(at);
            }

            max = T.Max(score, max);
        }

        return max;
    }

    /// <summary>Scores become exp(score * factor - shift); returns their sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T Exponentials<T>(float* scores, long stride, long keys, T factor, T shift)
        where T : unmanaged, ILanes<T>
    {
        T even = T.Broadcast(0);
        T odd = T.Broadcast(0);
        for (long key = 0; key < keys; key++, scores += stride)
        {
            T weight = LaneMath.Exp((T.Load(scores) * factor) - shift);
            weight.Store(scores);
            T sum = odd + weight;
            odd = even;
            even = sum;
        }

        return even + odd;
    }

    private static void ClearKeys<T>(float* scores, long stride, long from, long to)
        where T : unmanaged, ILanes<T>
    {
        for (long key = from; key < to; key++)
        {
            T.Broadcast(0).Store(scores + (key * stride));
        }
    }

    private readonly struct Capped(float scale, float cap) : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x, T y)
            where T : unmanaged, ILanes<T> => T.Broadcast(cap) * LaneMath.Tanh(x * T.Broadcast(scale / cap));
    }
}
