using System.Numerics;

namespace CpuTorch;

/// <summary>Functions of two numbers, and comparisons, which give 1 or 0.</summary>
internal readonly unsafe partial struct Operation
{
    internal static readonly Operation Add = new(&Vector2<AddOf>, &Whole2<AddOf>);
    internal static readonly Operation Subtract = new(&Vector2<SubtractOf>, &Whole2<SubtractOf>);
    internal static readonly Operation Multiply = new(&Vector2<MultiplyOf>, &Whole2<MultiplyOf>);
    internal static readonly Operation Divide = new(&Vector2<DivideOf>);
    internal static readonly Operation FloorDivide = new(&Map2<FloorDivideOf>, &Whole2<FloorDivideOf>);
    internal static readonly Operation Remainder = new(&Map2<RemainderOf>, &Whole2<RemainderOf>);
    internal static readonly Operation Maximum = new(&Map2<MaximumOf>, &Whole2<MaximumOf>);
    internal static readonly Operation Minimum = new(&Map2<MinimumOf>, &Whole2<MinimumOf>);
    internal static readonly Operation Atan2 = new(&Map2<Atan2Of>);
    internal static readonly Operation Power = new(&Map2<PowerOf>, &Whole2<PowerOf>);
    internal static readonly Operation Equal = new(&Map2<EqualOf>, &Whole2<EqualOf>);
    internal static readonly Operation NotEqual = new(&Map2<NotEqualOf>, &Whole2<NotEqualOf>);
    internal static readonly Operation Less = new(&Map2<LessOf>, &Whole2<LessOf>);
    internal static readonly Operation LessOrEqual = new(&Map2<LessOrEqualOf>, &Whole2<LessOrEqualOf>);
    internal static readonly Operation Greater = new(&Map2<GreaterOf>, &Whole2<GreaterOf>);
    internal static readonly Operation GreaterOrEqual = new(&Map2<GreaterOrEqualOf>, &Whole2<GreaterOrEqualOf>);
    internal static readonly Operation LogicalAnd = new(&Map2<LogicalAndOf>, &Whole2<LogicalAndOf>);
    internal static readonly Operation LogicalOr = new(&Map2<LogicalOrOf>, &Whole2<LogicalOrOf>);
    internal static readonly Operation LogicalXor = new(&Map2<LogicalXorOf>, &Whole2<LogicalXorOf>);
    internal static readonly Operation BitwiseAnd = new(null, &Whole2<BitwiseAndOf>);
    internal static readonly Operation BitwiseOr = new(null, &Whole2<BitwiseOrOf>);
    internal static readonly Operation BitwiseXor = new(null, &Whole2<BitwiseXorOf>);

    private readonly struct AddOf : IVector2, IWhole2
    {
        public static float Of(float a, float b) => a + b;

        public static Vector<float> Of(Vector<float> a, Vector<float> b) => a + b;

        public static long Of(long a, long b) => a + b;
    }

    private readonly struct SubtractOf : IVector2, IWhole2
    {
        public static float Of(float a, float b) => a - b;

        public static Vector<float> Of(Vector<float> a, Vector<float> b) => a - b;

        public static long Of(long a, long b) => a - b;
    }

    private readonly struct MultiplyOf : IVector2, IWhole2
    {
        public static float Of(float a, float b) => a * b;

        public static Vector<float> Of(Vector<float> a, Vector<float> b) => a * b;

        public static long Of(long a, long b) => a * b;
    }

    private readonly struct DivideOf : IVector2
    {
        public static float Of(float a, float b) => a / b;

        public static Vector<float> Of(Vector<float> a, Vector<float> b) => a / b;
    }

    private readonly struct FloorDivideOf : IReal2, IWhole2
    {
        public static float Of(float a, float b) => FloorDivided(a, b);

        public static long Of(long a, long b) => FloorDivided(a, b);
    }

    private readonly struct RemainderOf : IReal2, IWhole2
    {
        public static float Of(float a, float b) => Remaining(a, b);

        public static long Of(long a, long b) => Remaining(a, b);
    }

    private readonly struct MaximumOf : IReal2, IWhole2
    {
        public static float Of(float a, float b) => MathF.Max(a, b);

        public static long Of(long a, long b) => Math.Max(a, b);
    }

    private readonly struct MinimumOf : IReal2, IWhole2
    {
        public static float Of(float a, float b) => MathF.Min(a, b);

        public static long Of(long a, long b) => Math.Min(a, b);
    }

    private readonly struct Atan2Of : IReal2
    {
        public static float Of(float a, float b) => MathF.Atan2(a, b);
    }

    private readonly struct PowerOf : IReal2, IWhole2
    {
        public static float Of(float a, float b) => MathF.Pow(a, b);

        public static long Of(long a, long b) => Powered(a, b);
    }

    private readonly struct EqualOf : IReal2, IWhole2
    {
        public static float Of(float a, float b) => a == b ? 1 : 0;

        public static long Of(long a, long b) => a == b ? 1 : 0;
    }

    private readonly struct NotEqualOf : IReal2, IWhole2
    {
        public static float Of(float a, float b) => a != b ? 1 : 0;

        public static long Of(long a, long b) => a != b ? 1 : 0;
    }

    private readonly struct LessOf : IReal2, IWhole2
    {
        public static float Of(float a, float b) => a < b ? 1 : 0;

        public static long Of(long a, long b) => a < b ? 1 : 0;
    }

    private readonly struct LessOrEqualOf : IReal2, IWhole2
    {
        public static float Of(float a, float b) => a <= b ? 1 : 0;

        public static long Of(long a, long b) => a <= b ? 1 : 0;
    }

    private readonly struct GreaterOf : IReal2, IWhole2
    {
        public static float Of(float a, float b) => a > b ? 1 : 0;

        public static long Of(long a, long b) => a > b ? 1 : 0;
    }

    private readonly struct GreaterOrEqualOf : IReal2, IWhole2
    {
        public static float Of(float a, float b) => a >= b ? 1 : 0;

        public static long Of(long a, long b) => a >= b ? 1 : 0;
    }

    private readonly struct LogicalAndOf : IReal2, IWhole2
    {
        public static float Of(float a, float b) => a != 0 && b != 0 ? 1 : 0;

        public static long Of(long a, long b) => a != 0 && b != 0 ? 1 : 0;
    }

    private readonly struct LogicalOrOf : IReal2, IWhole2
    {
        public static float Of(float a, float b) => a != 0 || b != 0 ? 1 : 0;

        public static long Of(long a, long b) => a != 0 || b != 0 ? 1 : 0;
    }

    private readonly struct LogicalXorOf : IReal2, IWhole2
    {
        public static float Of(float a, float b) => (a != 0) != (b != 0) ? 1 : 0;

        public static long Of(long a, long b) => (a != 0) != (b != 0) ? 1 : 0;
    }

    private readonly struct BitwiseAndOf : IWhole2
    {
        public static long Of(long a, long b) => a & b;
    }

    private readonly struct BitwiseOrOf : IWhole2
    {
        public static long Of(long a, long b) => a | b;
    }

    private readonly struct BitwiseXorOf : IWhole2
    {
        public static long Of(long a, long b) => a ^ b;
    }

    private static float FloorDivided(float a, float b)
    {
        if (b == 0) return a / b;
        float rest = a % b;
        float quotient = (a - rest) / b;
        if (rest != 0 && (b < 0) != (rest < 0)) quotient -= 1;
        if (quotient == 0) return MathF.CopySign(0, a / b);
        float whole = MathF.Floor(quotient);
        return quotient - whole > 0.5f ? whole + 1 : whole;
    }

    private static long FloorDivided(long a, long b)
    {
        if (b == 0) throw TorchException.Runtime("ZeroDivisionError");
        long quotient = a / b;
        return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
    }

    // The sign follows the divisor, as in Python.
    private static float Remaining(float a, float b)
    {
        float rest = a % b;
        return rest != 0 && (b < 0) != (rest < 0) ? rest + b : rest;
    }

    private static long Remaining(long a, long b)
    {
        if (b == 0) throw TorchException.Runtime("ZeroDivisionError");
        long rest = a % b;
        return rest != 0 && (b < 0) != (rest < 0) ? rest + b : rest;
    }

    private static long Powered(long a, long b)
    {
        if (b < 0) return a == 1 ? 1 : a == -1 ? (b % 2 == 0 ? 1 : -1) : 0;
        long result = 1;
        for (; b > 0; b >>= 1, a *= a)
        {
            if ((b & 1) != 0) result *= a;
        }
        return result;
    }
}
