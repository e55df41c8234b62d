namespace CpuTorch;

/// <summary>Functions of three numbers; the last may be a parameter.</summary>
internal readonly unsafe partial struct Operation
{
    internal static readonly Operation Where = new(&Map3<WhereOf>, &Whole3<WhereOf>);
    internal static readonly Operation Clamp = new(&Map3<ClampOf>, &Whole3<ClampOf>);
    internal static readonly Operation Lerp = new(&Map3<LerpOf>);
    internal static readonly Operation MultiplyAdd = new(&Map3<MultiplyAddOf>, &Whole3<MultiplyAddOf>);
    internal static readonly Operation Softplus = new(&Map3<SoftplusOfThree>);
    internal static readonly Operation SoftplusSlope = new(&Map3<SoftplusSlopeOf>);
    internal static readonly Operation Elu = new(&Map2<EluOf>);
    internal static readonly Operation EluSlope = new(&Map2<EluSlopeOf>);
    internal static readonly Operation LeakyRelu = new(&Map2<LeakyReluOf>);
    internal static readonly Operation LeakyReluSlope = new(&Map2<LeakyReluSlopeOf>);

    private readonly struct WhereOf : IReal3, IWhole3
    {
        public static float Of(float a, float b, float c) => a != 0 ? b : c;

        public static long Of(long a, long b, long c) => a != 0 ? b : c;
    }

    private readonly struct ClampOf : IReal3, IWhole3
    {
        public static float Of(float a, float b, float c) => MathF.Min(MathF.Max(a, b), c);

        public static long Of(long a, long b, long c) => Math.Min(Math.Max(a, b), c);
    }

    private readonly struct LerpOf : IReal3
    {
        public static float Of(float a, float b, float c) => c < 0.5f ? a + (c * (b - a)) : b - ((b - a) * (1 - c));
    }

    private readonly struct MultiplyAddOf : IReal3, IWhole3
    {
        public static float Of(float a, float b, float c) => a + (b * c);

        public static long Of(long a, long b, long c) => a + (b * c);
    }

    // x, beta, threshold
    private readonly struct SoftplusOfThree : IReal3
    {
        public static float Of(float a, float b, float c) => a * b > c ? a : LogOnePlus(MathF.Exp(a * b)) / b;
    }

    private readonly struct SoftplusSlopeOf : IReal3
    {
        public static float Of(float a, float b, float c) => a * b > c ? 1 : 1 / (1 + MathF.Exp(-a * b));
    }

    // x, alpha
    private readonly struct EluOf : IReal2
    {
        public static float Of(float a, float b) => a > 0 ? a : b * ExpMinusOne(a);
    }

    private readonly struct EluSlopeOf : IReal2
    {
        public static float Of(float a, float b) => a > 0 ? 1 : b * MathF.Exp(a);
    }

    // x, slope of the negative side
    private readonly struct LeakyReluOf : IReal2
    {
        public static float Of(float a, float b) => a > 0 ? a : a * b;
    }

    private readonly struct LeakyReluSlopeOf : IReal2
    {
        public static float Of(float a, float b) => a > 0 ? 1 : b;
    }
}
