using FineTuneKit.Data;
using Xunit;

namespace FineTuneKit.Tests.Data;

public class DataMixtureTests
{
    [Fact]
    public void Ratios_hold_at_every_length_within_a_row()
    {
        var mixture = new DataMixture([Source("a", 300, 3), Source("b", 100, 1)]);
        int a = 0, n = 0;
        foreach (Row row in mixture)
        {
            a += row.Prompt.StartsWith('a') ? 1 : 0;
            Assert.InRange(a - 0.75 * ++n, -1, 1);
        }
        Assert.Equal(400, n);
        Assert.Equal(400, mixture.Distinct().Count());
    }

    [Fact]
    public void By_tokens_the_shares_are_of_tokens()
    {
        MixtureSource longRows = Source("long", 200, 1), shortRows = Source("short", 2000, 1);
        var mixture = new DataMixture([longRows, shortRows], new MixtureOptions { CountTokens = r => r.Prompt.StartsWith("long") ? 50 : 5, Total = 10_000 });
        IReadOnlyList<MixturePart> parts = mixture.Parts();
        Assert.InRange(parts[0].Share, 0.49, 0.51);
        Assert.InRange(parts[0].Tokens + parts[1].Tokens, 10_000, 10_049);
        Assert.InRange(parts[1].Rows, 950, 1010);
    }

    [Fact]
    public void Rows_come_again_as_often_as_they_may_each_pass_in_another_order()
    {
        var mixture = new DataMixture([Source("a", 100, 1), Source("replay", 10, 1) with { MostRepeats = 2.5 }]);
        Row[] replay = [.. mixture.Where(r => r.Prompt.StartsWith("replay"))];
        Assert.Equal(25, replay.Length);
        Assert.NotEqual(replay[..10].Select(r => r.Prompt), replay[10..20].Select(r => r.Prompt));
        Assert.Equal(replay[..10].Select(r => r.Prompt).Order(), replay[10..20].Select(r => r.Prompt).Order());
        Assert.Equal(2.5, mixture.Parts()[1].Passes);
    }

    [Fact]
    public void The_order_is_the_seeds_and_goes_on_from_any_place()
    {
        MixtureSource[] sources = [Source("a", 50, 2), Source("b", 40, 1) with { MostRepeats = 3 }];
        string[] Order(long seed, long from = 0) => [.. new DataMixture(sources, new MixtureOptions { Seed = seed }).From(from).Select(r => r.Prompt)];
        Assert.Equal(Order(1), Order(1));
        Assert.NotEqual(Order(1), Order(2));
        Assert.Equal(Order(1)[37..], Order(1, 37));
    }

    [Fact]
    public void Refuses_what_cannot_be_mixed()
    {
        Assert.Throws<InputException>(() => new DataMixture([]));
        Assert.Throws<InputException>(() => new DataMixture([Source("a", 0, 1)]));
        Assert.Throws<InputException>(() => new DataMixture([Source("a", 5, 0)]));
        Assert.Throws<InputException>(() => new DataMixture([Source("a", 5, 1) with { MostRepeats = 0.1 }]));
        Assert.Throws<InputException>(() => new DataMixture([Source("a", 5, 1)], new MixtureOptions { Total = 0 }));
    }

    private static MixtureSource Source(string name, int rows, double share) =>
        new(name, [.. Enumerable.Range(0, rows).Select(i => Rows.Of($"{name} {i}", "a", i + 1))], share);
}
