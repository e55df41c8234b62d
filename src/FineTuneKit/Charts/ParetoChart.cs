namespace FineTuneKit.Charts;

/// <summary>
/// Points of a trade-off, such as quality against memory, with the Pareto front drawn: those to which no other is better
/// in one and at least as good in the other.
/// </summary>
public sealed record ParetoChart : Chart
{
    /// <summary>The horizontal axis.</summary>
    public required Axis X { get; init; }

    /// <summary>The vertical axis.</summary>
    public required Axis Y { get; init; }

    /// <summary>The points.</summary>
    public required IReadOnlyList<ScatterPoint> Points { get; init; }

    /// <summary>Default false: less is better, as with cost. Whether more of X is better.</summary>
    public bool MoreXIsBetter { get; init; }

    /// <summary>Default true, as with quality. Whether more of Y is better.</summary>
    public bool MoreYIsBetter { get; init; } = true;

    /// <summary>The points of the front, from left to right.</summary>
    public IReadOnlyList<ScatterPoint> Front() => [.. Points.Where(p => !p.Faint && !Points.Any(other => !other.Faint && Dominates(other, p))).OrderBy(p => p.X.Value)];

    private bool Dominates(ScatterPoint a, ScatterPoint b)
    {
        double x = MoreXIsBetter ? a.X.Value - b.X.Value : b.X.Value - a.X.Value, y = MoreYIsBetter ? a.Y.Value - b.Y.Value : b.Y.Value - a.Y.Value;
        return x >= 0 && y >= 0 && (x > 0 || y > 0);
    }
}
