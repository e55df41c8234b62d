using System.Runtime.CompilerServices;

namespace CpuTorch.Kernels;

/// <summary>Softmax over the last dimension of contiguous rows.</summary>
internal static unsafe class Softmax
{
    public static void Forward(long rows, long d, float* x, float* y) =>
        RowKernel.Launch(rows, d, new ForwardRow { d = d, x = x, y = y });

    /// <summary>dx = y * (dy - sum(y * dy)); dx may be dy.</summary>
    public static void Backward(long rows, long d, float* y, float* dy, float* dx) =>
        RowKernel.Launch(rows, d, new BackwardRow { d = d, y = y, dy = dy, dx = dx });

    private struct ForwardRow : IRowKernel
    {
        public long d;
        public float* x;
        public float* y;

        public readonly void Run<T>(long row)
            where T : unmanaged, ILanes<T>
        {
            float* source = x + (row * d);
            float* target = y + (row * d);
            float sum = Rows.ExpAndSum<T>(d, source, 1, Rows.Max<T>(d, source), target);
            Rows.Map<T, Scaled>(new Scaled(1 / sum), d, target, target, target);
        }
    }

    private struct BackwardRow : IRowKernel
    {
        public long d;
        public float* y;
        public float* dy;
        public float* dx;

        public readonly void Run<T>(long row)
            where T : unmanaged, ILanes<T>
        {
            long at = row * d;
            float dot = Rows.Dot<T>(d, y + at, dy + at);
            Rows.Map<T, Gradient>(new Gradient(dot), d, y + at, dy + at, dx + at);
        }
    }

    private readonly struct Gradient(float dot) : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x, T y)
            where T : unmanaged, ILanes<T> => x * (y - T.Broadcast(dot));
    }
}

/// <summary>Logarithm of softmax over the last dimension of contiguous rows.</summary>
internal static unsafe class LogSoftmax
{
    public static void Forward(long rows, long d, float* x, float* y) =>
        RowKernel.Launch(rows, d, new ForwardRow { d = d, x = x, y = y });

    /// <summary>dx = dy - exp(y) * sum(dy); dx may be dy.</summary>
    public static void Backward(long rows, long d, float* y, float* dy, float* dx) =>
        RowKernel.Launch(rows, d, new BackwardRow { d = d, y = y, dy = dy, dx = dx });

    private struct ForwardRow : IRowKernel
    {
        public long d;
        public float* x;
        public float* y;

        public readonly void Run<T>(long row)
            where T : unmanaged, ILanes<T>
        {
            float* source = x + (row * d);
            float max = Rows.Max<T>(d, source);
            float logSum = MathF.Log(Rows.SumOfExp<T>(d, source, max));
            Rows.Map<T, Normalised>(new Normalised(max, logSum), d, source, source, y + (row * d));
        }
    }

    private struct BackwardRow : IRowKernel
    {
        public long d;
        public float* y;
        public float* dy;
        public float* dx;

        public readonly void Run<T>(long row)
            where T : unmanaged, ILanes<T>
        {
            long at = row * d;
            float sum = Rows.Sum<T>(d, dy + at);
            Rows.Map<T, Gradient>(new Gradient(sum), d, y + at, dy + at, dx + at);
        }
    }

    // Two subtractions: max + log of the sum would round away small logarithms beside a large maximum.
    private readonly struct Normalised(float max, float logSum) : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x, T y)
            where T : unmanaged, ILanes<T> => x - T.Broadcast(max) - T.Broadcast(logSum);
    }

    private readonly struct Gradient(float sum) : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x, T y)
            where T : unmanaged, ILanes<T> => y - (LaneMath.Exp(x) * T.Broadcast(sum));
    }
}
