using FineTuneKit.Lab.Skills;
using FineTuneKit.Lab.SupportDesk;
using FineTuneKit.Lab.World;
using Xunit;

namespace FineTuneKit.Tests.Lab.Skills;

public sealed class MattersTests
{
    public static TheoryData<Tongue> Tongues => [Tongue.English, Tongue.Japanese];

    [Theory, MemberData(nameof(Tongues))]
    public void AHeadingMeansOneMatter(Tongue tongue)
    {
        string[] names = [.. Matters.All.SelectMany(m => m.Names[tongue])];
        Assert.Equal(names.Length, names.Distinct(StringComparer.Ordinal).Count());
        Assert.All(Matters.All, m => Assert.True(m.Names[tongue].Length >= 2, string.Join(", ", m.Names[tongue])));
    }

    [Theory, MemberData(nameof(Tongues))]
    public void EveryMatterHasSentences(Tongue tongue) =>
        Assert.All(Matters.All, m => Assert.NotEmpty(m.OfHouses.SelectMany(t => t.Topic.Frames(tongue)).Concat(m.Sentences.Frames(tongue))));

    [Fact]
    public void ATopicBelongsToOneMatter()
    {
        var topics = Matters.All.SelectMany(m => m.OfHouses).ToList();
        Assert.Equal(topics.Count, topics.Distinct().Count());
    }

    [Fact]
    public void NoMatterIsNamedAsAnIntent()
    {
        string[] intents = [.. Ticket.IntentNames.Select(name => name.Replace('_', ' '))];
        Assert.All(Matters.All.SelectMany(m => m.Names[Tongue.English]), name => Assert.DoesNotContain(name, intents));
    }

    [Fact]
    public void TheAnswerStandsInTheList()
    {
        var random = new NamedRandom("matters", 1);
        for (int i = 0; i < 300; i++)
        {
            SkillItem item = GeneralSkills.Named("matters").Make(random, heldOut: true);
            Assert.Contains(item.Answer, item.PromptText, StringComparison.Ordinal);
        }
    }
}
