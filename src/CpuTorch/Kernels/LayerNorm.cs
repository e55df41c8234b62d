using System.Runtime.CompilerServices;

namespace CpuTorch.Kernels;

/// <summary>y = (x - mean) / sqrt(variance + eps) * weight + bias, of Ba et al. (2016); rows contiguous.</summary>
internal static unsafe class LayerNorm
{
    /// <summary>weight and bias may be null; mean and reciprocalDeviation are written for every row.</summary>
    public static void Forward(long rows, long d, float* x, float* weight, float* bias, float eps, float* y, float* mean, float* reciprocalDeviation) =>
        RowKernel.Launch(rows, d, new ForwardRow
        {
            d = d,
            x = x,
            weight = weight,
            bias = bias,
            eps = eps,
            y = y,
            mean = mean,
            reciprocalDeviation = reciprocalDeviation,
        });

    /// <summary>dWeight and dBias may be null and are overwritten; dx may be dy.</summary>
    public static void Backward(
        long rows, long d, float* x, float* weight, float* mean, float* reciprocalDeviation, float* dy, float* dx, float* dWeight, float* dBias)
    {
        long blocks = ColumnSums.Blocks(rows);
        bool wanted = dWeight != null || dBias != null;
        float* partials = wanted ? Scratch.Floats(ScratchUse.Partials, blocks * d * 2) : null;
        Kernel.Launch(blocks, new BackwardBlock
        {
            rows = rows,
            d = d,
            x = x,
            weight = weight,
            mean = mean,
            reciprocalDeviation = reciprocalDeviation,
            dy = dy,
            dx = dx,
            partials = partials,
        });
        if (dWeight != null)
        {
            ColumnSums.Finish(blocks, d, partials, d * 2, dWeight);
        }

        if (dBias != null)
        {
            ColumnSums.Finish(blocks, d, partials + d, d * 2, dBias);
        }
    }

    private struct ForwardRow : IRowKernel
    {
        public long d;
        public float* x;
        public float* weight;
        public float* bias;
        public float eps;
        public float* y;
        public float* mean;
        public float* reciprocalDeviation;

        public readonly void Run<T>(long row)
            where T : unmanaged, ILanes<T>
        {
            float* source = x + (row * d);
            float* target = y + (row * d);
            float centre = Rows.Sum<T>(d, source) / d;
            Rows.Map<T, Normalised>(new Normalised(centre, 1), d, source, source, target);
            float scale = 1 / MathF.Sqrt((Rows.Dot<T>(d, target, target) / d) + eps);
            mean[row] = centre;
            reciprocalDeviation[row] = scale;
            Rows.Map<T, Scaled>(new Scaled(scale), d, target, target, target);
            if (weight != null)
            {
                Rows.Map<T, Times>(default, d, target, weight, target);
            }

            if (bias != null)
            {
                Rows.Map<T, Plus>(default, d, target, bias, target);
            }
        }
    }

    private struct BackwardBlock : IKernel
    {
        public long rows;
        public long d;
        public float* x;
        public float* weight;
        public float* mean;
        public float* reciprocalDeviation;
        public float* dy;
        public float* dx;
        public float* partials;

        public readonly void Run<T>(long chunk)
            where T : unmanaged, ILanes<T>
        {
            float* sums = partials == null ? null : partials + (chunk * d * 2);
            if (sums != null)
            {
                new Span<float>(sums, checked((int)(d * 2))).Clear();
            }

            float* normalised = Scratch.Floats(ScratchUse.Rows, d * 2);
            long end = Math.Min(rows, (chunk + 1) * ColumnSums.RowsABlock(rows));
            for (long row = chunk * ColumnSums.RowsABlock(rows); row < end; row++)
            {
                Row<T>(row, sums, normalised, normalised + d);
            }
        }

        // With n the normalised row, r the reciprocal deviation and u = w dy: dx = r (u - mean(u) - n mean(u n)).
        private readonly void Row<T>(long row, float* sums, float* normalised, float* weighted)
            where T : unmanaged, ILanes<T>
        {
            float* source = x + (row * d);
            float* gradient = dy + (row * d);
            float r = reciprocalDeviation[row];
            Rows.Map<T, Normalised>(new Normalised(mean[row], r), d, source, source, normalised);
            if (sums != null)
            {
                Rows.Map<T, Times>(default, d, gradient, normalised, weighted);
                Rows.Map<T, Plus>(default, d, sums, weighted, sums);
                Rows.Map<T, Plus>(default, d, sums + d, gradient, sums + d);
            }

            float* u = gradient;
            if (weight != null)
            {
                Rows.Map<T, Times>(default, d, gradient, weight, weighted);
                u = weighted;
            }

            float average = Rows.Sum<T>(d, u) / d;
            float pull = Rows.Dot<T>(d, u, normalised) / d;
            Rows.Map<T, Gradient>(new Gradient(r, average, pull), d, u, normalised, dx + (row * d));
        }
    }

    private readonly struct Normalised(float centre, float scale) : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x, T y)
            where T : unmanaged, ILanes<T> => (x - T.Broadcast(centre)) * T.Broadcast(scale);
    }

    private readonly struct Gradient(float scale, float average, float pull) : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x, T y)
            where T : unmanaged, ILanes<T> => T.Broadcast(scale) * (x - T.Broadcast(average) - (y * T.Broadcast(pull)));
    }
}
