using System.Runtime.CompilerServices;

namespace CpuTorch.Kernels;

/// <summary>
/// Attention of very few queries, as when a text is written token by token: packing the keys would cost more than
/// reading each of them once.
/// </summary>
internal static unsafe partial class Attention
{
    private const long FewQueries = 4;

    [SkipLocalsInit]
    private struct FewQueriesHead : IKernel
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
            (long batch, long head) = (chunk / shape.Heads, chunk % shape.Heads);
            long keyHead = head / (shape.Heads / shape.KeyHeads);
            float* keys = k + (batch * shape.KBatch) + (keyHead * shape.KHead);
            float* values = v + (batch * shape.VBatch) + (keyHead * shape.VHead);
            float* scores = Scratch.Floats(ScratchUse.Attention, shape.Keys + T.Width);
            for (long query = 0; query < shape.Queries; query++)
            {
                (long first, long last) = shape.Visible(batch, query);
                long count = Math.Max(0, last - first);
                float* row = q + (batch * shape.QBatch) + (query * shape.QToken) + (head * shape.QHead);
                Scores<T>(row, keys + (first * shape.KToken), count, scores);
                float sum = Exponentiate<T>(scores, count, out float logSum);
                float* target = o + (batch * shape.OBatch) + (query * shape.OToken) + (head * shape.OHead);
                WeightedSum<T>(scores, values + (first * shape.VToken), count, count > 0 ? 1 / sum : 0, target);
                if (logSumExp != null)
                {
                    logSumExp[(((batch * shape.Heads) + head) * shape.Queries) + query] = logSum;
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Scores<T>(float* query, float* key, long count, float* scores)
            where T : unmanaged, ILanes<T>
        {
            long whole = shape.HeadDim / T.Width * T.Width;
            for (long j = 0; j < count; j++, key += shape.KToken)
            {
                T sum = T.Broadcast(0);
                for (long i = 0; i < whole; i += T.Width)
                {
                    sum = T.MulAdd(T.Load(query + i), T.Load(key + i), sum);
                }

                float score = sum.Sum();
                for (long i = whole; i < shape.HeadDim; i++)
                {
                    score += query[i] * key[i];
                }

                scores[j] = score;
            }
        }

        private readonly float Exponentiate<T>(float* scores, long count, out float logSum)
            where T : unmanaged, ILanes<T>
        {
            logSum = float.NegativeInfinity;
            if (count == 0)
            {
                return 0;
            }

            float factor = PrepareScores<T>(shape, count, scores);
            long padded = PadToVector<T>(scores, count);
            float max = Rows.Max<T>(padded, scores) * factor;
            float sum = Rows.ExpAndSum<T>(padded, scores, factor, max, scores);
            logSum = max + MathF.Log(sum);
            return sum;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void WeightedSum<T>(float* weights, float* values, long count, float factor, float* target)
            where T : unmanaged, ILanes<T>
        {
            long i = 0;
            for (; i + T.Width <= shape.HeadDim; i += T.Width)
            {
                T even = T.Broadcast(0);
                T odd = T.Broadcast(0);
                float* value = values + i;
                for (long j = 0; j < count; j++, value += shape.VToken)
                {
                    T sum = T.MulAdd(T.Broadcast(weights[j]), T.Load(value), odd);
                    odd = even;
                    even = sum;
                }

                ((even + odd) * T.Broadcast(factor)).Store(target + i);
            }

            for (; i < shape.HeadDim; i++)
            {
                float sum = 0;
                for (long j = 0; j < count; j++)
                {
                    sum += weights[j] * values[(j * shape.VToken) + i];
                }

                target[i] = sum * factor;
            }
        }
    }
}
