using System.Runtime.CompilerServices;

namespace CpuTorch.Kernels;

internal static unsafe partial class VectorMath
{
    public static double Sum(long n, float* x) => Elementwise.Sum(new First(), n, x, x);

    public static double SumOfSquares(long n, float* x) => Elementwise.Sum(new Times(), n, x, x);

    public static double Dot(long n, float* x, float* y) => Elementwise.Sum(new Times(), n, x, y);

    /// <summary>y = x * factor.</summary>
    public static void Scale(long n, float factor, float* x, float* y) => Elementwise.Run(new Scaled(factor), n, x, y);

    /// <summary>y = x + term.</summary>
    public static void AddScalar(long n, float term, float* x, float* y) => Elementwise.Run(new ShiftOp(term), n, x, y);

    /// <summary>y += a * x.</summary>
    public static void Axpy(long n, float a, float* x, float* y) => Elementwise.Run(new AxpyOp(a), n, x, y, y);

    private readonly struct ShiftOp(float term) : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x, T y)
            where T : unmanaged, ILanes<T> => x + T.Broadcast(term);
    }

    private readonly struct AxpyOp(float a) : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x, T y)
            where T : unmanaged, ILanes<T> => T.MulAdd(x, T.Broadcast(a), y);
    }
}
