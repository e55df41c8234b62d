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
            s.keyPanels = Panels<TTile>.Columns(k + kAt, shape.KToken, 1, shape.Keys, d, ref free);
            s.valuePanels = Panels<TTile>.Columns(v + vAt, shape.VToken, 1, shape.Keys, d, ref free);
            s.keySteps = Panels<TTile>.Columns(k + kAt, 1, shape.KToken, d, shape.Keys, ref free);

            // A block's keys start and end on tiles, so its sums may run a tile past the last key.
            long sums = (Panels<TTile>.PadColumns(shape.Keys) + TTile.Rows) * s.columns;
            s.dKey = Panels<TTile>.Take(sums, ref free);
            s.dValue = Panels<TTile>.Take(sums, ref free);
            s.free = free;
            Clear(s.dKey, sums);
            Clear(s.dValue, sums);
            long group = shape.Heads / shape.KeyHeads;
            for (long head = keyHead * group; head < (keyHead + 1) * group; head++)
            {
                for (long query = 0; query < shape.Queries; query += BlockQueries)
                {
                    Block<T, TTile>(s, batch, head, query, Math.Min(BlockQueries, shape.Queries - query));
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
            long keys = Panels<TTile>.PadColumns(shape.Keys) + TTile.Columns + TTile.Rows;
            long columns = Panels<TTile>.PadColumns(d);
            long rows = Panels<TTile>.PadRows(BlockQueries);
            return (keys * ((2 * d) + (3 * columns))) + (5 * rows * keys) + (rows * ((2 * d) + (3 * columns))) + (32 * Packing.Spill);
        }

        private readonly void Block<T, TTile>(in KeySide s, long batch, long head, long query, long rows)
            where T : unmanaged, ILanes<T>
            where TTile : struct, ITile
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

            start = start / TTile.Columns * TTile.Columns;
            long keys = end - start;
            long width = Panels<TTile>.PadColumns(keys);
            long keyRows = Panels<TTile>.PadRows(keys);
            long stride = Math.Max(width, keyRows) + TTile.Columns;
            long padded = Panels<TTile>.PadRows(rows);
            float* free = s.free;
            float* weights = Panels<TTile>.Take(padded * stride, ref free);
            float* gradients = Panels<TTile>.Take(padded * stride, ref free);
            float* left = free;
            float* queries = Panels<TTile>.Rows(q + qAt, shape.QToken, 1, rows, d, ref left);
            Panels<TTile>.Multiply(padded, width, d, queries, s.keyPanels + (start * d), TTile.Columns * d, weights, stride, accumulate: false);
            left = free;
            float* outputs = Panels<TTile>.Rows(dO + oAt, shape.OToken, 1, rows, d, ref left);
            Panels<TTile>.Multiply(padded, width, d, outputs, s.valuePanels + (start * d), TTile.Columns * d, gradients, stride, accumulate: false);
            float* logs = logSumExp + (((batch * shape.Heads) + head) * shape.Queries) + query;
            for (long i = 0; i < rows; i++)
            {
                float dot = Rows.Dot<T>(d, dO + oAt + (i * shape.OToken), o + oAt + (i * shape.OToken));
                (long first, long last) = shape.Visible(batch, query + i);
                RowGradients<T>(weights + (i * stride), gradients + (i * stride), keyRows, first - start, last - start, logs[i], dot);
            }

            // dV += weights' dO and dK += gradients' Q: whole tiles of keys, of which those beyond the last have weight zero.
            left = free;
            float* turned = Panels<TTile>.Rows(weights, 1, stride, keyRows, rows, ref left);
            float* steps = Panels<TTile>.Columns(dO + oAt, 1, shape.OToken, d, rows, ref left);
            Panels<TTile>.Multiply(keyRows, s.columns, rows, turned, steps, TTile.Columns * rows, s.dValue + (start * s.columns), s.columns, accumulate: true);
            left = free;
            turned = Panels<TTile>.Rows(gradients, 1, stride, keyRows, rows, ref left);
            steps = Panels<TTile>.Columns(q + qAt, 1, shape.QToken, d, rows, ref left);
            Panels<TTile>.Multiply(keyRows, s.columns, rows, turned, steps, TTile.Columns * rows, s.dKey + (start * s.columns), s.columns, accumulate: true);
            left = free;
            turned = Panels<TTile>.Rows(gradients, stride, 1, rows, keys, ref left);
            float* result = Panels<TTile>.Take(padded * s.columns, ref left);
            Panels<TTile>.Multiply(
                padded, s.columns, keys, turned, s.keySteps + (start * TTile.Columns), TTile.Columns * shape.Keys, result, s.columns, accumulate: false);
            for (long i = 0; i < rows; i++)
            {
                Unsafe.CopyBlockUnaligned(dQ + qAt + (i * shape.QToken), result + (i * s.columns), (uint)(d * sizeof(float)));
            }
        }

        /// <summary>Scores become weights p, and the gradients of p those of the scores: p (g - dot) scale; zeros beside the visible keys.</summary>
        private readonly void RowGradients<T>(float* weights, float* gradients, long keys, long first, long last, float log, float dot)
            where T : unmanaged, ILanes<T>
        {
            if (first >= last)
            {
                first = last = 0;
            }

            float* w = weights + first;
            float* g = gradients + first;
            float factor = PrepareScores<T>(shape, last - first, w);
            long count = PadToVector<T>(w, last - first);
            float* slopes = null;
            if (shape.SoftCap > 0)
            {
                slopes = Scratch.Floats(ScratchUse.Rows, count);
                Rows.Map<T, CapSlope>(new CapSlope(1 / shape.SoftCap), count, w, w, slopes);
            }

            Rows.Map<T, Exponential>(new Exponential(factor, log), count, w, w, w);
            Rows.Map<T, ScoreGradient>(new ScoreGradient(dot, shape.Scale), count, w, g, g);
            if (slopes != null)
            {
                Rows.Map<T, Times>(default, count, g, slopes, g);
            }

            Clear(weights, first);
            Clear(weights + last, keys - last);
            Clear(gradients, first);
            Clear(gradients + last, keys - last);
        }
    }

    /// <summary>What the blocks of one key head share.</summary>
    private struct KeySide
    {
        public long columns;
        public float* keyPanels;
        public float* valuePanels;
        public float* keySteps;
        public float* dKey;
        public float* dValue;
        public float* free;
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
