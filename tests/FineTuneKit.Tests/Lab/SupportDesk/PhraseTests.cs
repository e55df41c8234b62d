using FineTuneKit.Lab.SupportDesk;
using Xunit;

namespace FineTuneKit.Tests.Lab.SupportDesk;

public class PhraseTests
{
    private static readonly string[] AOrBc = ["xay", "xb-cy"];

    [Theory]
    [InlineData(0, "hey KX tell")]
    [InlineData(1, "hello KX tell")]
    [InlineData(2, "good day KX tell")]
    public void TakesThePartOfTheDegreeOfPoliteness(int politeness, string expected)
    {
        var phrase = new Phrase(new NamedRandom("test", 1), (Politeness)politeness, name => name.ToUpperInvariant());
        Assert.Equal(expected, phrase.Expand("<hey/[hello]/good day> {kx} tell"));
    }

    [Fact]
    public void TakesEveryAlternativeAndAsksForNoSlotOfTheOthers()
    {
        int asked = 0;
        var phrase = new Phrase(new NamedRandom("test", 1), Politeness.Polite, _ =>
        {
            asked++;
            return "c";
        });
        List<string> seen = [.. Enumerable.Range(0, 60).Select(_ => phrase.Expand("x[a|[b|b]-{c}]y"))];
        Assert.Equal(AOrBc, seen.Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(seen.Count(s => s == "xb-cy"), asked);
    }

    [Theory]
    [InlineData("[a|b")]
    [InlineData("<a/b>")]
    [InlineData("{a")]
    public void RefusesWhatIsMalformed(string template) =>
        Assert.Throws<InvalidOperationException>(() => new Phrase(new NamedRandom("test", 1), Politeness.Polite, _ => "").Expand(template));
}
