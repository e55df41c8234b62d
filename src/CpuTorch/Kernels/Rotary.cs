using System.Runtime.CompilerServices;

namespace CpuTorch.Kernels;

/// <summary>
/// Rotary position embedding (Su et al., RoFormer, 2021), pairing dimension i with i + rotaryDim / 2 as Hugging Face does.
/// Dimensions from rotaryDim on are copied.
/// </summary>
internal static unsafe class Rotary
{
    /// <summary>cos and sin: [positions, rotaryDim / 2]; positions: one for each of batch * tokens. inverse turns back: the gradient.</summary>
    public static void Apply(
        long batch, long tokens, long heads, long headDim, long rotaryDim,
        float* x, long xBatch, long xToken, long xHead,
        float* y, long yBatch, long yToken, long yHead,
        float* cos, float* sin, int* positions, bool inverse) =>
        RowKernel.Launch(batch * tokens, heads * headDim, new Turn
        {
            tokens = tokens,
            heads = heads,
            headDim = headDim,
            half = rotaryDim / 2,
            x = x,
            xBatch = xBatch,
            xToken = xToken,
            xHead = xHead,
            y = y,
            yBatch = yBatch,
            yToken = yToken,
            yHead = yHead,
            cos = cos,
            sin = sin,
            positions = positions,
            direction = inverse ? -1 : 1,
        });

    private struct Turn : IRowKernel
    {
        public long tokens;
        public long heads;
        public long headDim;
        public long half;
        public float* x;
        public long xBatch;
        public long xToken;
        public long xHead;
        public float* y;
        public long yBatch;
        public long yToken;
        public long yHead;
        public float* cos;
        public float* sin;
        public int* positions;
        public float direction;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<T>(long row)
            where T : unmanaged, ILanes<T>
        {
            float* c = cos + (positions[row] * half);
            float* s = sin + (positions[row] * half);
            float* source = x + (row / tokens * xBatch) + (row % tokens * xToken);
            float* target = y + (row / tokens * yBatch) + (row % tokens * yToken);
            long whole = half / T.Width * T.Width;
            for (long head = 0; head < heads; head++)
            {
                Pairs<T>(0, whole, source, target, c, s);
                Pairs<Lanes1>(whole, half, source, target, c, s);
                if (source != target && half * 2 < headDim)
                {
                    Unsafe.CopyBlockUnaligned(target + (half * 2), source + (half * 2), (uint)((headDim - (half * 2)) * sizeof(float)));
                }

                source += xHead;
                target += yHead;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Pairs<T>(long start, long end, float* source, float* target, float* c, float* s)
            where T : unmanaged, ILanes<T>
        {
            long step = half;
            T sign = T.Broadcast(direction);
            for (long i = start; i < end; i += T.Width)
            {
                T cosine = T.Load(c + i);
                T sine = T.Load(s + i) * sign;
                T first = T.Load(source + i);
                T second = T.Load(source + step + i);
                ((first * cosine) - (second * sine)).Store(target + i);
                ((second * cosine) + (first * sine)).Store(target + step + i);
            }
        }
    }
}
