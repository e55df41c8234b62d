using FineTuneKit.Charts;
using FineTuneKit.Evaluation;
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
}
