using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FineTuneKit.Evaluation;

namespace FineTuneKit.Charts;

/// <summary>
/// Makes a chart a Plotly figure, <c>application/vnd.plotly.v1+json</c>: data for a front end that draws it itself, without
/// script or address. Its ground is white in every theme, so that its text is read in all of them.
/// </summary>
public static partial class PlotlyRenderer
{
    private const double PanelGap = 0.12;

    private static readonly JsonSerializerOptions Compact = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The figure as JSON.</summary>
    public static string Render(Chart chart)
    {
        var figure = new Figure();
        if (chart is SmallMultiples multiples) Panels(figure, multiples);
        else Draw(figure.Panel(1, 0, 1, 0, 1), chart);
        figure.Layout["title"] = new JsonObject { ["text"] = Escape(chart.Title) };
        figure.Layout["meta"] = new JsonObject { ["reading"] = chart.Reading };
        figure.Layout["paper_bgcolor"] = "#ffffff";
        figure.Layout["plot_bgcolor"] = "#ffffff";
        figure.Layout["font"] = new JsonObject { ["color"] = "#1f2328" };
        figure.Layout["hovermode"] = "closest";
        return new JsonObject { ["data"] = figure.Data, ["layout"] = figure.Layout }.ToJsonString(Compact);
    }

    private static void Panels(Figure figure, SmallMultiples chart)
    {
        int columns = Math.Clamp(chart.Columns, 1, Math.Max(1, chart.Panels.Count)), rows = (chart.Panels.Count + columns - 1) / columns;
        var titles = new JsonArray();
        for (int i = 0; i < chart.Panels.Count; i++)
        {
            (int row, int column) = (i / columns, i % columns);
            double width = (1 - PanelGap * (columns - 1)) / columns, height = (1 - PanelGap * 2 * (rows - 1)) / rows;
            double left = column * (width + PanelGap), top = 1 - row * (height + PanelGap * 2);
            Draw(figure.Panel(i + 1, left, left + width, Math.Max(0, top - height), top), chart.Panels[i]);
            titles.Add(new JsonObject
            {
                ["text"] = Escape(chart.Panels[i].Title),
                ["showarrow"] = false,
                ["xref"] = "paper",
                ["yref"] = "paper",
                ["x"] = left + width / 2,
                ["y"] = top,
                ["xanchor"] = "center",
                ["yanchor"] = "bottom",
            });
        }
        figure.Layout["annotations"] = titles;
        figure.Layout["height"] = 120 + 340 * rows;
    }

    private static void Draw(PlotPanel panel, Chart chart)
    {
        switch (chart)
        {
            case LineChart lines: Lines(panel, lines); break;
            case BarChart bars: Bars(panel, bars); break;
            case ScatterChart scatter: Scatter(panel, scatter.X, scatter.Y, scatter.Points); break;
            case ParetoChart pareto: Pareto(panel, pareto); break;
            case ConfusionChart confusion: Confusion(panel, confusion); break;
            case HeatMapChart heat: HeatMap(panel, heat); break;
            case HistogramChart histogram: Histogram(panel, histogram); break;
            case BoxChart boxes: Boxes(panel, boxes); break;
            case WaterfallChart waterfall: Waterfall(panel, waterfall); break;
            case TokenStrip strip: Strip(panel, strip); break;
            default: throw new ArgumentException($"no figure for {chart.GetType().Name}", nameof(chart));
        }
    }

    private static void Lines(PlotPanel panel, LineChart chart)
    {
        panel.Axes(AxisOf(chart.X), AxisOf(chart.Y));
        foreach (LineSeries line in chart.Lines)
        {
            string color = SvgCanvas.Color(line.Color);
            if (line.Low is not null && line.High is not null)
            {
                panel.Add(Edge(line.X, line.Low));
                JsonObject band = Edge(line.X, line.High);
                (band["fill"], band["fillcolor"]) = ("tonexty", Transparent(color, 0.18));
                panel.Add(band);
            }
            panel.Add(new JsonObject
            {
                ["type"] = "scatter",
                ["mode"] = "lines",
                ["name"] = Escape(line.Name),
                ["x"] = Numbers(line.X),
                ["y"] = Numbers(line.Y),
                ["line"] = new JsonObject { ["color"] = color, ["dash"] = line.Dashed ? "dash" : "solid" },
            });
        }
        foreach (Mark mark in chart.Marks)
            panel.Add(new JsonObject
            {
                ["type"] = "scatter",
                ["mode"] = "markers+text",
                ["name"] = Escape(mark.Label),
                ["showlegend"] = false,
                ["x"] = Numbers([mark.X]),
                ["y"] = Numbers([mark.Y]),
                ["text"] = new JsonArray(Escape(mark.Label)),
                ["textposition"] = "top center",
                ["marker"] = new JsonObject { ["color"] = SvgCanvas.Color(mark.Color), ["size"] = 9 },
            });
    }

    private static JsonObject Edge(IReadOnlyList<double> x, IReadOnlyList<double> y) => new()
    {
        ["type"] = "scatter",
        ["mode"] = "lines",
        ["x"] = Numbers(x),
        ["y"] = Numbers(y),
        ["line"] = new JsonObject { ["width"] = 0 },
        ["showlegend"] = false,
        ["hoverinfo"] = "skip",
    };

    private static void Bars(PlotPanel panel, BarChart chart)
    {
        panel.Axes(AxisOf(chart.Value), Downwards());
        foreach (BarSeries series in chart.Series)
            panel.Add(new JsonObject
            {
                ["type"] = "bar",
                ["orientation"] = "h",
                ["name"] = Escape(series.Name),
                ["y"] = Texts(chart.Categories),
                ["x"] = Numbers(series.Values.Select(v => v.Value)),
                ["error_x"] = ErrorBars(series.Values),
                ["marker"] = new JsonObject { ["color"] = SvgCanvas.Color(series.Color) },
            });
    }

    private static void Scatter(PlotPanel panel, Axis x, Axis y, IReadOnlyList<ScatterPoint> points)
    {
        panel.Axes(AxisOf(x), AxisOf(y));
        foreach (ScatterPoint point in points)
            panel.Add(new JsonObject
            {
                ["type"] = "scatter",
                ["mode"] = "markers",
                ["name"] = Escape(point.Label),
                ["showlegend"] = !point.Faint,
                ["x"] = Numbers([point.X.Value]),
                ["y"] = Numbers([point.Y.Value]),
                ["error_x"] = ErrorBars([point.X]),
                ["error_y"] = ErrorBars([point.Y]),
                ["marker"] = new JsonObject { ["color"] = SvgCanvas.Color(point.Color), ["size"] = point.Faint ? 7 : 12, ["symbol"] = point.Faint ? "circle-open" : "circle" },
            });
    }

    private static void Pareto(PlotPanel panel, ParetoChart chart)
    {
        IReadOnlyList<ScatterPoint> front = chart.Front();
        Scatter(panel, chart.X, chart.Y, chart.Points);
        panel.Add(new JsonObject
        {
            ["type"] = "scatter",
            ["mode"] = "lines",
            ["name"] = "Pareto front",
            ["x"] = Numbers(front.Select(p => p.X.Value)),
            ["y"] = Numbers(front.Select(p => p.Y.Value)),
            ["line"] = new JsonObject { ["color"] = SvgCanvas.Color(2), ["dash"] = "dash" },
        });
    }

    private static void Confusion(PlotPanel panel, ConfusionChart chart)
    {
        JsonObject across = Category("predicted"), down = Downwards();
        down["title"] = new JsonObject { ["text"] = "true" };
        panel.Axes(across, down);
        double[][] shares = [.. chart.Counts.Select(row => row.Select(c => (double)c / Math.Max(1, row.Sum())).ToArray())];
        panel.Add(Shades(chart.Columns, chart.Rows, shares, chart.Counts.Select(r => r.Select(c => c.ToString(CultureInfo.InvariantCulture))), "share of the row"));
    }

    private static void HeatMap(PlotPanel panel, HeatMapChart chart)
    {
        JsonObject across = Category(chart.X.Title), down = Downwards();
        down["title"] = new JsonObject { ["text"] = Escape(chart.Y.Title) };
        panel.Axes(across, down);
        JsonObject trace = Shades(chart.Columns, chart.Rows, chart.Values, chart.Values.Select(r => r.Select(v => SignificantDigits.Text(v, 4))), chart.Value.Title);
        if (chart.Value.Minimum is { } low) trace["zmin"] = low;
        if (chart.Value.Maximum is { } high) trace["zmax"] = high;
        panel.Add(trace);
    }

    private static JsonObject Shades(IReadOnlyList<string> columns, IReadOnlyList<string> rows, IEnumerable<IEnumerable<double>> values, IEnumerable<IEnumerable<string>> texts, string measure) => new()
    {
        ["type"] = "heatmap",
        ["x"] = Texts(columns),
        ["y"] = Texts(rows),
        ["z"] = new JsonArray([.. values.Select(Numbers)]),
        ["text"] = new JsonArray([.. texts.Select(Texts)]),
        ["texttemplate"] = "%{text}",
        ["colorscale"] = "Cividis",
        ["colorbar"] = new JsonObject { ["title"] = new JsonObject { ["text"] = Escape(measure) } },
        ["hoverongaps"] = false,
    };

    private static void Histogram(PlotPanel panel, HistogramChart chart)
    {
        (double[] edges, int[][] counts) = chart.Binned();
        panel.Axes(AxisOf(chart.Value), AxisOf(chart.Count));
        for (int s = 0; s < chart.Series.Count; s++)
            panel.Add(new JsonObject
            {
                ["type"] = "bar",
                ["name"] = Escape(chart.Series[s].Name),
                ["x"] = Numbers(edges.Zip(edges.Skip(1), (a, b) => (a + b) / 2)),
                ["y"] = Numbers(counts[s].Select(c => (double)c)),
                ["marker"] = new JsonObject { ["color"] = SvgCanvas.Color(chart.Series[s].Color) },
            });
    }

    private static void Boxes(PlotPanel panel, BoxChart chart)
    {
        panel.Axes(AxisOf(chart.Value), Downwards());
        foreach (BoxGroup group in chart.Groups)
            panel.Add(new JsonObject
            {
                ["type"] = "box",
                ["orientation"] = "h",
                ["name"] = Escape(group.Name),
                ["x"] = Numbers(group.Values),
                ["boxpoints"] = "outliers",
                ["quartilemethod"] = "linear",
                ["marker"] = new JsonObject { ["color"] = SvgCanvas.Color(group.Color) },
                ["showlegend"] = false,
            });
    }

    private static void Waterfall(PlotPanel panel, WaterfallChart chart)
    {
        panel.Axes(AxisOf(chart.Value), Downwards());
        List<(string Name, double From, double To, Estimate? Change)> bars = [.. chart.Bars()];
        panel.Add(new JsonObject
        {
            ["type"] = "waterfall",
            ["orientation"] = "h",
            ["name"] = Escape(chart.Value.Label),
            ["showlegend"] = false,
            ["y"] = Texts(bars.Select(b => b.Name)),
            ["x"] = Numbers(bars.Select(b => b.Change?.Value ?? b.To)),
            ["measure"] = Texts(bars.Select((b, i) => b.Change is not null ? "relative" : i == 0 ? "absolute" : "total")),
            ["error_x"] = ErrorBars([.. bars.Select(b => b.Change ?? Estimate.Exact(b.To))]),
            ["increasing"] = new JsonObject { ["marker"] = new JsonObject { ["color"] = SvgCanvas.Color(0) } },
            ["decreasing"] = new JsonObject { ["marker"] = new JsonObject { ["color"] = SvgCanvas.Color(1) } },
            ["totals"] = new JsonObject { ["marker"] = new JsonObject { ["color"] = SvgCanvas.Color(6) } },
        });
    }

    // Plotly has no running text: the tokens stand in a grid, read row by row.
    private static void Strip(PlotPanel panel, TokenStrip chart)
    {
        const int Columns = 12;
        JsonObject across = new() { ["visible"] = false }, down = new() { ["visible"] = false, ["autorange"] = "reversed" };
        panel.Axes(across, down);
        List<StripToken[]> rows = [.. chart.Tokens.Chunk(Columns)];
        JsonObject trace = Shades([.. Enumerable.Range(1, Columns).Select(c => c.ToString(CultureInfo.InvariantCulture))], [.. rows.Select((_, r) => (r + 1).ToString(CultureInfo.InvariantCulture))],
            rows.Select(row => Enumerable.Range(0, Columns).Select(c => c >= row.Length ? double.NaN : row[c].Value ?? (row[c].Learned ? 1 : 0))),
            rows.Select(row => row.Select(t => TokenStrip.Visible(t.Text))), chart.Value?.Title ?? "1: learned from");
        panel.Add(trace);
    }
}
