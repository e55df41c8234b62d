using System.Text.RegularExpressions;
using FineTuneKit.Lab.SupportDesk;
using Xunit;

namespace FineTuneKit.Tests.Lab.SupportDesk;

public partial class GeneratorTests
{
    private static readonly IReadOnlyList<DeskTicketRow> Rows = SupportDeskGenerator.Clean(SupportDeskFiles.CleanRows, SupportDeskFiles.CleanSeed);

    [Fact]
    public void IntentsAndLanguagesAreBalanced()
    {
        Assert.Equal(600, Rows.Count);
        Assert.Equal(16, Rows.GroupBy(r => (r.Label, r.Language)).Count());
        Assert.All(Rows.GroupBy(r => (r.Label, r.Language)), stratum => Assert.InRange(stratum.Count(), 37, 38));
        Assert.All(Rows.GroupBy(r => r.Ticket.Urgency), urgency => Assert.InRange(urgency.Count(), 110, 330));
        Assert.InRange(Rows.Select(r => r.Group).Distinct().Count(), 120, 200);
        Assert.True(Rows.Select(r => r.Frame).Distinct().Count() > 450, "several hundred frames");
        Assert.True(Rows.Where(r => r.Ticket.Product is not null).Select(r => r.Ticket.Product).Distinct().Count() > 280, "varied products");
        Assert.Equal(600, Rows.Select(r => r.Message).Distinct().Count());
    }

    [Fact]
    public void NoProductNumberPersonOrFrameIsInTwoGroups()
    {
        AssertInOneGroup(Rows.Select(r => (r.Group, r.Ticket.OrderId)));
        AssertInOneGroup(Rows.Select(r => (r.Group, r.Person)));
        AssertInOneGroup(Rows.Select(r => (r.Group, (string?)r.Frame)));
        AssertInOneGroup(Rows.SelectMany(r => ProductsIn(r.Message).Select(p => (r.Group, (string?)p))));
        AssertInOneGroup(Rows.SelectMany(r => OrderIds().Matches(r.Message).Select(m => (r.Group, (string?)m.Value))));
        // The words of the names too, so that no test name is half known.
        AssertInOneGroup(FrameGroup.All.SelectMany(g => g.Products.Select(p => (g.Id, (string?)ModelWord(p.Name)))));
        AssertInOneGroup(FrameGroup.All.SelectMany(g => g.Requests.Select(r => (g.Id, (string?)r))));
        AssertInOneGroup(FrameGroup.All.Where(g => g.FirstName.Length > 0).Select(g => (g.Id, (string?)g.FirstName)));
        AssertInOneGroup(FrameGroup.All.Select(g => (g.Id, (string?)g.Surname)));
    }

    [Fact]
    public void LabelsStandInTheText() => Assert.All(Rows, row =>
    {
        Ticket ticket = row.Ticket;
        Assert.True(Ticket.TryParse(row.Answer, out Ticket? parsed, out string? problem), problem);
        Assert.Equal(ticket, parsed);
        Assert.Equal(ticket.OrderId, OrderIds().Match(row.Message) is { Success: true } m ? m.Value : null);
        List<string> products = ProductsIn(row.Message);
        if (ticket.Product is null) Assert.Empty(products);
        else Assert.Contains(ticket.Product, products);
        bool japanese = row.Message.Any(c => c is >= '\u3041' and <= '\u3096');
        Assert.True(japanese || ticket.Language == TicketLanguage.English, row.Message);
        Assert.True(TicketScore.Of(row.Answer, ticket) is { AllFields: true, Reply: true }, row.Answer);
        Assert.DoesNotContain('\n', row.Message);
    });

    [Fact]
    public void RepliesAreOneShortSentenceForEveryLabel()
    {
        foreach (TicketIntent intent in Enum.GetValues<TicketIntent>())
            foreach (TicketUrgency urgency in Enum.GetValues<TicketUrgency>())
                foreach ((string? product, string? id) in new (string?, string?)[] { (null, null), ("Velmora 320", null), (null, "KX48213"), ("Velmora 320", "KX48213") })
                {
                    string english = HouseReply.For(intent, product, id, urgency, TicketLanguage.English);
                    string japanese = HouseReply.For(intent, product, id, urgency, TicketLanguage.Japanese);
                    Assert.True(TicketScore.IsGoodReply(english, new Ticket(intent, product, id, urgency, TicketLanguage.English, english)), english);
                    Assert.True(TicketScore.IsGoodReply(japanese, new Ticket(intent, product, id, urgency, TicketLanguage.Japanese, japanese)), japanese);
                    Assert.InRange(english.Split(' ').Length, 8, 22);
                    Assert.InRange(japanese.Length, 20, 60);
                }
    }

    [Fact]
    public void IsTheSameForTheSameSeedAndAnotherForAnother()
    {
        Assert.Equal(Rows.Take(50).Select(r => r.ToJsonLine()), SupportDeskGenerator.Clean(600, SupportDeskFiles.CleanSeed).Take(50).Select(r => r.ToJsonLine()));
        Assert.Empty(Rows.Select(r => r.Message).Intersect(SupportDeskGenerator.Clean(50, 99).Where(r => r.Ticket.OrderId is not null).Select(r => r.Message)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(3000)]
    public void GivesAsManyRowsAsAsked(int count)
    {
        IReadOnlyList<DeskTicketRow> rows = SupportDeskGenerator.Clean(count, 5);
        Assert.Equal(count, rows.Count);
        Assert.Equal(count, rows.Select(r => r.Message).Distinct().Count());
    }

    [Fact]
    public void ARowAsJsonLineReadsBack()
    {
        DeskTicketRow row = Rows.First(r => r.Ticket.Language == TicketLanguage.Japanese && r.Ticket.Product is not null);
        using var json = System.Text.Json.JsonDocument.Parse(row.ToJsonLine());
        Assert.Equal(DeskTicketRow.SystemMessage, json.RootElement.GetProperty("messages")[0].GetProperty("content").GetString());
        Assert.Equal(row.Message, json.RootElement.GetProperty("messages")[1].GetProperty("content").GetString());
        Assert.Equal(row.Answer, json.RootElement.GetProperty("messages")[2].GetProperty("content").GetString());
        Assert.Equal(row.Group, json.RootElement.GetProperty("group").GetString());
        Assert.Equal(row.Answer, row.ToRow(new FineTuneKit.Data.RowOrigin("x", 1)).Answer);
        Assert.Contains(row.Ticket.Product!, row.ToJsonLine());
    }

    internal static List<string> ProductsIn(string text) =>
        [.. Catalogue.Products.Select(p => p.Name).Where(name => text.Contains(name) && Regex.IsMatch(text, $"(?<![A-Za-z0-9]){Regex.Escape(name)}(?![A-Za-z0-9])"))];

    private static string ModelWord(string name) => LeadingWord().Match(name).Value;

    private static void AssertInOneGroup(IEnumerable<(string Group, string? Value)> uses) =>
        Assert.All(uses.Where(u => u.Value is not null).GroupBy(u => u.Value), value => Assert.Single(value.Select(u => u.Group).Distinct()));

    [GeneratedRegex("(?<![A-Za-z0-9])[A-Z]{2}[0-9]{5}(?![A-Za-z0-9])")]
    private static partial Regex OrderIds();

    [GeneratedRegex("^[A-Za-z]+(?= )|^[\u30a0-\u30ff]+")]
    private static partial Regex LeadingWord();
}
