using FineTuneKit.Evaluation;

namespace FineTuneKit.Charts;

/// <summary>An axis: what it measures and in which unit; the range follows the data where it is not given.</summary>
/// <param name="Label">What is measured, such as "validation loss".</param>
/// <param name="Unit">The unit, such as "nats per token" or "%"; null where the label says all.</param>
public sealed record Axis(string Label, string? Unit = null)
{
    /// <summary>The smallest value shown; null: from the data.</summary>
    public double? Minimum { get; init; }

    /// <summary>The largest value shown; null: from the data.</summary>
    public double? Maximum { get; init; }

    /// <summary>The label with its unit in brackets.</summary>
    public string Title => Unit is null ? Label : $"{Label} ({Unit})";
}

/// <summary>
/// One chart: data, axes and the sentence that says what it shows. <see cref="SvgRenderer"/> draws it,
/// <see cref="PlotlyRenderer"/> makes it a figure to zoom and hover in, <see cref="TextRenderer"/> writes its numbers;
/// a notebook gets all three at once.
/// </summary>
[TypeFormatterSource(typeof(NotebookFormatters), PreferredMimeTypes = [NotebookFormatters.Plotly, NotebookFormatters.Svg, NotebookFormatters.Text])]
public abstract record Chart
{
    /// <summary>The title, a noun phrase.</summary>
    public required string Title { get; init; }

    /// <summary>One sentence under the chart that says what to see in it, made from the data.</summary>
    public required string Reading { get; init; }
}

/// <summary>A line over numbers, with an optional band (interval) of the same length.</summary>
/// <param name="Name">The legend's text.</param>
/// <param name="X">The abscissae, ascending.</param>
/// <param name="Y">The values.</param>
/// <param name="Low">The band's lower edge, or null.</param>
/// <param name="High">The band's upper edge, or null.</param>
public sealed record LineSeries(
    string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y,
    IReadOnlyList<double>? Low = null, IReadOnlyList<double>? High = null)
{
    /// <summary>The palette's colour number; series of one kind share it.</summary>
    public int Color { get; init; }

    /// <summary>Drawn dashed, for a second quantity of the same colour.</summary>
    public bool Dashed { get; init; }
}

/// <summary>A marked place on a line chart, such as the step at which training stopped.</summary>
public sealed record Mark(double X, double Y, string Label, int Color = 0);

/// <summary>Lines with bands and marks over a numeric axis.</summary>
public sealed record LineChart : Chart
{
    /// <summary>The horizontal axis.</summary>
    public required Axis X { get; init; }

    /// <summary>The vertical axis.</summary>
    public required Axis Y { get; init; }

    /// <summary>The lines.</summary>
    public required IReadOnlyList<LineSeries> Lines { get; init; }

    /// <summary>The marked places.</summary>
    public IReadOnlyList<Mark> Marks { get; init; } = [];
}

/// <summary>Bars of one kind, one for each category of the chart.</summary>
public sealed record BarSeries(string Name, IReadOnlyList<Estimate> Values, int Color = 0);

/// <summary>Horizontal grouped bars with intervals, one group for each category.</summary>
public sealed record BarChart : Chart
{
    /// <summary>The axis of the values.</summary>
    public required Axis Value { get; init; }

    /// <summary>The categories, top to bottom.</summary>
    public required IReadOnlyList<string> Categories { get; init; }

    /// <summary>The bars, as many values each as there are categories.</summary>
    public required IReadOnlyList<BarSeries> Series { get; init; }
}

/// <summary>A point with intervals in both directions and a label.</summary>
public sealed record ScatterPoint(string Label, Estimate X, Estimate Y, int Color = 0)
{
    /// <summary>Drawn hollow and small: one run among those that a full point sums up.</summary>
    public bool Faint { get; init; }
}

/// <summary>Points with intervals over two numeric axes.</summary>
public sealed record ScatterChart : Chart
{
    /// <summary>The horizontal axis.</summary>
    public required Axis X { get; init; }

    /// <summary>The vertical axis.</summary>
    public required Axis Y { get; init; }

    /// <summary>The points.</summary>
    public required IReadOnlyList<ScatterPoint> Points { get; init; }
}

/// <summary>A confusion matrix: rows true, columns predicted, counts in the cells, shaded by the share of the row.</summary>
public sealed record ConfusionChart : Chart
{
    /// <summary>The class names of the rows.</summary>
    public required IReadOnlyList<string> Rows { get; init; }

    /// <summary>The class names of the columns; may hold one more than the rows, for answers that are no class.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>Counts, [row][column].</summary>
    public required IReadOnlyList<IReadOnlyList<int>> Counts { get; init; }
}
