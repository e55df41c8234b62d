using System.Globalization;

namespace FineTuneKit.Charts;

/// <summary>Numbers as people read them: rounded to some digits, 13,120 and not 1.312E+04, powers of ten only for the very small and large.</summary>
internal static class SignificantDigits
{
    private const double Smallest = 1e-4, Largest = 1e9;

    /// <summary>The number with at most so many digits that count, without zeros at its end.</summary>
    public static string Text(double value, int digits)
    {
        if (!double.IsFinite(value)) return value.ToString(CultureInfo.InvariantCulture);
        double rounded = double.Parse(value.ToString("E" + (digits - 1), CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        double size = Math.Abs(rounded);
        if (size is not 0 and (< Smallest or >= Largest)) return rounded.ToString("0." + new string('#', digits - 1) + "e-0", CultureInfo.InvariantCulture);
        return rounded.ToString(size >= 10_000 ? "#,0.##########" : "0.##########", CultureInfo.InvariantCulture);
    }
}
