using System.Globalization;
using System.Text.Json.Nodes;
using FineTuneKit.Evaluation;

namespace FineTuneKit.Charts;

public static partial class PlotlyRenderer
{
    private static JsonObject AxisOf(Axis axis)
    {
        var json = new JsonObject { ["title"] = new JsonObject { ["text"] = Escape(axis.Title) }, ["gridcolor"] = "#e3e3e3", ["zerolinecolor"] = "#9a9a9a" };
        if (axis.Minimum is { } low && axis.Maximum is { } high) json["range"] = Numbers([low, high]);
        else if (axis.Minimum is 0) json["rangemode"] = "tozero";
        return json;
    }

    private static JsonObject Category(string title) => new() { ["title"] = new JsonObject { ["text"] = Escape(title) }, ["type"] = "category" };

    private static JsonObject Downwards() => new() { ["type"] = "category", ["autorange"] = "reversed", ["automargin"] = true };

    private static JsonObject ErrorBars(IReadOnlyList<Estimate> values) => new()
    {
        ["type"] = "data",
        ["symmetric"] = false,
        ["visible"] = values.Any(v => v.Low < v.High),
        ["array"] = Numbers(values.Select(v => v.High - v.Value)),
        ["arrayminus"] = Numbers(values.Select(v => v.Value - v.Low)),
    };

    private static JsonArray Numbers(IEnumerable<double> values) => new([.. values.Select(v => double.IsFinite(v) ? (JsonNode?)v : null)]);

    private static JsonArray Texts(IEnumerable<string> values) => new([.. values.Select(v => (JsonNode?)Escape(v))]);

    // Plotly reads a few HTML tags in its texts.
    private static string Escape(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");

    private static string Transparent(string hex, double opacity) => string.Create(CultureInfo.InvariantCulture,
        $"rgba({Convert.ToInt32(hex[1..3], 16)},{Convert.ToInt32(hex[3..5], 16)},{Convert.ToInt32(hex[5..7], 16)},{opacity})");

    private sealed class Figure
    {
        public JsonArray Data { get; } = [];

        public JsonObject Layout { get; } = [];

        public PlotPanel Panel(int number, double left, double right, double bottom, double top) => new(this, number, (left, right), (bottom, top));
    }

    /// <summary>A part of a figure with axes of its own: Plotly names them x, x2, x3.</summary>
    private sealed class PlotPanel(Figure figure, int number, (double, double) across, (double, double) up)
    {
        private string Suffix => number == 1 ? "" : number.ToString(CultureInfo.InvariantCulture);

        public void Axes(JsonObject x, JsonObject y)
        {
            (x["domain"], x["anchor"]) = (Numbers([across.Item1, across.Item2]), "y" + Suffix);
            (y["domain"], y["anchor"]) = (Numbers([up.Item1, up.Item2]), "x" + Suffix);
            figure.Layout["xaxis" + Suffix] = x;
            figure.Layout["yaxis" + Suffix] = y;
        }

        public void Add(JsonObject trace)
        {
            (trace["xaxis"], trace["yaxis"]) = ("x" + Suffix, "y" + Suffix);
            figure.Data.Add(trace);
        }
    }
}
