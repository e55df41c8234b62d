using System.Globalization;

namespace FineTuneKit.Charts;

public static partial class SvgRenderer
{
    private static SvgCanvas Histogram(HistogramChart chart)
    {
        (double[] edges, int[][] counts) = chart.Binned();
        bool several = chart.Series.Count > 1;
        double top = 14 + (several ? LegendHeight(chart.Series.Select(s => s.Name)) : 0);
        var frame = new Frame(58, top, Width - 14, top + 220);
        var canvas = new SvgCanvas(Width, frame.Bottom + 48, chart.Title, chart.Reading);
        if (several) Legend(canvas, [.. chart.Series.Select(s => (s.Name, s.Color, false))]);
        LinearScale x = new(edges, chart.Value, frame.Left, frame.Right, 6);
        LinearScale y = new(counts.SelectMany(c => c).Select(c => (double)c).Append(0), chart.Count, frame.Bottom, frame.Top, 5);
        Axes(canvas, frame, x, y, chart.Value, chart.Count);
        for (int b = 0; b + 1 < edges.Length; b++)
        {
            // Series stand side by side within an interval: one behind the other, the smaller is lost.
            double left = x[edges[b]] + 0.5, step = (x[edges[b + 1]] - left - 0.5) / chart.Series.Count;
            for (int s = 0; s < chart.Series.Count; s++)
            {
                if (counts[s][b] == 0) continue;
                string tooltip = $"{chart.Series[s].Name}: {counts[s][b]} from {Number(edges[b])} to {Number(edges[b + 1])}";
                canvas.Rectangle(left + s * step, y[counts[s][b]], step, frame.Bottom - y[counts[s][b]], SvgCanvas.Color(chart.Series[s].Color), 0.85, tooltip);
            }
        }
        return canvas;
    }

    private static SvgCanvas Boxes(BoxChart chart)
    {
        const double Row = 34, Half = 9;
        double labels = Math.Min(170, chart.Groups.Max(g => SvgCanvas.TextWidth(g.Name)) + 14);
        var frame = new Frame(labels, 14, Width - 14, 14 + Row * chart.Groups.Count);
        var canvas = new SvgCanvas(Width, frame.Bottom + 46, chart.Title, chart.Reading);
        LinearScale x = new(chart.Groups.SelectMany(g => g.Values), chart.Value, frame.Left, frame.Right, 5);
        VerticalGrid(canvas, frame, x, chart.Value);
        for (int i = 0; i < chart.Groups.Count; i++)
        {
            BoxGroup group = chart.Groups[i];
            double middle = frame.Top + Row * (i + 0.5);
            string color = SvgCanvas.Color(group.Color);
            canvas.Text(frame.Left - 7, middle + 4.5, group.Name, "end");
            if (BoxSummary.Of(group.Values) is not { } box) continue;
            string tooltip = string.Create(CultureInfo.InvariantCulture, $"{group.Name}: {box.Count} values, median {Number(box.Median)}, quartiles {Number(box.FirstQuartile)} and {Number(box.ThirdQuartile)}");
            Whisker(canvas, x[box.Low], middle, x[box.FirstQuartile], middle);
            Whisker(canvas, x[box.ThirdQuartile], middle, x[box.High], middle);
            canvas.Rectangle(x[box.FirstQuartile], middle - Half, x[box.ThirdQuartile] - x[box.FirstQuartile], 2 * Half, color, 0.55, tooltip);
            canvas.Line(x[box.Median], middle - Half, x[box.Median], middle + Half, width: 2.4);
            foreach (double value in box.Beyond) canvas.Circle(x[value], middle, 3, color, hollow: true, tooltip: Number(value));
        }
        return canvas;
    }
}
