using System.Text.Json;
using System.Text.RegularExpressions;
using FineTuneKit.Data;
using FineTuneKit.Lab.Skills;
using FineTuneKit.Lab.World;
using Xunit;

namespace FineTuneKit.Tests.Lab.Skills;

public sealed class SkillTests(ITestOutputHelper output)
{
    private const int Sampled = 250;

    // The target task must be new to the base: none of these keys is taught, nor its topics as one set of labels.
    private static readonly string[] TaskKeys = ["intent", "product", "order_id", "urgency", "reply"];
    private static readonly string[] TaskLabels = ["order_status", "return", "repair", "stock", "price", "complaint", "appointment"];

    public static TheoryData<string> Names => [.. GeneralSkills.All.Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryConversationIsWellFormed(string name)
    {
        var skill = GeneralSkills.Named(name);
        foreach (var item in Sample(skill, heldOut: false).Concat(Sample(skill, heldOut: true)))
        {
            var turns = item.Conversation.SkipWhile(m => m.Role == "system").ToArray();
            Assert.True(item.Messages.Count(m => m.Role == "system") <= 1);
            Assert.Equal(0, turns.Length % 2);
            for (int i = 0; i < turns.Length; i++) Assert.Equal(i % 2 == 0 ? "user" : "assistant", turns[i].Role);
            foreach (var message in item.Conversation) AssertClean(message.Content);
            foreach (var answer in turns.Where(m => m.Role == "assistant")) Assert.DoesNotContain("\n", answer.Content, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void EqualSeedsGiveEqualItems(string name)
    {
        var skill = GeneralSkills.Named(name);
        Assert.Equal(Sample(skill, heldOut: true).Select(i => i.PromptText + i.Answer), Sample(skill, heldOut: true).Select(i => i.PromptText + i.Answer));
    }

    // A constant answer must not look like a skill.
    [Theory]
    [MemberData(nameof(Names))]
    public void NoAnswerIsMuchMoreFrequentThanTheOthers(string name)
    {
        var answers = Sample(GeneralSkills.Named(name), heldOut: true).GroupBy(i => i.Answer).Select(g => g.Count()).ToArray();
        output.WriteLine($"{name}: {answers.Length} answers, the commonest {answers.Max() * 100 / Sampled} %");
        Assert.True(answers.Max() <= Sampled * (name is "sentiment" or "yes-no" or "language" or "pick-code" ? 0.45 : 0.3));
    }

    [Theory]
    [InlineData("passage")]
    [InlineData("handbook")]
    [InlineData("extract")]
    [InlineData("pick-code")]
    [InlineData("pick-item")]
    [InlineData("form")]
    public void CopiedAnswersStandInThePrompt(string name)
    {
        foreach (var item in Sample(GeneralSkills.Named(name), heldOut: true))
        {
            string prompt = item.PromptText;
            foreach (string value in Values(item.Answer).Where(v => v is not ("unknown" or "不明")))
                Assert.True(prompt.Contains(value, StringComparison.OrdinalIgnoreCase) || IsFilledNote(value), $"{value} is not in {prompt}");
        }
    }

    [Fact]
    public void TheSuiteSharesNoPromptWithTheTrainingText()
    {
        var suite = SkillSuite.Build(200, seed: 1, coreOnly: false);
        var prompts = suite.Select(i => i.PromptText).ToHashSet(StringComparer.Ordinal);
        var questions = suite.Select(i => i.Messages[^1].Content).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(suite.Count, prompts.Count);
        foreach (var item in new SkillCorpus(1).From(0, Mixture.Broadening).Take(25_000))
        {
            Assert.DoesNotContain(item.PromptText, prompts);
            Assert.DoesNotContain(item.Messages.First(m => m.Role == "user").Content, questions);
        }
    }

    [Fact]
    public void HeldOutNamesAndCodesAreNeverTrained()
    {
        var random = new NamedRandom("test", 3);
        var side = new Side(HeldOut: true);
        var names = Enumerable.Range(0, 20_000).Select(_ => FineTuneKit.Lab.World.Names.Latin(random, side)).ToHashSet(StringComparer.Ordinal);
        var codes = Enumerable.Range(0, 20_000).Select(_ => FineTuneKit.Lab.World.Names.Code(random, side)).ToHashSet(StringComparer.Ordinal);
        int words = 0;
        foreach (var item in new SkillCorpus(2).From(0, Mixture.Broadening).Take(20_000))
        {
            foreach (Match match in Regex.Matches(item.PromptText, @"[A-Za-z0-9-]{4,}"))
            {
                words++;
                Assert.DoesNotContain(match.Value, codes);
                // Short ones may be plain words at the start of a sentence.
                if (match.Value.Length > 6) Assert.DoesNotContain(match.Value, names);
            }
        }
        Assert.True(words > 100_000);
    }

    [Fact]
    public void HeldOutSumsAreNeverTrainedInEitherOrder()
    {
        var held = Sample(GeneralSkills.Named("add"), heldOut: true).Select(i => Summands(i.Messages[^1].Content)).ToHashSet();
        foreach (var item in Sample(GeneralSkills.Named("add"), heldOut: false))
            foreach (var message in item.Messages.Where(m => m.Role == "user"))
                Assert.DoesNotContain(Summands(message.Content), held);
    }

    [Fact]
    public void TheTargetTaskIsNotTaught()
    {
        foreach (var item in new SkillCorpus(4).From(0, Mixture.Broadening).Take(20_000))
        {
            foreach (var message in item.Conversation)
                foreach (string key in TaskKeys)
                    Assert.DoesNotContain($"\"{key}\":", message.Content, StringComparison.Ordinal);
            Assert.True(TaskLabels.Count(l => item.PromptText.Contains(l, StringComparison.Ordinal)) < 5, item.PromptText);
        }
    }

    [Theory]
    [InlineData(Mixture.Opening)]
    [InlineData(Mixture.Later)]
    [InlineData(Mixture.Broadening)]
    [InlineData(Mixture.Sharpening)]
    public void SharesFollowTheWeights(Mixture mixture)
    {
        double total = GeneralSkills.All.Sum(skill => skill.Weight(mixture)), all = 0;
        var tokens = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var item in new SkillCorpus(5).From(0, mixture).Take(20_000))
        {
            double count = SkillCorpus.EstimatedTokens(item);
            tokens[item.Skill] = tokens.GetValueOrDefault(item.Skill) + count;
            all += count;
        }
        foreach (var skill in GeneralSkills.All)
            Assert.InRange(tokens.GetValueOrDefault(skill.Name) / all, skill.Weight(mixture) / total * 0.75, skill.Weight(mixture) / total * 1.3);
    }

    [Fact]
    public void EveryWordHasOneTranslation()
    {
        var words = Lexicon.Nouns.Concat(Lexicon.Adjectives).Concat(Lexicon.Colours).Concat(Lexicon.Owners).ToArray();
        Assert.Empty(words.GroupBy(t => t.English).Where(g => g.Count() > 1).Select(g => g.Key));
        Assert.Empty(words.GroupBy(t => t.Japanese).Where(g => g.Count() > 1).Select(g => g.Key));
    }

    [Fact]
    public void EveryTopicCanBeSaidInBothLanguages()
    {
        foreach (var domain in Domains.All)
            foreach (var topic in domain.Topics)
            {
                Assert.True(topic.English.Length >= 4, $"{domain.Name.English}/{topic.Name.English}");
                Assert.True(topic.Japanese.Length >= 4, $"{domain.Name.English}/{topic.Name.English}");
            }
    }

    [Fact]
    public void TheCorpusIsAFunctionOfItsIndex()
    {
        var corpus = new SkillCorpus(7);
        var first = corpus.From(0).Take(50).Select(i => i.PromptText).ToArray();
        Assert.Equal(first[30..], new SkillCorpus(7).From(30).Take(20).Select(i => i.PromptText));
        Assert.NotEqual(first, new SkillCorpus(8).From(0).Take(50).Select(i => i.PromptText));
    }

    [Fact]
    public void ScoresAreExactAfterTrimming()
    {
        var item = new SkillItem("json", [new ChatMessage("user", "?")], "{\"a\": 1}", "en");
        Assert.True(SkillScore.IsRight(item, " {\"a\": 1}\n"));
        Assert.False(SkillScore.IsRight(item, "{\"a\":1}"));
        Assert.False(SkillScore.IsRight(item, ""));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ShowsSomeSamples(string name)
    {
        foreach (var item in Sample(GeneralSkills.Named(name), heldOut: false).Take(5))
        {
            foreach (var message in item.Conversation) output.WriteLine($"{message.Role,9}: {message.Content}");
            Assert.NotEmpty(item.Answer);
        }
    }

    private static List<SkillItem> Sample(Skill skill, bool heldOut)
    {
        var random = new NamedRandom("sample", 1);
        return [.. Enumerable.Range(0, Sampled).Select(_ => skill.Make(random, heldOut))];
    }

    private static void AssertClean(string content)
    {
        Assert.NotEmpty(content.Trim());
        Assert.DoesNotContain("  ", content, StringComparison.Ordinal);
        Assert.DoesNotMatch(@" [.,]( |$)|。。|[{\[](x|n|v|q|p|k|a|w|0)[}\]]", content);
    }

    private static IEnumerable<string> Values(string answer)
    {
        if (!answer.StartsWith('{')) return answer is "null" or "none" or "なし" or "-" or "nothing" ? [] : [answer];
        using var json = JsonDocument.Parse(answer);
        return [.. json.RootElement.EnumerateObject().Where(p => p.Value.ValueKind != JsonValueKind.Null).Select(p => p.Value.ToString())];
    }

    // A note is a stated pattern with its hole filled, so only its ends stand in the prompt.
    private static bool IsFilledNote(string value) => value.EndsWith('.') || value.EndsWith('。');

    private static (int, int) Summands(string prompt)
    {
        int[] numbers = [.. Regex.Matches(prompt, "[0-9]+").Select(m => int.Parse(m.Value))];
        return (numbers.Min(), numbers.Max());
    }
}
