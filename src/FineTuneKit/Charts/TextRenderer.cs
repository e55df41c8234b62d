using System.Globalization;
using System.Text;
using FineTuneKit.Evaluation;

namespace FineTuneKit.Charts;

/// <summary>Writes a chart as text: its title, its numbers in a table, its reading. What a terminal and a screen reader get.</summary>
public static class TextRenderer
{
    private const int BarCells = 24, MostRows = 40, ShownDigits = 4;

    /// <summary>The text of any chart.</summary>
    public static string Render(Chart chart) => $"{chart.Title}\n{Body(chart)}\n{chart.Reading}".TrimEnd();

    private static string Body(Chart chart) => chart switch
    {
        LineChart lines => Lines(lines),
        BarChart bars => Bars(bars),
        ScatterChart scatter => Points(scatter.X, scatter.Y, scatter.Points, []),
        ParetoChart pareto => Points(pareto.X, pareto.Y, pareto.Points, pareto.Front()),
        ConfusionChart confusion => Matrix("true \\ predicted", confusion.Columns, confusion.Rows, confusion.Counts.Select(r => r.Select(c => (object?)c))),
        HeatMapChart heat => heat.Value.Title + "\n" + Matrix($"{heat.Y.Title} \\ {heat.X.Title}", heat.Columns, heat.Rows, heat.Values.Select(r => r.Select(v => (object?)v))),
        HistogramChart histogram => Histogram(histogram),
        BoxChart boxes => Boxes(boxes),
        WaterfallChart waterfall => Table([waterfall.Value.Label, waterfall.Value.Unit ?? "value", "change"], waterfall.Bars().Select(b => new object?[] { b.Name, b.To, b.Change })),
        TokenStrip strip => Strip(strip),
        SmallMultiples multiples => string.Join("\n\n", multiples.Panels.Select(Render)) + "\n",
        _ => throw new ArgumentException($"no text for {chart.GetType().Name}", nameof(chart)),
    };

    private static string Lines(LineChart chart)
    {
        var rows = chart.Lines.Where(l => l.Y.Any(double.IsFinite)).Select(line =>
        {
            int[] finite = [.. Enumerable.Range(0, line.Y.Count).Where(i => double.IsFinite(line.Y[i]))];
            int lowest = finite.MinBy(i => line.Y[i]), highest = finite.MaxBy(i => line.Y[i]);
            return new object?[] { line.Name, finite.Length, At(line, finite[0]), At(line, lowest), At(line, highest), At(line, finite[^1]) };
        });
        string text = $"{chart.Y.Title} over {chart.X.Title}\n" + Table(["line", "points", "first", "lowest", "highest", "last"], rows);
        return chart.Marks.Count == 0 ? text : text + "\n" + string.Join('\n', chart.Marks.Select(m => $"{m.Label} ({Short(m.Y)} at {Short(m.X)})"));
    }

    private static string At(LineSeries line, int i)
    {
        string band = line.Low is not null && line.High is not null ? $" [{Short(line.Low[i])}, {Short(line.High[i])}]" : "";
        return $"{Short(line.Y[i])}{band} at {Short(line.X[i])}";
    }

    private static string Bars(BarChart chart)
    {
        double largest = Math.Max(1e-300, chart.Value.Maximum ?? chart.Series.SelectMany(s => s.Values).Select(v => Math.Abs(v.Value)).DefaultIfEmpty(1).Max());
        return chart.Value.Title + "\n" + Table(["", "", "value", ""], chart.Categories.SelectMany((category, c) => chart.Series.Select(series => new object?[]
        {
            category, series.Name, series.Values[c], new string('█', (int)Math.Round(Math.Clamp(Math.Abs(series.Values[c].Value) / largest, 0, 1) * BarCells)),
        })));
    }

    private static string Points(Axis x, Axis y, IReadOnlyList<ScatterPoint> points, IReadOnlyList<ScatterPoint> front) =>
        Table(["", x.Title, y.Title, ""], points.Select(p => new object?[] { p.Label, p.X, p.Y, front.Contains(p) ? "Pareto front" : "" }));

    private static string Matrix(string corner, IReadOnlyList<string> columns, IReadOnlyList<string> rows, IEnumerable<IEnumerable<object?>> values) =>
        Table([corner, .. columns], values.Select((row, r) => (object?[])[rows[r], .. row]));

    private static string Histogram(HistogramChart chart)
    {
        (double[] edges, int[][] counts) = chart.Binned();
        int most = Math.Max(1, counts.SelectMany(c => c).Max());
        return Table([chart.Value.Title, .. chart.Series.Select(s => s.Name), ""], Enumerable.Range(0, edges.Length - 1).Select(b => (object?[])
        [
            $"{Short(edges[b])} to {Short(edges[b + 1])}", .. counts.Select(c => (object?)c[b]), new string('█', counts[0][b] * BarCells / most),
        ]));
    }

    private static string Boxes(BoxChart chart) => chart.Value.Title + "\n" + Table(["", "n", "low", "quartile", "median", "quartile", "high", "beyond"],
        chart.Groups.Select(g => BoxSummary.Of(g.Values) is { } b
            ? new object?[] { g.Name, b.Count, b.Low, b.FirstQuartile, b.Median, b.ThirdQuartile, b.High, b.Beyond.Count }
            : [g.Name, 0, null, null, null, null, null, null]));

    private static string Short(double value) => SignificantDigits.Text(value, ShownDigits);

    private static string Strip(TokenStrip chart)
    {
        var text = new StringBuilder();
        bool learned = false;
        foreach (StripToken token in chart.Tokens)
        {
            if (token.Learned != learned) text.Append(learned ? "»" : "«");
            learned = token.Learned;
            text.Append(TokenStrip.Visible(token.Text));
            if (token.Value is { } value) text.Append(CultureInfo.InvariantCulture, $"({value:G3})");
            text.Append('|');
        }
        return text.Append(learned ? "»" : "").Append(chart.Tokens.Any(t => t.Learned) ? "\n«…» is learned from" : "").ToString();
    }

    private static string Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<object?>> rows)
    {
        List<IReadOnlyList<object?>> all = [.. rows];
        return new ResultTable { Columns = [.. columns.Select(c => new TableColumn(c) { Digits = ShownDigits })], Rows = [.. all.Take(MostRows)], Omitted = Math.Max(0, all.Count - MostRows) }.ToText();
    }
}
