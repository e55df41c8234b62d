using System.Runtime.CompilerServices;

namespace CpuTorch.Kernels;

/// <summary>y = x / sqrt(mean(x²) + eps) * (weight + weightOffset), of Zhang and Sennrich (2019); rows contiguous.</summary>
internal static unsafe class RmsNorm
{
    public static void Forward(long rows, long d, float* x, float* weight, float eps, float weightOffset, float* y, float* reciprocalRms) =>
        RowKernel.Launch(rows, d, new ForwardRow
        {
            d = d,
            x = x,
            weight = weight,
            eps = eps,
            offset = weightOffset,
            y = y,
            reciprocalRms = reciprocalRms,
        });

    /// <summary>dWeight may be null and is overwritten; dx may be dy.</summary>
    public static void Backward(long rows, long d, float* x, float* weight, float weightOffset, float* reciprocalRms, float* dy, float* dx, float* dWeight)
    {
        long blocks = ColumnSums.Blocks(rows);
        float* partials = dWeight == null ? null : Scratch.Floats(ScratchUse.Partials, blocks * d);
        Kernel.Launch(blocks, new BackwardBlock
        {
            rows = rows,
            d = d,
            x = x,
            weight = weight,
            offset = weightOffset,
            reciprocalRms = reciprocalRms,
            dy = dy,
            dx = dx,
            partials = partials,
        });
        if (dWeight != null)
        {
            ColumnSums.Finish(blocks, d, partials, d, dWeight);
        }
    }

    private struct ForwardRow : IRowKernel
    {
        public long d;
        public float* x;
        public float* weight;
        public float eps;
        public float offset;
        public float* y;
        public float* reciprocalRms;

        public readonly void Run<T>(long row)
            where T : unmanaged, ILanes<T>
        {
            float* source = x + (row * d);
            float scale = 1 / MathF.Sqrt((Rows.Dot<T>(d, source, source) / d) + eps);
            reciprocalRms[row] = scale;
            Rows.Map<T, Weighted>(new Weighted(scale, offset), d, source, weight, y + (row * d));
        }
    }

    private struct BackwardBlock : IKernel
    {
        public long rows;
        public long d;
        public float* x;
        public float* weight;
        public float offset;
        public float* reciprocalRms;
        public float* dy;
        public float* dx;
        public float* partials;

        public readonly void Run<T>(long chunk)
            where T : unmanaged, ILanes<T>
        {
            float* sums = partials == null ? null : partials + (chunk * d);
            if (sums != null)
            {
                new Span<float>(sums, checked((int)d)).Clear();
            }

            long end = Math.Min(rows, (chunk + 1) * ColumnSums.RowsABlock(rows));
            for (long row = chunk * ColumnSums.RowsABlock(rows); row < end; row++)
            {
                Row<T>(row, sums);
            }
        }

        // With r the reciprocal root: dx = r (w dy) - x r³ mean(w dy x).
        private readonly void Row<T>(long row, float* sums)
            where T : unmanaged, ILanes<T>
        {
            float* source = x + (row * d);
            float* gradient = dy + (row * d);
            float r = reciprocalRms[row];
            long whole = d / T.Width * T.Width;
            float dot = Products<T>(0, whole, source, gradient, sums, r) + Products<Lanes1>(whole, d, source, gradient, sums, r);
            float pull = dot / d * r * r * r;
            Gradients<T>(0, whole, source, gradient, dx + (row * d), r, pull);
            Gradients<Lanes1>(whole, d, source, gradient, dx + (row * d), r, pull);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly float Products<T>(long start, long end, float* source, float* gradient, float* sums, float r)
            where T : unmanaged, ILanes<T>
        {
            float* w = weight;
            T shift = T.Broadcast(offset);
            T scale = T.Broadcast(r);
            T dot = T.Broadcast(0);
            for (long i = start; i < end; i += T.Width)
            {
                T product = T.Load(source + i) * T.Load(gradient + i);
                dot = T.MulAdd(product, T.Load(w + i) + shift, dot);
                if (sums != null)
                {
                    T.MulAdd(product, scale, T.Load(sums + i)).Store(sums + i);
                }
            }

            return dot.Sum();
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Gradients<T>(long start, long end, float* source, float* gradient, float* target, float r, float pull)
            where T : unmanaged, ILanes<T>
        {
            float* w = weight;
            T shift = T.Broadcast(offset);
            T scale = T.Broadcast(r);
            T back = T.Broadcast(pull);
            for (long i = start; i < end; i += T.Width)
            {
                T direct = T.Load(gradient + i) * (T.Load(w + i) + shift) * scale;
                (direct - (T.Load(source + i) * back)).Store(target + i);
            }
        }
    }

    private readonly struct Weighted(float scale, float offset) : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x, T y)
            where T : unmanaged, ILanes<T> => x * T.Broadcast(scale) * (y + T.Broadcast(offset));
    }
}
