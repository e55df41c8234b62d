using FineTuneKit.Data;
using FineTuneKit.Lab.SupportDesk;
using Xunit;

namespace FineTuneKit.Tests.Lab.SupportDesk;

/// <summary>What the kit's split makes of the data: a test set of frames, products, numbers and people never trained.</summary>
public class SplitTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void NothingOfATestMessageIsInTraining(long seed)
    {
        IReadOnlyList<DeskTicketRow> rows = SupportDeskGenerator.Clean(SupportDeskFiles.CleanRows, SupportDeskFiles.CleanSeed);
        SplitResult split = DataSplit.Make(ToRows(rows), new SplitOptions { Seed = seed });
        output.WriteLine(split.Proof.ToText());

        Assert.InRange(split.Test.Count, 55, 65);
        Assert.InRange(split.Validation.Count, 55, 65);
        Assert.Equal(192, split.Proof.IndependentGroups);
        Assert.All(split.Proof.Strata, stratum => Assert.All(stratum.Counts, count => Assert.True(count >= 2)));
        List<DeskTicketRow> trained = Side(SplitSide.Train), tested = [.. Side(SplitSide.Test), .. Side(SplitSide.Validation)];
        AssertDisjoint(r => r.Frame);
        AssertDisjoint(r => r.Ticket.Product);
        AssertDisjoint(r => r.Ticket.OrderId);
        AssertDisjoint(r => r.Person);
        string training = string.Join('\n', trained.Select(r => r.Message));
        Assert.All(tested.Where(r => r.Ticket.Product is not null), r => Assert.DoesNotContain(r.Ticket.Product!, training));

        List<DeskTicketRow> Side(SplitSide side) => [.. rows.Where((_, i) => split.Sides[i] == side)];
        void AssertDisjoint(Func<DeskTicketRow, string?> part) =>
            Assert.Empty(tested.Select(part).OfType<string>().Intersect(trained.Select(part).OfType<string>()));
    }

    [Fact]
    public void PlantedCopiesAreKeptTogetherAlthoughTheirGroupsDiffer()
    {
        DirtyDesk dirty = SupportDeskGenerator.Dirty(SupportDeskFiles.DirtyRows, SupportDeskFiles.DirtySeed);
        SplitResult split = DataSplit.Make(ToRows(dirty.Rows), new SplitOptions { Seed = 1 });
        Assert.All(dirty.Planted.Where(f => f.OtherRow is not null), f => Assert.Equal(split.Sides[f.OtherRow!.Value - 1], split.Sides[f.Row!.Value - 1]));
    }

    [Fact]
    public void TheCataloguesFactsFindExactlyTheStaleAnswers()
    {
        DirtyDesk dirty = SupportDeskGenerator.Dirty(SupportDeskFiles.DirtyRows, SupportDeskFiles.DirtySeed);
        AuditReport report = DataAudit.Run(ToRows(dirty.Rows), new AuditOptions { Facts = CatalogueFacts.All });
        Assert.Equal(
            dirty.Planted.Where(f => f.Type == AuditRules.StaleFact).Select(f => f.Row!.Value),
            report.Findings.Where(f => f.Rule == AuditRules.StaleFact).Select(f => f.Origins[0].Line).Order());
    }

    private static List<Row> ToRows(IReadOnlyList<DeskTicketRow> rows) => [.. rows.Select((r, i) => r.ToRow(new RowOrigin("desk.jsonl", i + 1)))];
}
