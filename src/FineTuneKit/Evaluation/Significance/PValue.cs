using System.Globalization;

namespace FineTuneKit.Evaluation.Significance;

/// <summary>A p-value as it is written: three decimals, and never as 0, which no test can give.</summary>
/// <param name="Value">From 0 to 1.</param>
public readonly record struct PValue(double Value)
{
    private const double Least = 0.001;

    /// <summary>With its name, for a sentence: <c>p = 0.032</c>, <c>p &lt; 0.001</c>.</summary>
    public string Text => Value < Least ? "p < 0.001" : string.Create(CultureInfo.InvariantCulture, $"p = {Value:0.000}");

    /// <summary>Without its name, for a table: <c>0.032</c>, <c>&lt; 0.001</c>.</summary>
    public override string ToString() => Value < Least ? "< 0.001" : Value.ToString("0.000", CultureInfo.InvariantCulture);
}
