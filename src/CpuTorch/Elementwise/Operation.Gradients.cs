using CpuTorch.Kernels;

namespace CpuTorch;

/// <summary>Gradients: of the output's gradient g and the input or output y, whichever the formula needs.</summary>
internal readonly unsafe partial struct Operation
{
    internal static readonly Operation TanhGradient = new(&Map2<TanhGradientOf>);
    internal static readonly Operation SigmoidGradient = new(&Map2<SigmoidGradientOf>);
    internal static readonly Operation ReluGradient = new(&Map2<ReluGradientOf>);
    internal static readonly Operation RsqrtGradient = new(&Map2<RsqrtGradientOf>);
    internal static readonly Operation SqrtGradient = new(&Map2<SqrtGradientOf>);
    internal static readonly Operation ReciprocalGradient = new(&Map2<ReciprocalGradientOf>);
    internal static readonly Operation SinGradient = new(&Map2<SinGradientOf>);
    internal static readonly Operation CosGradient = new(&Map2<CosGradientOf>);
    internal static readonly Operation TanGradient = new(&Map2<TanGradientOf>);
    internal static readonly Operation AbsoluteGradient = new(&Map2<AbsoluteGradientOf>);
    internal static readonly Operation Log1pGradient = new(&Map2<Log1pGradientOf>);
    internal static readonly Operation Expm1Gradient = new(&Map2<Expm1GradientOf>);
    internal static readonly Operation Log2Gradient = new(&Map2<Log2GradientOf>);
    internal static readonly Operation Log10Gradient = new(&Map2<Log10GradientOf>);
    internal static readonly Operation ErfGradient = new(&Map2<ErfGradientOf>);
    internal static readonly Operation LogSigmoidGradient = new(&Map2<LogSigmoidGradientOf>);
    internal static readonly Operation MishGradient = new(&Map2<MishGradientOf>);
    internal static readonly Operation SiluGradient = new(&SiluGradientBlock);
    internal static readonly Operation GeluGradient = new(&GeluGradientBlock);
    internal static readonly Operation GeluTanhGradient = new(&GeluTanhGradientBlock);

    private readonly struct TanhGradientOf : IReal2
    {
        public static float Of(float g, float y) => g * (1 - (y * y));
    }

    private readonly struct SigmoidGradientOf : IReal2
    {
        public static float Of(float g, float y) => g * (1 - y) * y;
    }

    private readonly struct ReluGradientOf : IReal2
    {
        public static float Of(float g, float y) => y > 0 ? g : 0;
    }

    private readonly struct RsqrtGradientOf : IReal2
    {
        public static float Of(float g, float y) => -0.5f * g * y * y * y;
    }

    private readonly struct SqrtGradientOf : IReal2
    {
        public static float Of(float g, float y) => g / (2 * y);
    }

    private readonly struct ReciprocalGradientOf : IReal2
    {
        public static float Of(float g, float y) => -g * y * y;
    }

    private readonly struct SinGradientOf : IReal2
    {
        public static float Of(float g, float y) => g * MathF.Cos(y);
    }

    private readonly struct CosGradientOf : IReal2
    {
        public static float Of(float g, float y) => -g * MathF.Sin(y);
    }

    private readonly struct TanGradientOf : IReal2
    {
        public static float Of(float g, float y) => g * (1 + (y * y));
    }

    private readonly struct AbsoluteGradientOf : IReal2
    {
        public static float Of(float g, float y) => y > 0 ? g : y < 0 ? -g : 0 * g;
    }

    private readonly struct Log1pGradientOf : IReal2
    {
        public static float Of(float g, float y) => g / (y + 1);
    }

    private readonly struct Expm1GradientOf : IReal2
    {
        public static float Of(float g, float y) => g * (y + 1);
    }

    private readonly struct Log2GradientOf : IReal2
    {
        public static float Of(float g, float y) => g / (y * 0.69314718056f);
    }

    private readonly struct Log10GradientOf : IReal2
    {
        public static float Of(float g, float y) => g / (y * 2.30258509299f);
    }

    private readonly struct ErfGradientOf : IReal2
    {
        public static float Of(float g, float y) => g * 1.12837916710f * MathF.Exp(-y * y);
    }

    private readonly struct LogSigmoidGradientOf : IReal2
    {
        public static float Of(float g, float y) => g * (1 - (1 / (1 + MathF.Exp(-y))));
    }

    private readonly struct MishGradientOf : IReal2
    {
        public static float Of(float g, float y) => MishSlope(g, y);
    }

    private static float MishSlope(float g, float x)
    {
        float t = MathF.Tanh(SoftplusValue(x));
        return g * (t + (x * (1 - (t * t)) / (1 + MathF.Exp(-x))));
    }

    private static void SiluGradientBlock(float** x, float* y, long n) => VectorMath.SiluGradient(n, x[1], x[0], y);

    private static void GeluGradientBlock(float** x, float* y, long n) => VectorMath.GeluErfGradient(n, x[1], x[0], y);

    private static void GeluTanhGradientBlock(float** x, float* y, long n) => VectorMath.GeluTanhGradient(n, x[1], x[0], y);
}
