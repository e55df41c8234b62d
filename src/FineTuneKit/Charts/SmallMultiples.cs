namespace FineTuneKit.Charts;

/// <summary>Several charts side by side (Tufte, 1983).</summary>
public sealed record SmallMultiples : Chart
{
    /// <summary>The charts, row by row.</summary>
    public required IReadOnlyList<Chart> Panels { get; init; }

    /// <summary>Default 2. Charts in a row, 1 or more.</summary>
    public int Columns { get; init; } = 2;
}
