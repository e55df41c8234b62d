namespace FineTuneKit.Charts;

/// <summary>Numbers over two lists of categories, shaded; small ones are written into the cells.</summary>
public sealed record HeatMapChart : Chart
{
    /// <summary>What the columns are.</summary>
    public required Axis X { get; init; }

    /// <summary>What the rows are.</summary>
    public required Axis Y { get; init; }

    /// <summary>What the shade measures.</summary>
    public required Axis Value { get; init; }

    /// <summary>The names of the columns.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>The names of the rows, top to bottom.</summary>
    public required IReadOnlyList<string> Rows { get; init; }

    /// <summary>The numbers, [row][column]; NaN stays empty.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Values { get; init; }
}

/// <summary>Cividis (Nuñez, Anderton and Renslow, 2018): shades that rise in lightness and look alike to all kinds of colour vision.</summary>
internal static class Cividis
{
    private static readonly (int R, int G, int B)[] Stops = [(0, 34, 78), (54, 74, 107), (109, 111, 118), (165, 152, 117), (222, 197, 97), (253, 231, 55)];

    /// <summary>The colour at a share from 0 to 1.</summary>
    public static (int R, int G, int B) At(double share)
    {
        double place = Math.Clamp(share, 0, 1) * (Stops.Length - 1);
        int below = Math.Min((int)place, Stops.Length - 2);
        double rest = place - below;
        ((int r1, int g1, int b1), (int r2, int g2, int b2)) = (Stops[below], Stops[below + 1]);
        return ((int)(r1 + rest * (r2 - r1)), (int)(g1 + rest * (g2 - g1)), (int)(b1 + rest * (b2 - b1)));
    }

    public static string Hex(double share)
    {
        (int r, int g, int b) = At(share);
        return $"#{r:x2}{g:x2}{b:x2}";
    }

    /// <summary>Black or white, whichever reads better on the colour.</summary>
    public static string TextOn(double share)
    {
        (int r, int g, int b) = At(share);
        return 0.299 * r + 0.587 * g + 0.114 * b > 130 ? "#000" : "#fff";
    }
}
