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
            shape = shape,
            q = q,
            k = k,
            v = v,
            o = o,
            logSumExp = logSumExp,
            dO = dO,
            dQ = dQ,
            dK = dK,
            dV = dV,
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
            (long batch, long keyHead) = (chunk / shape.KeyHeads, chunk % shape.KeyHeads);
            long d = shape.HeadDim;
            long kAt = (batch * shape.KBatch) + (keyHead * shape.KHead);
            long vAt = (batch * shape.VBatch) + (keyHead * shape.VHead);
            KeySide s = new() { columns = Panels<TTile>.PadColumns(d) };
            float* free = Scratch.Floats(ScratchUse.Attention, ScratchSize<TTile>());
            s.keyRows = Panels<TTile>.Rows(k + kAt, shape.KToken, 1, shape.Keys, d, ref free);
            s.valueRows = Panels<TTile>.Rows(v + vAt, shape.VToken, 1, shape.Keys, d, ref free);
            s.keySteps = Panels<TTile>.Columns(k + kAt, 1, shape.KToken, d, shape.Keys, ref free);
            long sums = Panels<TTile>.PadRows(shape.Keys) * s.columns;
            s.dKey = Panels<TTile>.Take(sums, ref free);
            s.dValue = Panels<TTile>.Take(sums, ref free);
            s.free = free;
            Clear(s.dKey, sums);
            Clear(s.dValue, sums);
            long group = shape.Heads / shape.KeyHeads;
            for (long head = keyHead * group; head < (keyHead + 1) * group; head++)
            {
                for (long query = 0; query < shape.Queries;)
                {
                    QueryBlock block = QueryBlock.At(shape, batch, query, TTile.Rows);
                    Run<T, TTile>(s, block, head);
                    query += block.rows;
                }
            }

            for (long key = 0; key < shape.Keys; key++)
            {
                Unsafe.CopyBlockUnaligned(dK + kAt + (key * shape.KToken), s.dKey + (key * s.columns), (uint)(d * sizeof(float)));
                Unsafe.CopyBlockUnaligned(dV + vAt + (key * shape.VToken), s.dValue + (key * s.columns), (uint)(d * sizeof(float)));
            }
        }

        private readonly long ScratchSize<TTile>()
            where TTile : struct, ITile
        {
            long d = shape.HeadDim;
            long keys = Panels<TTile>.PadRows(shape.Keys);
            long columns = Panels<TTile>.PadColumns(d);
            long rows = Panels<TTile>.PadRows(BlockQueries);
            return (keys * ((2 * d) + (3 * columns) + (3 * BlockQueries))) + (BlockQueries * ((2 * d) + columns)) + (rows * columns) + (16 * Packing.Spill);
        }

        private readonly void Run<T, TTile>(in KeySide s, QueryBlock block, long head)
            where T : unmanaged, ILanes<T>
            where TTile : struct, ITile
        {
            long d = shape.HeadDim;
            long qAt = (block.batch * shape.QBatch) + (block.query * shape.QToken) + (head * shape.QHead);
            long oAt = (block.batch * shape.OBatch) + (block.query * shape.OToken) + (head * shape.OHead);
            if (block.keys == 0)
            {
                for (long i = 0; i < block.rows; i++)
                {
                    Clear(dQ + qAt + (i * shape.QToken), d);
                }

                return;
            }

            // Keys by queries, as in the forward pass.
            long width = Panels<TTile>.PadColumns(block.rows);
            long keys = Panels<TTile>.PadRows(block.keys);
            float* free = s.free;
            float* weights = Panels<TTile>.Take(keys * width, ref free);
            float* gradients = Panels<TTile>.Take(keys * width, ref free);
            float* left = free;
            float* queries = Panels<TTile>.Columns(q + qAt, shape.QToken, 1, block.rows, d, ref left);
            Panels<TTile>.Multiply(keys, width, d, s.keyRows + (block.start * d), queries, TTile.Columns * d, weights, width, accumulate: false);
            left = free;
            float* outputs = Panels<TTile>.Columns(dO + oAt, shape.OToken, 1, block.rows, d, ref left);
            Panels<TTile>.Multiply(keys, width, d, s.valueRows + (block.start * d), outputs, TTile.Columns * d, gradients, width, accumulate: false);
            ScoreGradients<T>(block, head, weights, gradients, width, keys);

            // dV += weights' dO and dK += gradients' Q: whole tiles of keys, of which those beyond the last have weight zero.
            left = free;
            float* turned = Panels<TTile>.Rows(weights, width, 1, keys, block.rows, ref left);
            float* steps = Panels<TTile>.Columns(dO + oAt, 1, shape.OToken, d, block.rows, ref left);
            Panels<TTile>.Multiply(
                keys, s.columns, block.rows, turned, steps, TTile.Columns * block.rows, s.dValue + (block.start * s.columns), s.columns, accumulate: true);
            left = free;
            turned = Panels<TTile>.Rows(gradients, width, 1, keys, block.rows, ref left);
            steps = Panels<TTile>.Columns(q + qAt, 1, shape.QToken, d, block.rows, ref left);
            Panels<TTile>.Multiply(
                keys, s.columns, block.rows, turned, steps, TTile.Columns * block.rows, s.dKey + (block.start * s.columns), s.columns, accumulate: true);
            left = free;
            long padded = Panels<TTile>.PadRows(block.rows);
            float* result = Panels<TTile>.Take(padded * s.columns, ref left);
            Panels<TTile>.Multiply(
                padded, s.columns, block.keys, gradients, TTile.Rows, width, s.keySteps + (block.start * TTile.Columns), TTile.Columns * shape.Keys, result, s.columns, accumulate: false);
            for (long i = 0; i < block.rows; i++)
            {
                Unsafe.CopyBlockUnaligned(dQ + qAt + (i * shape.QToken), result + (i * s.columns), (uint)(d * sizeof(float)));
            }
        }

        /// <summary>Scores become weights p, and the gradients of p those of the scores: p (g - dO·O) scale; zeros beside the visible keys.</summary>
        private readonly void ScoreGradients<T>(in QueryBlock block, long head, float* weights, float* gradients, long stride, long keys)
            where T : unmanaged, ILanes<T>
        {
            long oAt = (block.batch * shape.OBatch) + (block.query * shape.OToken) + (head * shape.OHead);
            float* known = logSumExp + (((block.batch * shape.Heads) + head) * shape.Queries) + block.query;
            float* logs = stackalloc float[(int)BlockQueries];
            float* dots = stackalloc float[(int)BlockQueries];
            for (long i = 0; i < stride; i++)
            {
                bool real = i < block.rows;

                // Without a key there is no logarithm, and no weight that it would scale.
                logs[i] = real && !float.IsNegativeInfinity(known[i]) ? known[i] : 0;
                dots[i] = real ? Rows.Dot<T>(shape.HeadDim, dO + oAt + (i * shape.OToken), o + oAt + (i * shape.OToken)) : 0;
            }

            for (long group = 0; group < stride; group += T.Width)
            {
                Sight<T> sight = block.Seen<T>(group);
                float* w = weights + group;
                float* g = gradients + group;
                (T log, T dot) = (T.Load(logs + group), T.Load(dots + group));
                ClearKeys<T>(w, stride, 0, sight.low);
                ClearKeys<T>(g, stride, 0, sight.low);
                ScoreGradients(sight, sight.low, sight.innerLow, masked: true, w, g, stride, log, dot);
                ScoreGradients(sight, sight.innerLow, sight.innerHigh, masked: false, w, g, stride, log, dot);
                ScoreGradients(sight, sight.innerHigh, sight.high, masked: true, w, g, stride, log, dot);
                ClearKeys<T>(w, stride, sight.high, keys);
                ClearKeys<T>(g, stride, sight.high, keys);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void ScoreGradients<T>(in Sight<T> sight, long from, long to, bool masked, float* weights, float* gradients, long stride, T log, T dot)
            where T : unmanaged, ILanes<T>
        {
            bool capped = shape.SoftCap > 0;
            var cap = new Capped(shape.Scale, shape.SoftCap);
            var slope = new CapSlope(1 / shape.SoftCap);
            T zero = T.Broadcast(0);
            T scale = T.Broadcast(shape.Scale);
            for (long key = from; key < to; key++)
            {
                float* w = weights + (key * stride);
                float* g = gradients + (key * stride);
                T score = T.Load(w);
                score = capped ? cap.Apply(score, score) : score * scale;
                T weight = LaneMath.Exp(score - log);
                T gradient = weight * (T.Load(g) - dot) * scale;
                if (capped)
                {
                    gradient *= slope.Apply(score, score);
                }

                if (masked)
                {
                    weight = sight.Where(key, weight, zero);
                    gradient = sight.Where(key, gradient, zero);
                }

                weight.Store(w);
                gradient.Store(g);
            }
        }
    }

    /// <summary>What the blocks of one key head share.</summary>
    private struct KeySide
    {
        public long columns;
        public float* keyRows;
        public float* valueRows;
        public float* keySteps;
        public float* dKey;
        public float* dValue;
        public float* free;
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
