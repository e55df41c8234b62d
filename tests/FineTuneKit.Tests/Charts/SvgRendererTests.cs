using System.Text.Json.Nodes;
using System.Xml.Linq;
using FineTuneKit.Charts;
using FineTuneKit.Evaluation;
using Xunit;

namespace FineTuneKit.Tests.Charts;

public class SvgRendererTests
{
    private static readonly LineChart Line = new()
    {
        Title = "Loss <while> training & after",
        Reading = "It falls.",
        X = new Axis("step"),
        Y = new Axis("loss", "nats per token"),
        Lines = [new LineSeries("LoRA", [0, 1, 2], [3, double.NaN, 1], [2.5, 1, 0.5], [3.5, 2, 1.5])],
        Marks = [new Mark(2, 1, "kept: step 2")],
    };

    public static TheoryData<Chart> Charts =>
    [
        Line,
        new BarChart { Title = "b", Reading = "r", Value = new Axis("right", "%"), Categories = ["copy", "逆順"], Series = [new BarSeries("base", [new Estimate(5, 4, 6), Estimate.Exact(0)])] },
        new ScatterChart { Title = "s", Reading = "r", X = new Axis("x"), Y = new Axis("y"), Points = [new ScatterPoint("p", Estimate.Exact(1), new Estimate(1, 0, 2)) { Faint = true }] },
        new HistogramChart { Title = "h", Reading = "r", Value = new Axis("tokens"), Series = [new HistogramSeries("a", [1, 2, double.NaN, 9]), new HistogramSeries("none", [], 1)] },
        new HistogramChart { Title = "h", Reading = "r", Value = new Axis("tokens"), Series = [new HistogramSeries("a", [3, 3])] },
        new BoxChart { Title = "x", Reading = "r", Value = new Axis("loss", "nats"), Groups = [new BoxGroup("a", [1, 2, 3, 4, 100]), new BoxGroup("none", [double.NaN])] },
        new HeatMapChart { Title = "m", Reading = "r", X = new Axis("x"), Y = new Axis("y"), Value = new Axis("v"), Columns = ["a", "b"], Rows = ["c"], Values = [[1, double.NaN]] },
        new ParetoChart { Title = "p", Reading = "r", X = new Axis("cost"), Y = new Axis("quality"), Points = [new ScatterPoint("a", Estimate.Exact(1), Estimate.Exact(1)), new ScatterPoint("b", Estimate.Exact(2), new Estimate(0, -1, 1))] },
        new WaterfallChart { Title = "w", Reading = "r", Value = new Axis("right", "%"), StartName = "from", Start = 5, Steps = [new WaterfallStep("up", new Estimate(10, 8, 12)), new WaterfallStep("down", Estimate.Exact(-20))], EndName = "to" },
        new TokenStrip { Title = "t", Reading = "r", Tokens = [new StripToken("<|user|>"), new StripToken(" a\n"), new StripToken("") { Learned = true }] },
        new TokenStrip { Title = "t", Reading = "r", Value = new Axis("loss"), Tokens = [new StripToken("a", 1), new StripToken("b", double.NaN)] },
        new SmallMultiples { Title = "many", Reading = "r", Panels = [Line, Line, Line] },
        new ConfusionChart { Title = "c", Reading = "r", Rows = ["a", "b"], Columns = ["a", "b", "none"], Counts = [[3, 0, 0], [0, 0, 0]] },
    ];

    [Theory]
    [MemberData(nameof(Charts))]
    public void IsWellFormedAndHasFiniteCoordinates(Chart chart)
    {
        string svg = SvgRenderer.Render(chart);
        XElement root = XElement.Parse(svg);
        Assert.Equal(chart.Title, root.Element(root.Name.Namespace + "title")!.Value);
        Assert.DoesNotContain("NaN", svg);
        Assert.DoesNotContain("∞", svg);
        Assert.DoesNotContain("script", svg);
    }

    [Theory]
    [MemberData(nameof(Charts))]
    public void AloneItHasAGroundAndItsWords(Chart chart)
    {
        string svg = SvgRenderer.RenderAlone(chart);
        string text = string.Join(' ', XElement.Parse(svg).Descendants().Where(e => e.Name.LocalName == "text").Select(e => e.Value));
        Assert.Contains(chart.Title, text);
        Assert.Contains(chart.Reading, text);
        Assert.Contains("prefers-color-scheme:dark", svg);
        Assert.DoesNotContain("NaN", svg);
        Assert.DoesNotContain("script", svg);
    }

    [Theory]
    [MemberData(nameof(Charts))]
    public void AFigureHasItsTitleAndNamesOnlyAxesThatItHas(Chart chart)
    {
        JsonObject figure = JsonNode.Parse(PlotlyRenderer.Render(chart))!.AsObject();
        JsonObject layout = figure["layout"]!.AsObject();
        Assert.Equal(chart.Title, System.Net.WebUtility.HtmlDecode((string?)layout["title"]!["text"]));
        Assert.NotEmpty(figure["data"]!.AsArray());
        foreach (JsonNode? trace in figure["data"]!.AsArray())
        {
            Assert.NotNull(trace!["type"]);
            Assert.NotNull(layout[((string)trace["xaxis"]!).Replace("x", "xaxis")]);
            Assert.NotNull(layout[((string)trace["yaxis"]!).Replace("y", "yaxis")]);
        }
        Assert.DoesNotContain("http", figure.ToJsonString());
    }

    [Theory]
    [MemberData(nameof(Charts))]
    public void TextHasTitleAndReading(Chart chart)
    {
        string text = TextRenderer.Render(chart);
        Assert.StartsWith(chart.Title, text);
        Assert.EndsWith(chart.Reading, text);
    }

    [Theory]
    [InlineData(-0.00517, ">-0.0052<")]
    [InlineData(0.5, ">0.5<")]
    [InlineData(83.4, ">83<")]
    [InlineData(1e-16, ">0<")]
    public void ABarSaysItsValue(double value, string expected)
    {
        var chart = new BarChart { Title = "t", Reading = "r", Value = new Axis("value"), Categories = ["a"], Series = [new BarSeries("s", [new Estimate(value, value - 1e-3, value + 1e-3)])] };
        Assert.Contains(expected, SvgRenderer.Render(chart));
    }

    [Fact]
    public void NumbersCanBeReadOffTheText()
    {
        Assert.Contains("3 [2.5, 3.5] at 0", TextRenderer.Render(Line));
        Assert.Contains("kept: step 2 (1 at 2)", TextRenderer.Render(Line));
    }

    [Fact]
    public void TheFrontHoldsWhatNothingDominates()
    {
        ScatterPoint Point(string name, double cost, double quality) => new(name, Estimate.Exact(cost), Estimate.Exact(quality));
        var chart = new ParetoChart
        {
            Title = "p",
            Reading = "r",
            X = new Axis("cost"),
            Y = new Axis("quality"),
            Points = [Point("dear", 9, 9), Point("worse", 5, 4), Point("cheap", 1, 1), Point("good", 4, 5), Point("same", 4, 5), Point("hidden", 0, 100) with { Faint = true }],
        };
        Assert.Equal(["cheap", "good", "same", "dear"], chart.Front().Select(p => p.Label));
        Assert.Equal(["dear"], (chart with { MoreXIsBetter = true }).Front().Select(p => p.Label));
    }

    [Fact]
    public void AWaterfallAddsUp()
    {
        var chart = new WaterfallChart { Title = "w", Reading = "r", Value = new Axis("v"), StartName = "a", Start = 5, Steps = [new WaterfallStep("b", Estimate.Exact(10)), new WaterfallStep("c", Estimate.Exact(-3))], EndName = "d" };
        Assert.Equal(12, chart.End);
        Assert.Equal([(0d, 5d), (5, 15), (15, 12), (0, 12)], chart.Bars().Select(b => (b.From, b.To)));
    }

    [Fact]
    public void ABoxHasTukeysNumbers()
    {
        // Quartiles as numpy.percentile([1, 2, 3, 4, 100], [25, 50, 75]) gives them.
        BoxSummary box = BoxSummary.Of([100, 3, 1, 2, 4])!;
        Assert.Equal((1d, 2d, 3d, 4d, 4d), (box.Low, box.FirstQuartile, box.Median, box.ThirdQuartile, box.High));
        Assert.Equal([100], box.Beyond);
    }

    [Fact]
    public void AHistogramCountsEveryFiniteValueOnce()
    {
        var chart = new HistogramChart { Title = "h", Reading = "r", Value = new Axis("v"), Bins = 4, Series = [new HistogramSeries("a", [0, 1, 2, 3, 4, double.NaN])] };
        (double[] edges, int[][] counts) = chart.Binned();
        Assert.Equal([0, 1, 2, 3, 4], edges);
        Assert.Equal([1, 1, 1, 2], counts[0]);
    }

    [Fact]
    public void NamesAxesWithTheirUnits()
    {
        string svg = SvgRenderer.Render(Line);
        Assert.Contains("loss (nats per token)", svg);
        Assert.Contains(">step<", svg);
        Assert.Contains("kept: step 2", svg);
    }

    [Theory]
    [InlineData(0, 100, "0,20,40,60,80,100")]
    [InlineData(0, 1, "0,0.2,0.4,0.6,0.8,1.0")]
    [InlineData(2.31, 2.38, "2.30,2.32,2.34,2.36,2.38")]
    [InlineData(7, 7, "6.4,6.6,6.8,7.0,7.2,7.4,7.6")]
    public void TicksAreRound(double low, double high, string expected)
    {
        var scale = new LinearScale([low, high], new Axis("x"), 0, 100, 5);
        Assert.Equal(expected, string.Join(',', scale.Ticks.Select(scale.Format)));
    }

    [Fact]
    public void A_long_axis_title_is_written_smaller_and_a_wide_drawing_fits_a_notebook()
    {
        var axis = new Axis("tickets with every one of their fields right", "% of the test rows, 95 % interval over rows");
        var line = new LineChart { Title = "t", Reading = "r", X = axis, Y = axis, Lines = [new LineSeries("l", [0, 1], [1, 2])] };
        double[] sizes = [.. XDocument.Parse(SvgRenderer.Render(line)).Descendants().Where(e => e.Name.LocalName == "text" && e.Value == axis.Title).Select(e => (double)e.Attribute("font-size")!)];
        Assert.Equal(2, sizes.Length);
        Assert.All(sizes, size => Assert.InRange(size, 4, 12));
        XElement alone = XDocument.Parse(SvgRenderer.RenderAlone(new SmallMultiples { Title = "t", Reading = "r", Panels = [line, line] })).Root!;
        Assert.InRange((double)alone.Attribute("width")!, 700, 760);
    }

    [Fact]
    public void More_points_than_colours_are_named_where_they_stand()
    {
        ScatterPoint[] points = [.. Enumerable.Range(0, 10).Select(i => new ScatterPoint($"way {i}", Estimate.Exact(i), Estimate.Exact(1), i))];
        string svg = SvgRenderer.RenderAlone(new ParetoChart { Title = "p", Reading = "r", X = new Axis("cost"), Y = new Axis("quality"), Points = points });
        Assert.All(points, point => Assert.Contains($">{point.Label}</text>", svg));
        string few = SvgRenderer.RenderAlone(new ParetoChart { Title = "p", Reading = "r", X = new Axis("cost"), Y = new Axis("quality"), Points = points[..3] });
        Assert.Contains(">way 2</text>", few);
    }
}
