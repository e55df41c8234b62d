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
}
