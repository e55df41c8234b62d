using System.Runtime.CompilerServices;

namespace CpuTorch.Kernels;

/// <summary>Elementwise functions over contiguous float32; the target may be an operand.</summary>
internal static unsafe partial class VectorMath
{
    public static void Exp(long n, float* x, float* y) => Elementwise.Run(new ExpOp(), n, x, y);

    public static void Log(long n, float* x, float* y) => Elementwise.Run(new LogOp(), n, x, y);

    public static void Tanh(long n, float* x, float* y) => Elementwise.Run(new TanhOp(), n, x, y);

    public static void Sigmoid(long n, float* x, float* y) => Elementwise.Run(new SigmoidOp(), n, x, y);

    public static void Erf(long n, float* x, float* y) => Elementwise.Run(new ErfOp(), n, x, y);

    public static void Sqrt(long n, float* x, float* y) => Elementwise.Run(new SqrtOp(), n, x, y);

    public static void Abs(long n, float* x, float* y) => Elementwise.Run(new AbsOp(), n, x, y);

    public static void Negate(long n, float* x, float* y) => Elementwise.Run(new NegateOp(), n, x, y);

    public static void Relu(long n, float* x, float* y) => Elementwise.Run(new ReluOp(), n, x, y);

    public static void Silu(long n, float* x, float* y) => Elementwise.Run(new SiluOp(), n, x, y);

    public static void GeluErf(long n, float* x, float* y) => Elementwise.Run(new GeluErfOp(), n, x, y);

    public static void GeluTanh(long n, float* x, float* y) => Elementwise.Run(new GeluTanhOp(), n, x, y);

    public static void Add(long n, float* x, float* y, float* z) => Elementwise.Run(new Plus(), n, x, y, z);

    public static void Subtract(long n, float* x, float* y, float* z) => Elementwise.Run(new SubtractOp(), n, x, y, z);

    public static void Multiply(long n, float* x, float* y, float* z) => Elementwise.Run(new Times(), n, x, y, z);

    public static void Divide(long n, float* x, float* y, float* z) => Elementwise.Run(new DivideOp(), n, x, y, z);

    /// <summary>dx = f'(x) * dy.</summary>
    public static void SiluGradient(long n, float* x, float* dy, float* dx) => Elementwise.Run(new SiluGradientOp(), n, x, dy, dx);

    /// <summary>dx = f'(x) * dy.</summary>
    public static void GeluErfGradient(long n, float* x, float* dy, float* dx) => Elementwise.Run(new GeluErfGradientOp(), n, x, dy, dx);

    /// <summary>dx = f'(x) * dy.</summary>
    public static void GeluTanhGradient(long n, float* x, float* dy, float* dx) => Elementwise.Run(new GeluTanhGradientOp(), n, x, dy, dx);

    private readonly struct ExpOp : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x, T y)
            where T : unmanaged, ILanes<T> => LaneMath.Exp(x);
    }

    private readonly struct LogOp : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x, T y)
            where T : unmanaged, ILanes<T> => T.Log(x);
    }

    private readonly struct TanhOp : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x, T y)
            where T : unmanaged, ILanes<T> => LaneMath.Tanh(x);
    }

    private readonly struct SigmoidOp : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x, T y)
            where T : unmanaged, ILanes<T> => LaneMath.Sigmoid(x);
    }

    private readonly struct ErfOp : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x, T y)
            where T : unmanaged, ILanes<T> => LaneMath.Erf(x);
    }

    private readonly struct SqrtOp : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x, T y)
            where T : unmanaged, ILanes<T> => T.Sqrt(x);
    }

    private readonly struct AbsOp : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x, T y)
            where T : unmanaged, ILanes<T> => T.Abs(x);
    }

    private readonly struct NegateOp : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x, T y)
            where T : unmanaged, ILanes<T> => x * T.Broadcast(-1f);
    }

    private readonly struct ReluOp : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x, T y)
            where T : unmanaged, ILanes<T> => T.WhereLess(x, T.Broadcast(0f), T.Broadcast(0f), x);
    }

    private readonly struct SiluOp : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x, T y)
            where T : unmanaged, ILanes<T> => x * LaneMath.Sigmoid(x);
    }

    private readonly struct GeluErfOp : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x, T y)
            where T : unmanaged, ILanes<T> => x * T.Broadcast(0.5f) * (T.Broadcast(1f) + LaneMath.Erf(x * T.Broadcast(0.70710678f)));
    }

    private readonly struct GeluTanhOp : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x, T y)
            where T : unmanaged, ILanes<T>
        {
            T inner = T.Broadcast(0.79788456f) * T.MulAdd(T.Broadcast(0.044715f) * x * x, x, x);
            return x * T.Broadcast(0.5f) * (T.Broadcast(1f) + LaneMath.Tanh(inner));
        }
    }

    private readonly struct SubtractOp : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x, T y)
            where T : unmanaged, ILanes<T> => x - y;
    }

    private readonly struct DivideOp : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x, T y)
            where T : unmanaged, ILanes<T> => x / y;
    }

    private readonly struct SiluGradientOp : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x, T y)
            where T : unmanaged, ILanes<T>
        {
            T s = LaneMath.Sigmoid(x);
            return y * s * T.MulAdd(x, T.Broadcast(1f) - s, T.Broadcast(1f));
        }
    }

    private readonly struct GeluErfGradientOp : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x, T y)
            where T : unmanaged, ILanes<T>
        {
            T cdf = T.MulAdd(LaneMath.Erf(x * T.Broadcast(0.70710678f)), T.Broadcast(0.5f), T.Broadcast(0.5f));
            T density = LaneMath.Exp(x * x * T.Broadcast(-0.5f)) * T.Broadcast(0.39894228f);
            return y * T.MulAdd(x, density, cdf);
        }
    }

    private readonly struct GeluTanhGradientOp : ILaneFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Apply<T>(T x, T y)
            where T : unmanaged, ILanes<T>
        {
            T square = x * x;
            T t = LaneMath.Tanh(T.Broadcast(0.79788456f) * T.MulAdd(T.Broadcast(0.044715f) * square, x, x));
            T slope = T.Broadcast(0.79788456f) * T.MulAdd(T.Broadcast(0.134145f), square, T.Broadcast(1f));
            T half = T.Broadcast(0.5f);
            return y * T.MulAdd(half * x * slope, T.Broadcast(1f) - (t * t), half * (T.Broadcast(1f) + t));
        }
    }
}
