using FineTuneKit.Charts;
using FineTuneKit.Evaluation;
using FineTuneKit.Evaluation.Significance;
using Xunit;

namespace FineTuneKit.Tests.Charts;

public class ResultTableTests
{
    private static readonly ResultTable Table = new()
    {
        Title = "Runs",
        Columns = [new TableColumn("run"), new TableColumn("loss", "nats") { Format = "0.000" }, new TableColumn("right", "%")],
        Rows = [["LoRA & <co>", 1.23456, new Estimate(80, 75, 84)], ["逆順", 1.2, Estimate.Exact(9)], ["", null, null]],
        Omitted = 1200,
    };

    [Fact]
    public void TextIsAligned() => Assert.Equal(
        """
        Runs
        run          loss (nats)    right (%)
        LoRA & <co>        1.235  80 [75, 84]
        逆順               1.200            9

        ... and 1,200 more rows
        """, Table.ToText());

    [Fact]
    public void HtmlIsEscapedAndNumbersStandToTheRight()
    {
        string html = Table.ToHtml();
        Assert.Contains("<td style=\"text-align:left\">LoRA &amp; &lt;co&gt;</td><td style=\"text-align:right\">1.235</td>", html);
        Assert.Contains("<p>... and 1,200 more rows</p>", html);
    }

    [Theory]
    [InlineData(0L, "x\na")]
    [InlineData(null, "x\na\n... and more rows")]
    public void WhatIsLeftOutIsSaid(long? omitted, string expected) =>
        Assert.Equal(expected, new ResultTable { Columns = [new TableColumn("x")], Rows = [["a"]], Omitted = omitted }.ToText());

    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(13120.4, "13,120")]
    [InlineData(-0.00034917, "-0.0003492")]
    [InlineData(0.0000089661, "8.966e-6")]
    [InlineData(99.996, "100")]
    [InlineData(2.5e12, "2.5e12")]
    [InlineData(double.NaN, "NaN")]
    public void NumbersAreWrittenAsPeopleReadThem(double value, string expected) => Assert.Equal(expected, SignificantDigits.Text(value, 4));

    [Fact]
    public void WholeNumbersLoseNoDigit() => Assert.Equal("      x\n1234567", new ResultTable { Columns = [new TableColumn("x") { Digits = 3 }], Rows = [[1_234_567]] }.ToText());

    [Fact]
    public void APValueIsNeverZero()
    {
        Assert.Equal("      p\n  0.032\n< 0.001", new ResultTable { Columns = [new TableColumn("p")], Rows = [[new PValue(0.0321)], [new PValue(0)]] }.ToText());
        Assert.Equal("p < 0.001", new PValue(0.0009).Text);
    }
}
