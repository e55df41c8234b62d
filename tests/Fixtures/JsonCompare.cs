using System.Globalization;
using System.Text.Json;
using Xunit;

namespace FineTuneKit.Fixtures;

/// <summary>Reads the fixtures' numbers ("nan", "inf" and "-inf" are texts there) and compares with what was computed.</summary>
public static class JsonCompare
{
    public static double Number(JsonElement e) => e.ValueKind == JsonValueKind.String
        ? e.GetString() switch
        {
            "nan" => double.NaN,
            "inf" => double.PositiveInfinity,
            "-inf" => double.NegativeInfinity,
            string text => double.Parse(text, CultureInfo.InvariantCulture),
            null => throw new FormatException("null text"),
        }
        : e.GetDouble();

    public static double[] Numbers(JsonElement e) => [.. e.EnumerateArray().Select(Number)];

    /// <summary>Equal within a relative tolerance (absolute below 1); an expected null means: do not compare.</summary>
    public static void Equal(JsonElement expected, double actual, string what, double tolerance = 1e-9)
    {
        if (expected.ValueKind == JsonValueKind.Null) return;
        double wanted = Number(expected);
        bool same = double.IsNaN(wanted) ? double.IsNaN(actual)
            : double.IsInfinity(wanted) ? wanted == actual
            : Math.Abs(wanted - actual) <= tolerance * Math.Max(1, Math.Abs(wanted));
        // Small p-values are compared relative to themselves.
        if (same && wanted is > 0 and < 1e-3) same = Math.Abs(wanted - actual) <= 1e-6 * wanted;
        Assert.True(same, string.Create(CultureInfo.InvariantCulture, $"{what}: expected {wanted:R}, was {actual:R}"));
    }

    public static void Equal(JsonElement expected, IReadOnlyList<double> actual, string what, double tolerance = 1e-9)
    {
        Assert.True(expected.GetArrayLength() == actual.Count, $"{what}: expected {expected.GetArrayLength()} values, was {actual.Count}");
        int i = 0;
        foreach (JsonElement value in expected.EnumerateArray()) Equal(value, actual[i], $"{what}[{i++}]", tolerance);
    }
}
