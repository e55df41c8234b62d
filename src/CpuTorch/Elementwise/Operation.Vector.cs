using CpuTorch.Kernels;

namespace CpuTorch;

/// <summary>Functions with a vectorised kernel.</summary>
internal readonly unsafe partial struct Operation
{
    internal static readonly Operation Exp = new(&ExpBlock);
    internal static readonly Operation Log = new(&LogBlock);
    internal static readonly Operation Tanh = new(&TanhBlock);
    internal static readonly Operation Sigmoid = new(&SigmoidBlock);
    internal static readonly Operation Erf = new(&ErfBlock);
    internal static readonly Operation Relu = new(&ReluBlock, &Whole1<ReluOfWhole>);
    internal static readonly Operation Silu = new(&SiluBlock);
    internal static readonly Operation Gelu = new(&GeluBlock);
    internal static readonly Operation GeluTanh = new(&GeluTanhBlock);

    private static void ExpBlock(float** x, float* y, long n) => VectorMath.Exp(n, x[0], y);

    private static void LogBlock(float** x, float* y, long n) => VectorMath.Log(n, x[0], y);

    private static void TanhBlock(float** x, float* y, long n) => VectorMath.Tanh(n, x[0], y);

    private static void SigmoidBlock(float** x, float* y, long n) => VectorMath.Sigmoid(n, x[0], y);

    private static void ErfBlock(float** x, float* y, long n) => VectorMath.Erf(n, x[0], y);

    private static void ReluBlock(float** x, float* y, long n) => VectorMath.Relu(n, x[0], y);

    private static void SiluBlock(float** x, float* y, long n) => VectorMath.Silu(n, x[0], y);

    private static void GeluBlock(float** x, float* y, long n) => VectorMath.GeluErf(n, x[0], y);

    private static void GeluTanhBlock(float** x, float* y, long n) => VectorMath.GeluTanh(n, x[0], y);

    private readonly struct ReluOfWhole : IWhole1
    {
        public static long Of(long x) => Math.Max(x, 0);
    }
}
