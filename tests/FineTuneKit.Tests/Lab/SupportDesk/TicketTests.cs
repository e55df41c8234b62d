using FineTuneKit.Lab.SupportDesk;
using Xunit;

namespace FineTuneKit.Tests.Lab.SupportDesk;

public class TicketTests
{
    private const string Good =
        """{"intent": "return", "product": "Velmora 320", "order_id": "KX48213", "urgency": "low", "language": "en", "reply": "Order KX48213 can be returned."}""";

    [Fact]
    public void ReadsWhatItWrites()
    {
        Assert.True(Ticket.TryParse(Good, out Ticket? ticket, out string? problem), problem);
        Assert.Equal(new Ticket(TicketIntent.Return, "Velmora 320", "KX48213", TicketUrgency.Low, TicketLanguage.English, "Order KX48213 can be returned."), ticket);
        Assert.Equal(Good, ticket!.ToJson());
    }

    [Fact]
    public void WritesOtherThanAsciiAsItIsAndEscapesOnlyWhatJsonDemands()
    {
        var ticket = new Ticket(TicketIntent.Stock, null, null, TicketUrgency.Normal, TicketLanguage.Japanese, "「\"在庫\"」と\\、\t。");
        Assert.Equal(
            "{\"intent\": \"stock\", \"product\": null, \"order_id\": null, \"urgency\": \"normal\", \"language\": \"ja\", \"reply\": \"「\\\"在庫\\\"」と\\\\、\\u0009。\"}",
            ticket.ToJson());
        Assert.True(Ticket.TryParse(ticket.ToJson(), out Ticket? again, out _));
        Assert.Equal(ticket, again);
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("[1]", "an object")]
    [InlineData("{\"intent\": \"return\"}", "in this order")]
    [InlineData("@ ", "", "spacing")]
    [InlineData("\"intent\": \"return\"", "\"intent\": \"refund\"", "intent \"refund\"")]
    [InlineData("\"intent\": \"return\"", "\"intent\": null", "intent is a JSON Null")]
    [InlineData("\"urgency\": \"low\"", "\"urgency\": \"urgent\"", "urgency \"urgent\"")]
    [InlineData("\"language\": \"en\"", "\"language\": \"fr\"", "language \"fr\"")]
    [InlineData("KX48213\", \"urg", "kx48213\", \"urg", "two capital letters and five digits")]
    [InlineData("KX48213\", \"urg", "KX482130\", \"urg", "two capital letters and five digits")]
    [InlineData("\"Velmora 320\"", "\"\"", "product is empty")]
    [InlineData("\"Velmora 320\"", "320", "product is a JSON Number")]
    [InlineData("Order KX48213 can be returned.", "", "reply is empty")]
    [InlineData("\"urgency\": \"low\", ", "", "in this order")]
    [InlineData("\"urgency\": \"low\", \"language\": \"en\"", "\"language\": \"en\", \"urgency\": \"low\"", "in this order")]
    [InlineData("\"urgency\": \"low\"", "\"urgency\": \"low\", \"urgency\": \"low\"", "in this order")]
    [InlineData("\", \"", "\",\"", "spacing")]
    [InlineData(", \"urgency\"", ",\n\"urgency\"", "one line")]
    [InlineData("be returned", "be ret\\u0075rned", "escapes")]
    public void SaysWhatIsWrong(string from, string to, string? problem = null)
    {
        string text = problem is null ? from : from == "@ " ? Good + " " : Good.Replace(from, to);
        Assert.NotEqual(Good, text);
        Assert.False(Ticket.TryParse(text, out Ticket? ticket, out string? said));
        Assert.Null(ticket);
        Assert.Contains(problem ?? to, said);
    }

    [Fact]
    public void ScoresEachFieldOnItsOwn()
    {
        Assert.True(Ticket.TryParse(Good, out Ticket? expected, out _));
        TicketScore right = TicketScore.Of(Good, expected!);
        Assert.True(right is { ValidJson: true, ValidTicket: true, Problem: null, AllFields: true, Reply: true });

        TicketScore urgency = TicketScore.Of(Good.Replace("\"low\"", "\"high\""), expected!);
        Assert.True(urgency is { ValidTicket: true, Intent: true, Product: true, OrderId: true, Urgency: false, Language: true, Reply: true, AllFields: false });

        TicketScore product = TicketScore.Of(Good.Replace("\"Velmora 320\"", "\"velmora 320\""), expected!);
        Assert.True(product is { Product: false, OrderId: true, AllFields: false });

        TicketScore otherKeys = TicketScore.Of("{\"a\": 1}", expected!);
        Assert.True(otherKeys is { ValidJson: true, ValidTicket: false, Intent: false, AllFields: false, Reply: false });
        Assert.True(TicketScore.Of("return", expected!) is { ValidJson: false, ValidTicket: false });
        Assert.True(TicketScore.Of("3", expected!) is { ValidJson: false });
    }

    [Theory]
    [InlineData("We will look for order KX48213 today.", true)]
    [InlineData("We will look for the Velmora 320 today!", true)]
    [InlineData("We will look for it today.", false)]
    [InlineData("We will look. Order KX48213 is late.", false)]
    [InlineData("We will look for order KX48213", false)]
    [InlineData("注文KX48213を確認いたします。", false)]
    [InlineData("", false)]
    public void AReplyIsOneSentenceInTheLanguageThatNamesTheMatter(string reply, bool good)
    {
        var expected = new Ticket(TicketIntent.OrderStatus, "Velmora 320", "KX48213", TicketUrgency.Low, TicketLanguage.English, "x");
        Assert.Equal(good, TicketScore.IsGoodReply(reply, expected));
    }

    [Theory]
    [InlineData("ヴェルモラ320の在庫を確認いたします。", true)]
    [InlineData("ヴェルモラ320: we will check it。", false)]
    [InlineData("在庫を確認いたします。", false)]
    [InlineData("We will check the ヴェルモラ320 today.", false)]
    public void AJapaneseReplyNeedsMoreThanAJapaneseProductName(string reply, bool good)
    {
        var expected = new Ticket(TicketIntent.Stock, "ヴェルモラ320", null, TicketUrgency.Low, TicketLanguage.Japanese, "x");
        Assert.Equal(good, TicketScore.IsGoodReply(reply, expected));
    }
}
