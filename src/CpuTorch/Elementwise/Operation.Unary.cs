namespace CpuTorch;

/// <summary>Functions of one number.</summary>
internal readonly unsafe partial struct Operation
{
    internal static readonly Operation Negate = new(&Map1<NegateOf>, &Whole1<NegateOf>);
    internal static readonly Operation Absolute = new(&Map1<AbsoluteOf>, &Whole1<AbsoluteOf>);
    internal static readonly Operation Sign = new(&Map1<SignOf>, &Whole1<SignOf>);
    internal static readonly Operation Sqrt = new(&Map1<SqrtOf>);
    internal static readonly Operation Rsqrt = new(&Map1<RsqrtOf>);
    internal static readonly Operation Log1p = new(&Map1<Log1pOf>);
    internal static readonly Operation Expm1 = new(&Map1<Expm1Of>);
    internal static readonly Operation Sin = new(&Map1<SinOf>);
    internal static readonly Operation Cos = new(&Map1<CosOf>);
    internal static readonly Operation Tan = new(&Map1<TanOf>);
    internal static readonly Operation Square = new(&Map1<SquareOf>, &Whole1<SquareOf>);
    internal static readonly Operation Reciprocal = new(&Map1<ReciprocalOf>);
    internal static readonly Operation Floor = new(&Map1<FloorOf>, &Whole1<FloorOf>);
    internal static readonly Operation Ceiling = new(&Map1<CeilingOf>, &Whole1<CeilingOf>);
    internal static readonly Operation Round = new(&Map1<RoundOf>, &Whole1<RoundOf>);
    internal static readonly Operation Truncate = new(&Map1<TruncateOf>, &Whole1<TruncateOf>);
    internal static readonly Operation Log2 = new(&Map1<Log2Of>);
    internal static readonly Operation Log10 = new(&Map1<Log10Of>);
    internal static readonly Operation Mish = new(&Map1<MishOf>);
    internal static readonly Operation LogSigmoid = new(&Map1<LogSigmoidOf>);
    internal static readonly Operation IsNan = new(&Map1<IsNanOf>, &Whole1<IsNanOf>);
    internal static readonly Operation IsInfinite = new(&Map1<IsInfiniteOf>, &Whole1<IsInfiniteOf>);
    internal static readonly Operation IsFinite = new(&Map1<IsFiniteOf>, &Whole1<IsFiniteOf>);
    internal static readonly Operation LogicalNot = new(&Map1<LogicalNotOf>, &Whole1<LogicalNotOf>);
    internal static readonly Operation BitwiseNot = new(null, &Whole1<BitwiseNotOf>);

    private readonly struct NegateOf : IReal1, IWhole1
    {
        public static float Of(float x) => -x;

        public static long Of(long x) => -x;
    }

    private readonly struct AbsoluteOf : IReal1, IWhole1
    {
        public static float Of(float x) => MathF.Abs(x);

        public static long Of(long x) => Math.Abs(x);
    }

    private readonly struct SignOf : IReal1, IWhole1
    {
        public static float Of(float x) => x > 0 ? 1 : x < 0 ? -1 : 0;

        public static long Of(long x) => Math.Sign(x);
    }

    private readonly struct SqrtOf : IReal1
    {
        public static float Of(float x) => MathF.Sqrt(x);
    }

    private readonly struct RsqrtOf : IReal1
    {
        public static float Of(float x) => 1 / MathF.Sqrt(x);
    }

    private readonly struct Log1pOf : IReal1
    {
        public static float Of(float x) => LogOnePlus(x);
    }

    private readonly struct Expm1Of : IReal1
    {
        public static float Of(float x) => ExpMinusOne(x);
    }

    private readonly struct SinOf : IReal1
    {
        public static float Of(float x) => MathF.Sin(x);
    }

    private readonly struct CosOf : IReal1
    {
        public static float Of(float x) => MathF.Cos(x);
    }

    private readonly struct TanOf : IReal1
    {
        public static float Of(float x) => MathF.Tan(x);
    }

    private readonly struct SquareOf : IReal1, IWhole1
    {
        public static float Of(float x) => x * x;

        public static long Of(long x) => x * x;
    }

    private readonly struct ReciprocalOf : IReal1
    {
        public static float Of(float x) => 1 / x;
    }

    private readonly struct FloorOf : IReal1, IWhole1
    {
        public static float Of(float x) => MathF.Floor(x);

        public static long Of(long x) => x;
    }

    private readonly struct CeilingOf : IReal1, IWhole1
    {
        public static float Of(float x) => MathF.Ceiling(x);

        public static long Of(long x) => x;
    }

    private readonly struct RoundOf : IReal1, IWhole1
    {
        public static float Of(float x) => MathF.Round(x);

        public static long Of(long x) => x;
    }

    private readonly struct TruncateOf : IReal1, IWhole1
    {
        public static float Of(float x) => MathF.Truncate(x);

        public static long Of(long x) => x;
    }

    private readonly struct Log2Of : IReal1
    {
        public static float Of(float x) => MathF.Log2(x);
    }

    private readonly struct Log10Of : IReal1
    {
        public static float Of(float x) => MathF.Log10(x);
    }

    private readonly struct MishOf : IReal1
    {
        public static float Of(float x) => x * MathF.Tanh(SoftplusValue(x));
    }

    private readonly struct LogSigmoidOf : IReal1
    {
        public static float Of(float x) => MathF.Min(x, 0) - LogOnePlus(MathF.Exp(-MathF.Abs(x)));
    }

    private readonly struct IsNanOf : IReal1, IWhole1
    {
        public static float Of(float x) => float.IsNaN(x) ? 1 : 0;

        public static long Of(long x) => 0;
    }

    private readonly struct IsInfiniteOf : IReal1, IWhole1
    {
        public static float Of(float x) => float.IsInfinity(x) ? 1 : 0;

        public static long Of(long x) => 0;
    }

    private readonly struct IsFiniteOf : IReal1, IWhole1
    {
        public static float Of(float x) => float.IsFinite(x) ? 1 : 0;

        public static long Of(long x) => 1;
    }

    private readonly struct LogicalNotOf : IReal1, IWhole1
    {
        public static float Of(float x) => x == 0 ? 1 : 0;

        public static long Of(long x) => x == 0 ? 1 : 0;
    }

    private readonly struct BitwiseNotOf : IWhole1
    {
        public static long Of(long x) => ~x;
    }

    // In double, where the cancellation near 0 costs nothing that float32 could show.
    private static float LogOnePlus(float x) => Math.Abs(x) < 1e-4f ? x - (x * x / 2) : (float)Math.Log(1.0 + x);

    private static float ExpMinusOne(float x) => Math.Abs(x) < 1e-4f ? x + (x * x / 2) : (float)(Math.Exp(x) - 1.0);

    private static float SoftplusValue(float x) => x > 20 ? x : LogOnePlus(MathF.Exp(x));
}
