namespace FineTuneKit.Evaluation;

/// <summary>A value with its interval. Without an interval, low and high equal the value.</summary>
/// <param name="Value">The point estimate.</param>
/// <param name="Low">The interval's lower end.</param>
/// <param name="High">The interval's upper end.</param>
public readonly record struct Estimate(double Value, double Low, double High)
{
    /// <summary>A value without an interval.</summary>
    public static Estimate Exact(double value) => new(value, value, value);

    /// <summary>The same estimate in another unit, such as percent.</summary>
    public Estimate Times(double factor) => new(Value * factor, Low * factor, High * factor);
}
