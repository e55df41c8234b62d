using System.Globalization;
using FineTuneKit.Evaluation;

namespace FineTuneKit.Charts;

public static partial class SvgRenderer
{
    private static SvgCanvas HeatMap(HeatMapChart chart)
    {
        const double Bar = 12, WidestWritten = 12;
        double labels = Math.Min(170, chart.Rows.Max(r => SvgCanvas.TextWidth(r, 12)) + 30);
        double heads = chart.Columns.Max(c => SvgCanvas.TextWidth(c, 12)) + 8;
        double cell = (Width - labels - 10) / chart.Columns.Count, height = Math.Clamp(cell, 14, 34), top = heads + 26;
        double bottom = top + height * chart.Rows.Count;
        var canvas = new SvgCanvas(Width, bottom + 62, chart.Title, chart.Reading);
        canvas.Text(labels + cell * chart.Columns.Count / 2, 14, chart.X.Title, "middle", 12, bold: true);
        canvas.Text(12, (top + bottom) / 2, chart.Y.Title, "middle", 12, bold: true, rotate: -90);
        for (int c = 0; c < chart.Columns.Count; c++) canvas.Text(labels + cell * (c + 0.5) + 4, top - 6, chart.Columns[c], "start", 12, rotate: -90);
        double[] finite = [.. chart.Values.SelectMany(r => r).Where(double.IsFinite)];
        double low = chart.Value.Minimum ?? (finite.Length > 0 ? finite.Min() : 0), high = chart.Value.Maximum ?? (finite.Length > 0 ? finite.Max() : 1);
        for (int r = 0; r < chart.Rows.Count; r++)
        {
            canvas.Text(labels - 6, top + height * (r + 0.5) + 4, chart.Rows[r], "end", 12);
            for (int c = 0; c < chart.Columns.Count; c++)
            {
                double value = chart.Values[r][c];
                if (!double.IsFinite(value)) continue;
                double share = high > low ? (value - low) / (high - low) : 0;
                canvas.Rectangle(labels + c * cell + 0.5, top + r * height + 0.5, cell - 1, height - 1, Cividis.Hex(share), 1, $"{chart.Rows[r]}, {chart.Columns[c]}: {Number(value)}");
                if (chart.Columns.Count <= WidestWritten) canvas.Text(labels + (c + 0.5) * cell, top + (r + 0.5) * height + 4, Number(value), "middle", 11, fill: Cividis.TextOn(share));
            }
        }
        ShadeScale(canvas, labels, bottom + 16, Width - labels - 20, Bar, low, high, chart.Value);
        return canvas;
    }

    private static void ShadeScale(SvgCanvas canvas, double x, double y, double width, double height, double low, double high, Axis axis)
    {
        const int Steps = 40;
        for (int i = 0; i < Steps; i++) canvas.Rectangle(x + i * width / Steps, y, width / Steps + 0.5, height, Cividis.Hex((i + 0.5) / Steps));
        canvas.Text(x, y + height + 14, Number(low), "start", 11);
        canvas.Text(x + width, y + height + 14, Number(high), "end", 11);
        canvas.Text(x + width / 2, y + height + 14, axis.Title, "middle", 12);
    }

    private static SvgCanvas Pareto(ParetoChart chart)
    {
        const int FrontColor = 2;
        List<(string Name, int Color, bool Dashed)> legend = [.. PointLegend(chart.Points), ("Pareto front", FrontColor, true)];
        double top = 14 + LegendHeight(legend.Select(l => l.Name));
        var frame = new Frame(58, top, Width - 20, top + 270);
        var canvas = new SvgCanvas(Width, frame.Bottom + 48, chart.Title, chart.Reading);
        Legend(canvas, legend);
        LinearScale x = new(chart.Points.SelectMany(p => new[] { p.X.Low, p.X.Value, p.X.High }), chart.X, frame.Left, frame.Right, 5);
        LinearScale y = new(chart.Points.SelectMany(p => new[] { p.Y.Low, p.Y.Value, p.Y.High }), chart.Y, frame.Bottom, frame.Top, 5);
        Axes(canvas, frame, x, y, chart.X, chart.Y);
        canvas.Path(chart.Front().Select(p => (x[p.X.Value], y[p.Y.Value])), SvgCanvas.Color(FrontColor), 2, "5 4");
        DrawPoints(canvas, chart.Points, x, y, frame);
        return canvas;
    }

    private static SvgCanvas Waterfall(WaterfallChart chart)
    {
        const double Row = 26, Bar = 18;
        const int Total = 6, Up = 0, Down = 1;
        List<(string Name, double From, double To, Estimate? Change)> bars = [.. chart.Bars()];
        double labels = Math.Min(190, bars.Max(b => SvgCanvas.TextWidth(b.Name)) + 14);
        var frame = new Frame(labels, 14, Width - 48, 14 + Row * bars.Count);
        var canvas = new SvgCanvas(Width, frame.Bottom + 46, chart.Title, chart.Reading);
        LinearScale x = new(bars.SelectMany(b => new[] { b.From, b.To, b.From + (b.Change?.Low ?? 0), b.From + (b.Change?.High ?? 0) }), chart.Value, frame.Left, frame.Right, 5);
        VerticalGrid(canvas, frame, x, chart.Value);
        for (int i = 0; i < bars.Count; i++)
        {
            (string name, double from, double to, Estimate? change) = bars[i];
            double y = frame.Top + i * Row + (Row - Bar) / 2, left = Math.Min(x[from], x[to]), right = Math.Max(x[from], x[to]), end = right;
            canvas.Text(frame.Left - 7, y + Bar / 2 + 4.5, name, "end");
            string text = change is { } c ? c.Value.ToString("+0.##;-0.##;0", CultureInfo.InvariantCulture) : Number(to);
            canvas.Rectangle(left, y, right - left, Bar, SvgCanvas.Color(change is null ? Total : to >= from ? Up : Down), 0.85, $"{name}: {text}");
            if (change is { } e && e.Low < e.High)
            {
                Whisker(canvas, x[from + e.Low], y + Bar / 2, x[from + e.High], y + Bar / 2);
                end = Math.Max(end, x[from + e.High]);
            }
            canvas.Text(end + 4, y + Bar / 2 + 4, text, size: 11);
            if (i + 1 < bars.Count) canvas.Line(x[to], y + Bar, x[to], y + Row, opacity: 0.5, dash: "2 2");
        }
        return canvas;
    }

    private static SvgCanvas Multiples(SmallMultiples chart)
    {
        const double Gap = 24, Head = 22;
        List<SvgCanvas> drawings = [.. chart.Panels.Select(Draw)];
        int columns = Math.Clamp(chart.Columns, 1, Math.Max(1, drawings.Count));
        double width = columns * Width + (columns - 1) * Gap;
        List<SvgCanvas[]> rows = [.. drawings.Chunk(columns)];
        double[] heights = [.. rows.Select(row => Head + row.Max(d => d.Height * Width / d.Width))];
        var canvas = new SvgCanvas(width, heights.Sum() + Gap * Math.Max(0, rows.Count - 1), chart.Title, chart.Reading);
        double y = 0;
        for (int r = 0; r < rows.Count; r++)
        {
            for (int c = 0; c < rows[r].Length; c++)
            {
                double x = c * (Width + Gap);
                canvas.Text(x + 6, y + 15, chart.Panels[r * columns + c].Title, bold: true);
                canvas.Place(rows[r][c], x, y + Head, Width);
            }
            y += heights[r] + Gap;
        }
        return canvas;
    }

    private static SvgCanvas Strip(TokenStrip chart)
    {
        const double Size = 13, Line = 26, Pad = 4;
        const int Learned = 0;
        Func<double, double> shade = chart.Shade();
        var places = new List<(double X, double Y, double Width)>();
        double x = 4, y = chart.Value is null ? LegendRow + 8 : 8;
        foreach (StripToken token in chart.Tokens)
        {
            double width = Math.Min(Width - 8, SvgCanvas.TextWidth(TokenStrip.Visible(token.Text), Size) + 2 * Pad + 2);
            if (x + width > Width - 4 && x > 4) (x, y) = (4, y + Line);
            places.Add((x, y, width));
            x += width + 2;
        }
        var canvas = new SvgCanvas(Width, y + Line + (chart.Value is null ? 6 : 44), chart.Title, chart.Reading);
        if (chart.Value is null) Legend(canvas, [("learned from", Learned, false), ("only read", 6, false)]);
        for (int i = 0; i < places.Count; i++)
        {
            StripToken token = chart.Tokens[i];
            (double left, double top, double width) = places[i];
            string tooltip = token.Value is { } v ? $"token {i + 1}, {chart.Value?.Label}: {(double.IsFinite(v) ? Number(v) : "no number")}" : $"token {i + 1}, {(token.Learned ? "learned from" : "only read")}";
            bool shaded = token.Value is { } number && double.IsFinite(number);
            double share = shaded ? shade(token.Value!.Value) : 0;
            canvas.Rectangle(left, top, width, Line - 5, shaded ? Cividis.Hex(share) : SvgCanvas.Color(token.Learned ? Learned : 6), shaded ? 1 : token.Learned ? 0.5 : 0.18, tooltip);
            canvas.Text(left + Pad + 1, top + 15.5, TokenStrip.Visible(token.Text), size: Size, fill: shaded ? Cividis.TextOn(share) : "currentColor");
        }
        if (chart.Value is { } axis)
        {
            double[] values = [.. chart.Tokens.Where(t => t.Value is { } v && double.IsFinite(v)).Select(t => t.Value!.Value)];
            ShadeScale(canvas, 60, y + Line + 8, Width - 120, 10, axis.Minimum ?? values.DefaultIfEmpty(0).Min(), axis.Maximum ?? values.DefaultIfEmpty(1).Max(), axis);
        }
        return canvas;
    }
}
