using System.Globalization;
using FineTuneKit.Evaluation;

namespace FineTuneKit.Charts;

/// <summary>
/// Draws a chart as one SVG element without script, font or network. The drawing is 480 units wide with text of 13,
/// so that it can be read on a phone of 390 pixels and on a screen.
/// </summary>
public static partial class SvgRenderer
{
    private const double Width = 480;
    private const double LegendRow = 20;

    /// <summary>The SVG of any chart; the title and the reading stand in its title and description for screen readers.</summary>
    public static string Render(Chart chart) => Draw(chart).ToString();

    /// <summary>The same with title and reading written out, on a ground of its own: for a place whose colours are not known.</summary>
    public static string RenderAlone(Chart chart)
    {
        // Jupyter Notebook's column of outputs is 773 pixels wide, and a wider drawing would be cut off there.
        const double Margin = 12, LeastPixels = 640, MostPixels = 760;
        SvgCanvas inner = Draw(chart);
        // A wide drawing is shrunk; its title and reading are to stay readable without dwarfing what is in it.
        double scale = Math.Sqrt(inner.Width / Width), title = 15 * scale, text = 13 * scale, line = 18 * scale, top = 30 * scale;
        IReadOnlyList<string> reading = SvgCanvas.Wrap(chart.Reading, inner.Width, text);
        var canvas = new SvgCanvas(inner.Width + 2 * Margin, top + inner.Height + 12 + reading.Count * line + 8, chart.Title, chart.Reading);
        canvas.Text(Margin, 20 * scale, chart.Title, size: title, bold: true);
        double below = top + canvas.Place(inner, Margin, top, inner.Width) + line;
        for (int i = 0; i < reading.Count; i++) canvas.Text(Margin, below + i * line, reading[i], size: text);
        return canvas.ToStringWithGround(Math.Clamp(inner.Width, LeastPixels, MostPixels));
    }

    private static SvgCanvas Draw(Chart chart) => chart switch
    {
        LineChart lines => Lines(lines),
        BarChart bars => Bars(bars),
        ScatterChart points => Scatter(points),
        ConfusionChart confusion => Confusion(confusion),
        HistogramChart histogram => Histogram(histogram),
        BoxChart boxes => Boxes(boxes),
        HeatMapChart heat => HeatMap(heat),
        ParetoChart pareto => Pareto(pareto),
        WaterfallChart waterfall => Waterfall(waterfall),
        TokenStrip strip => Strip(strip),
        SmallMultiples multiples => Multiples(multiples),
        _ => throw new ArgumentException($"no drawing for {chart.GetType().Name}", nameof(chart)),
    };

    private static SvgCanvas Lines(LineChart chart)
    {
        var legend = chart.Lines.Select(l => (l.Name, l.Color, l.Dashed)).ToList();
        double top = 14 + LegendHeight(legend.Select(l => l.Name));
        var frame = new Frame(58, top, Width - 14, top + 240);
        var canvas = new SvgCanvas(Width, frame.Bottom + 48, chart.Title, chart.Reading);
        Legend(canvas, legend);
        LinearScale x = new(chart.Lines.SelectMany(l => l.X), chart.X, frame.Left, frame.Right, 6);
        LinearScale y = new(
            chart.Lines.SelectMany(l => l.Y.Concat(l.Low ?? []).Concat(l.High ?? [])).Concat(chart.Marks.Select(m => m.Y)),
            chart.Y, frame.Bottom, frame.Top, 5);
        Axes(canvas, frame, x, y, chart.X, chart.Y);
        foreach (LineSeries line in chart.Lines.Where(l => l.Low is not null && l.High is not null))
            canvas.Area(Outline(line, x, y), SvgCanvas.Color(line.Color), 0.18);
        foreach (LineSeries line in chart.Lines)
            canvas.Path(line.X.Zip(line.Y).Where(p => double.IsFinite(p.Second)).Select(p => (x[p.First], y[p.Second])), SvgCanvas.Color(line.Color), 2, line.Dashed ? "5 4" : null);
        foreach (Mark mark in chart.Marks) DrawMark(canvas, frame, mark, x, y);
        return canvas;
    }

    private static IEnumerable<(double, double)> Outline(LineSeries line, LinearScale x, LinearScale y) =>
        line.X.Zip(line.High!).Select(p => (x[p.First], y[p.Second]))
            .Concat(line.X.Zip(line.Low!).Reverse().Select(p => (x[p.First], y[p.Second])));

    private static void DrawMark(SvgCanvas canvas, Frame frame, Mark mark, LinearScale x, LinearScale y)
    {
        string color = SvgCanvas.Color(mark.Color);
        canvas.Line(x[mark.X], frame.Top, x[mark.X], frame.Bottom, color, 1, 0.7, "2 3");
        canvas.Circle(x[mark.X], y[mark.Y], 4, color, tooltip: mark.Label);
        // The label goes to the side that has room.
        bool left = x[mark.X] + SvgCanvas.TextWidth(mark.Label, 12) + 8 > frame.Right;
        canvas.Text(x[mark.X] + (left ? -7 : 7), frame.Top + 12 + 15 * mark.Color, mark.Label, left ? "end" : "start", 12);
    }

    private static SvgCanvas Bars(BarChart chart)
    {
        const double Bar = 13;
        const double Gap = 10;
        var legend = chart.Series.Select(s => (s.Name, s.Color, false)).ToList();
        double labels = Math.Min(170, chart.Categories.Max(c => SvgCanvas.TextWidth(c)) + 14);
        double group = chart.Series.Count * Bar + Gap;
        double top = 14 + (legend.Count > 1 ? LegendHeight(legend.Select(l => l.Name)) : 0);
        var frame = new Frame(labels, top, Width - 44, top + group * chart.Categories.Count);
        var canvas = new SvgCanvas(Width, frame.Bottom + 46, chart.Title, chart.Reading);
        if (legend.Count > 1) Legend(canvas, legend);
        LinearScale x = new(chart.Series.SelectMany(s => s.Values).SelectMany(v => new[] { v.Low, v.Value, v.High, 0 }), chart.Value, frame.Left, frame.Right, 5);
        VerticalGrid(canvas, frame, x, chart.Value);
        for (int c = 0; c < chart.Categories.Count; c++)
        {
            double y = frame.Top + c * group + Gap / 2;
            canvas.Text(frame.Left - 7, y + chart.Series.Count * Bar / 2 + 4.5, chart.Categories[c], "end");
            foreach (BarSeries series in chart.Series)
            {
                DrawBar(canvas, x, series.Values[c], y, Bar, series.Color, $"{chart.Categories[c]}, {series.Name}: ");
                y += Bar;
            }
        }
        canvas.Line(x[0], frame.Top, x[0], frame.Bottom);
        return canvas;
    }

    private static void DrawBar(SvgCanvas canvas, LinearScale x, Estimate value, double y, double height, int color, string name)
    {
        double from = Math.Min(x[0], x[value.Value]);
        double to = Math.Max(x[0], x[value.Value]);
        string interval = value.Low < value.High ? $" [{Precise(value.Low)}, {Precise(value.High)}]" : "";
        canvas.Rectangle(from, y + 1, to - from, height - 2, SvgCanvas.Color(color), 0.85, name + Number(value.Value) + interval);
        double middle = y + height / 2;
        if (value.Low < value.High) Whisker(canvas, x[value.Low], middle, x[value.High], middle);
        canvas.Text(Math.Max(to, x[value.High]) + 4, middle + 4, Number(value.Value), size: 11);
    }

    private static SvgCanvas Scatter(ScatterChart chart)
    {
        var legend = PointLegend(chart.Points);
        double top = 14 + LegendHeight(legend.Select(l => l.Name));
        var frame = new Frame(58, top, Width - 20, top + 270);
        var canvas = new SvgCanvas(Width, frame.Bottom + 48, chart.Title, chart.Reading);
        Legend(canvas, legend);
        LinearScale x = new(chart.Points.SelectMany(p => new[] { p.X.Low, p.X.Value, p.X.High }), chart.X, frame.Left, frame.Right, 5);
        LinearScale y = new(chart.Points.SelectMany(p => new[] { p.Y.Low, p.Y.Value, p.Y.High }), chart.Y, frame.Bottom, frame.Top, 5);
        Axes(canvas, frame, x, y, chart.X, chart.Y);
        DrawPoints(canvas, chart.Points, x, y, frame);
        return canvas;
    }

    // More points than colours are told apart by their names, which then stand beside them.
    private static bool AreNamed(IEnumerable<ScatterPoint> points) => points.Count(p => !p.Faint) > SvgCanvas.Palette.Length;

    private static List<(string Name, int Color, bool Dashed)> PointLegend(IReadOnlyList<ScatterPoint> points) =>
        AreNamed(points) ? [] : [.. points.Where(p => !p.Faint).Select(p => (p.Label, p.Color, false))];

    private static void DrawPoints(SvgCanvas canvas, IReadOnlyList<ScatterPoint> points, LinearScale x, LinearScale y, Frame frame)
    {
        foreach (ScatterPoint point in points) DrawPoint(canvas, point, x, y);
        if (!AreNamed(points)) return;
        const double Size = 12, Line = 13, Beside = 9;
        var taken = new List<(double Left, double Right, double Y)>();
        foreach (ScatterPoint point in points.Where(p => !p.Faint).OrderBy(p => y[p.Y.Value]))
        {
            double width = SvgCanvas.TextWidth(point.Label, Size), left = x[point.X.Value] + Beside, row = y[point.Y.Value] - 4;
            if (left + width > frame.Right) left = x[point.X.Value] - Beside - width;
            while (taken.Exists(t => t.Left < left + width && left < t.Right && Math.Abs(t.Y - row) < Line)) row += Line;
            taken.Add((left, left + width, row));
            canvas.Text(left, row, point.Label, size: Size);
        }
    }

    private static void DrawPoint(SvgCanvas canvas, ScatterPoint point, LinearScale x, LinearScale y)
    {
        string color = SvgCanvas.Color(point.Color);
        if (point.X.Low < point.X.High) Whisker(canvas, x[point.X.Low], y[point.Y.Value], x[point.X.High], y[point.Y.Value], color);
        if (point.Y.Low < point.Y.High) Whisker(canvas, x[point.X.Value], y[point.Y.Low], x[point.X.Value], y[point.Y.High], color);
        canvas.Circle(x[point.X.Value], y[point.Y.Value], point.Faint ? 3 : 6, color, point.Faint, $"{point.Label}: {Number(point.X.Value)}, {Number(point.Y.Value)}");
    }

    private static SvgCanvas Confusion(ConfusionChart chart)
    {
        double labels = chart.Rows.Max(r => SvgCanvas.TextWidth(r, 12)) + 26;
        double heads = chart.Columns.Max(c => SvgCanvas.TextWidth(c, 12)) + 8;
        double cell = (Width - labels - 10) / chart.Columns.Count;
        double height = Math.Min(cell, 34);
        double top = heads + 26;
        var canvas = new SvgCanvas(Width, top + height * chart.Rows.Count + 8, chart.Title, chart.Reading);
        canvas.Text(labels + cell * chart.Columns.Count / 2, 14, "predicted", "middle", 12, bold: true);
        canvas.Text(12, top + height * chart.Rows.Count / 2, "true", "middle", 12, bold: true, rotate: -90);
        for (int c = 0; c < chart.Columns.Count; c++)
            canvas.Text(labels + cell * (c + 0.5) + 4, top - 6, chart.Columns[c], "start", 12, rotate: -90);
        for (int r = 0; r < chart.Rows.Count; r++)
        {
            canvas.Text(labels - 6, top + height * (r + 0.5) + 4, chart.Rows[r], "end", 12);
            int total = Math.Max(1, chart.Counts[r].Sum());
            for (int c = 0; c < chart.Columns.Count; c++)
                DrawCell(canvas, labels + c * cell, top + r * height, cell, height, chart.Counts[r][c], total, $"{chart.Rows[r]} taken for {chart.Columns[c]}: {chart.Counts[r][c]} of {total}", r == c);
        }
        return canvas;
    }

    private static void DrawCell(SvgCanvas canvas, double x, double y, double width, double height, int count, int total, string tooltip, bool right)
    {
        double share = (double)count / total;
        canvas.Rectangle(x + 0.5, y + 0.5, width - 1, height - 1, count == 0 ? "currentColor" : SvgCanvas.Color(right ? 0 : 1), count == 0 ? 0.05 : 0.15 + 0.8 * share, tooltip);
        if (count > 0)
            canvas.Text(x + width / 2, y + height / 2 + 4.5, count.ToString(CultureInfo.InvariantCulture), "middle", 12, bold: right, fill: share > 0.55 ? "#fff" : "currentColor");
    }

    private static void Axes(SvgCanvas canvas, Frame frame, LinearScale x, LinearScale y, Axis xAxis, Axis yAxis)
    {
        foreach (double tick in y.Ticks)
        {
            canvas.Line(frame.Left, y[tick], frame.Right, y[tick], opacity: 0.14);
            canvas.Text(frame.Left - 6, y[tick] + 4.5, y.Format(tick), "end", 12);
        }
        VerticalGrid(canvas, frame, x, xAxis);
        canvas.Line(frame.Left, frame.Bottom, frame.Right, frame.Bottom);
        canvas.Line(frame.Left, frame.Top, frame.Left, frame.Bottom);
        double middle = (frame.Top + frame.Bottom) / 2;
        AxisTitle(canvas, 14, middle, yAxis.Title, 2 * Math.Min(middle, canvas.Height - middle), rotate: -90);
    }

    private static void VerticalGrid(SvgCanvas canvas, Frame frame, LinearScale x, Axis axis)
    {
        foreach (double tick in x.Ticks)
        {
            canvas.Line(x[tick], frame.Top, x[tick], frame.Bottom, opacity: 0.14);
            canvas.Text(x[tick], frame.Bottom + 17, x.Format(tick), "middle", 12);
        }
        double middle = (frame.Left + frame.Right) / 2;
        AxisTitle(canvas, middle, frame.Bottom + 38, axis.Title, 2 * Math.Min(middle, canvas.Width - middle));
    }

    // A title that is longer than its side of the drawing is written smaller rather than cut off.
    private static void AxisTitle(SvgCanvas canvas, double x, double y, string title, double room, double? rotate = null)
    {
        const double Size = 13;
        canvas.Text(x, y, title, "middle", Math.Min(Size, Size * room / SvgCanvas.TextWidth(title)), rotate: rotate);
    }

    private static void Whisker(SvgCanvas canvas, double x1, double y1, double x2, double y2, string stroke = "currentColor")
    {
        canvas.Line(x1, y1, x2, y2, stroke, 1.4);
        bool horizontal = Math.Abs(y1 - y2) < 0.01;
        foreach ((double x, double y) in new[] { (x1, y1), (x2, y2) })
        {
            if (horizontal) canvas.Line(x, y - 3, x, y + 3, stroke, 1.4);
            else canvas.Line(x - 3, y, x + 3, y, stroke, 1.4);
        }
    }

    private static double LegendHeight(IEnumerable<string> names) => LegendLayout(names).Rows * LegendRow;

    private static (List<(double X, int Row)> Places, int Rows) LegendLayout(IEnumerable<string> names)
    {
        var places = new List<(double X, int Row)>();
        double x = 8;
        int row = 0;
        foreach (string name in names)
        {
            double width = SvgCanvas.TextWidth(name) + 40;
            if (x > 8 && x + width > Width) (x, row) = (8, row + 1);
            places.Add((x, row));
            x += width;
        }
        return (places, row + 1);
    }

    private static void Legend(SvgCanvas canvas, List<(string Name, int Color, bool Dashed)> entries)
    {
        var (places, _) = LegendLayout(entries.Select(e => e.Name));
        for (int i = 0; i < entries.Count; i++)
        {
            (double x, int row) = places[i];
            double y = 14 + row * LegendRow;
            canvas.Line(x, y - 4, x + 20, y - 4, SvgCanvas.Color(entries[i].Color), 3, dash: entries[i].Dashed ? "5 4" : null);
            canvas.Text(x + 26, y, entries[i].Name);
        }
    }

    private static string Number(double value) => Math.Abs(value) >= 10 ? value.ToString("0", CultureInfo.InvariantCulture) : Precise(value);

    // Two decimals of 0.0052 would be another number; what rounding leaves of a zero stays one.
    private static string Precise(double value) => value.ToString(Math.Abs(value) is > 1e-9 and < 0.1 ? "G2" : "0.##", CultureInfo.InvariantCulture);

    private readonly record struct Frame(double Left, double Top, double Right, double Bottom);
}
