using System.Text.RegularExpressions;
using FineTuneKit.Lab.SupportDesk;
using Xunit;

namespace FineTuneKit.Tests.Lab.SupportDesk;

public class DirtyTests
{
    private static readonly DirtyDesk Dirty = SupportDeskGenerator.Dirty(SupportDeskFiles.DirtyRows, SupportDeskFiles.DirtySeed);

    private static IEnumerable<PlantedFault> Of(string type) => Dirty.Planted.Where(f => f.Type == type);

    private static DeskTicketRow At(int? line) => Dirty.Rows[line!.Value - 1];

    [Fact]
    public void EveryKindIsPlantedAndNoRowTwice()
    {
        Assert.Equal(800, Dirty.Rows.Count);
        Assert.Equal(PlantedFault.Types.Order(StringComparer.Ordinal), Dirty.Planted.Select(f => f.Type).Distinct().Order(StringComparer.Ordinal));
        List<int> rows = [.. Dirty.Planted.Where(f => f.Row is not null).Select(f => f.Row!.Value)];
        Assert.Equal(rows.Count, rows.Distinct().Count());
        Assert.All(Dirty.Planted.Where(f => f.OtherRow is not null), f => Assert.True(f.OtherRow < f.Row && !rows.Contains(f.OtherRow.Value)));
    }

    [Fact]
    public void RowsWithoutAFaultAreSound()
    {
        HashSet<int> faulty = [.. Dirty.Planted.Where(f => f.Row is not null).Select(f => f.Row!.Value)];
        List<DeskTicketRow> sound = [.. Dirty.Rows.Where((_, i) => !faulty.Contains(i + 1))];
        Assert.Equal(sound.Count, sound.Select(r => r.Message).Distinct().Count());
        Assert.All(sound, row =>
        {
            Assert.Equal(row.Ticket.ToJson(), row.Answer);
            Assert.True(TicketScore.Of(row.Answer, row.Ticket) is { AllFields: true, Reply: true });
        });
    }

    [Fact]
    public void CopiesFallUnderOtherGroups()
    {
        Assert.All(Of("exact_duplicate"), f =>
        {
            Assert.Equal((At(f.OtherRow).Message, At(f.OtherRow).Answer), (At(f.Row).Message, At(f.Row).Answer));
            Assert.NotEqual(At(f.OtherRow).Group, At(f.Row).Group);
        });
        Assert.All(Of("near_duplicate"), f =>
        {
            Assert.NotEqual(At(f.OtherRow).Message, At(f.Row).Message);
            Assert.InRange(Math.Abs(At(f.OtherRow).Message.Length - At(f.Row).Message.Length), 0, 14);
            Assert.Equal(At(f.OtherRow).Answer, At(f.Row).Answer);
            Assert.NotEqual(At(f.OtherRow).Group, At(f.Row).Group);
        });
        Assert.All(Of("contradicting_label"), f =>
        {
            Assert.Equal(At(f.OtherRow).Message, At(f.Row).Message);
            Ticket right = At(f.OtherRow).Ticket, wrong = At(f.Row).Ticket;
            Assert.True(right.Intent != wrong.Intent || right.Urgency != wrong.Urgency);
            Assert.Equal(wrong.ToJson(), At(f.Row).Answer);
        });
    }

    [Fact]
    public void AnswersAreSpoiltAsListed()
    {
        Assert.All(Of("empty_answer"), f => Assert.True(string.IsNullOrWhiteSpace(At(f.Row).Answer)));
        Assert.All(Of("truncated_answer"), f =>
        {
            Assert.StartsWith(At(f.Row).Answer, At(f.Row).Ticket.ToJson(), StringComparison.Ordinal);
            Assert.False(TicketScore.Of(At(f.Row).Answer, At(f.Row).Ticket).ValidJson);
        });
        Assert.All(Of("wrong_language"), f =>
        {
            TicketScore score = TicketScore.Of(At(f.Row).Answer, At(f.Row).Ticket);
            Assert.True(score is { ValidTicket: true, Intent: true, Reply: false });
        });
        Assert.All(Of("stale_fact"), f =>
        {
            Assert.True(Ticket.TryParse(At(f.Row).Answer, out Ticket? ticket, out _));
            BicycleProduct product = Catalogue.Find(ticket!.Product!)!;
            int told = int.Parse(Regex.Match(ticket.Reply.Replace(product.Name, ""), "[0-9]+").Value);
            int fact = ticket.Intent switch { TicketIntent.Price => product.PriceYen, TicketIntent.Stock => product.Stock, _ => ShopFacts.ReturnDays };
            Assert.NotEqual(fact, told);
            Assert.Contains(told.ToString(), f.Detail);
            Assert.EndsWith($" {fact}", f.Detail);
        });
    }

    [Fact]
    public void PersonalDataIsValidInFormAndInvented()
    {
        Assert.Equal(InventedPersonalData.Kinds.Order(StringComparer.Ordinal), Kinds("personal_data"));
        Assert.Equal(InventedPersonalData.SecretKinds.Order(StringComparer.Ordinal), Kinds("secret"));
        Assert.All(Of("personal_data").Concat(Of("secret")), f =>
        {
            string[] parts = f.Detail.Split(": ", 2);
            Assert.Contains(parts[1], At(f.Row).Message);
            string digits = string.Concat(parts[1].Where(char.IsAsciiDigit));
            if (parts[0] == "card") Assert.True(PassesLuhn(digits), parts[1]);
            if (parts[0] == "my_number") Assert.True(digits.Length == 12 && PassesMyNumber(digits), parts[1]);
            if (parts[0] == "email") Assert.Matches("^[a-z0-9.]+@example\\.(com|org|jp)$", parts[1]);
            if (parts[0] == "phone_us") Assert.Contains("555-01", parts[1]);
        });

        static IEnumerable<string> Kinds(string type) => Of(type).Select(f => f.Detail.Split(':')[0]).Distinct().Order(StringComparer.Ordinal);
    }

    [Fact]
    public void OneIntentIsFarTooFrequent()
    {
        PlantedFault fault = Assert.Single(Of("class_imbalance"));
        int crowded = Dirty.Rows.Count(r => r.Label == "order_status");
        Assert.Contains($"order_status {crowded} of 800", fault.Detail);
        Assert.All(Ticket.IntentNames.Where(n => n != "order_status"), n => Assert.True(Dirty.Rows.Count(r => r.Label == n) * 3 < crowded * 2));
    }

    [Fact]
    public void SmallerSetsHaveEveryFaultToo() =>
        Assert.Equal(PlantedFault.Types.Count, SupportDeskGenerator.Dirty(200, 3).Planted.Select(f => f.Type).Distinct().Count());

    private static bool PassesLuhn(string digits)
    {
        int sum = 0;
        for (int i = 0; i < digits.Length; i++)
        {
            int d = (digits[^(i + 1)] - '0') * (1 + i % 2);
            sum += d > 9 ? d - 9 : d;
        }
        return sum % 10 == 0;
    }

    private static bool PassesMyNumber(string digits)
    {
        int[] weights = [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2];
        int remainder = weights.Select((w, i) => w * (digits[i] - '0')).Sum() % 11;
        return digits[11] - '0' == (remainder <= 1 ? 0 : 11 - remainder);
    }
}
