using FineTuneKit.Evaluation;
using FineTuneKit.Fixtures;
using FineTuneKit.Lab;
using FineTuneKit.Lab.Skills;
using FineTuneKit.Text;
using FineTuneKit.Training;
using Xunit;

namespace FineTuneKit.Tests.Lab;

public sealed class PackedConversationsTests(ITestOutputHelper output) : IDisposable
{
    private const int Rows = 64;

    private readonly ChatModel _model = ChatModel.Load(Repository.Sample("mini-base"));
    private readonly SkillCorpus _corpus = new(seed: 3);
    private readonly PretrainingOptions _options = new() { Seed = 3 };

    public void Dispose() => _model.Dispose();

    [Fact]
    public void InOtherNumbersOfStepsTheStagesKeepTheirShares()
    {
        Assert.Equal(_options, _options.WithTotalSteps(_options.TotalSteps));
        PretrainingOptions tenth = _options.WithTotalSteps(_options.TotalSteps / 10);
        Assert.Equal((600, 150, 250, 350, 1200), (tenth.Steps, tenth.OpeningSteps, tenth.BroadeningSteps, tenth.SharpeningSteps, tenth.TotalSteps));
    }

    [Fact]
    public void ARowIsAFunctionOfItsNumber()
    {
        PackedConversations forwards = Packed(), backwards = Packed();
        TrainingExample[] rows = [.. Enumerable.Range(0, Rows).Select(i => forwards.Row(i))];
        for (int i = Rows - 1; i >= 0; i--)
        {
            TrainingExample same = backwards.Row(i);
            Assert.Equal(rows[i].Ids, same.Ids);
            Assert.Equal(rows[i].Mask, same.Mask);
            Assert.Equal(rows[i].Segments, same.Segments);
        }
        Assert.Equal(Rows, rows.Select(row => string.Join(' ', row.Ids)).Distinct().Count());
    }

    [Fact]
    public void RowsAreFullOfWholeConversations()
    {
        PackedConversations packed = Packed();
        TrainingExample[] rows = [.. Enumerable.Range(0, Rows).Select(i => packed.Row(i))];
        int end = _model.Template.StopIds.First();
        foreach (TrainingExample row in rows)
        {
            Assert.InRange(row.Ids.Length, 1, _options.RowTokens);
            Assert.Equal(row.Ids.Length, row.Segments!.Sum());
            int at = 0;
            foreach (int length in row.Segments!) Assert.Equal(end, row.Ids[(at += length) - 1]);
        }
        Assert.True(rows.Sum(row => row.Ids.Length) > 0.97 * Rows * _options.RowTokens);
    }

    // Where long texts are left out because the row is nearly full, the base never learns to read.
    [Fact]
    public void LongConversationsStayAsOftenAsShortOnes()
    {
        int[] drawn = [.. _corpus.From(0, Mixture.Opening).Take(3000).Select(item => _model.Template.Render(item.Conversation).Ids.Length).Where(length => length <= _options.RowTokens)];
        var packed = new PackedConversations(_corpus, _model.Tokenizer, _model.Template, _options with { TokenCopyShare = 0 });
        int[] kept = [.. Enumerable.Range(0, 640).SelectMany(i => packed.Row(i).Segments!)];
        double Share(int[] lengths) => lengths.Where(length => length > 200).Sum(length => (double)length) / lengths.Sum(length => (double)length);
        output.WriteLine($"{Share(drawn):0.000} of the tokens drawn and {Share(kept):0.000} of those kept are in conversations of more than 200 tokens");
        Assert.True(Share(kept) > 0.95 * Share(drawn));
    }

    // Every token is read and written, though running text has hardly any "duct" without "pro" before it.
    [Fact]
    public void EveryTokenIsRepeated()
    {
        var copies = new TokenCopies(_model.Tokenizer, _model.Template);
        var random = new NamedRandom("copies", 1);
        var written = new HashSet<int>();
        for (int i = 0; i < 5000; i++)
        {
            RenderedChat chat = copies.Draw(random);
            int[] answer = [.. chat.Ids.Where((_, t) => chat.Mask[t])];
            Assert.Equal(_model.Template.StopIds.First(), answer[^1]);
            Assert.Equal(answer[..^1], chat.Ids.Where((_, t) => !chat.Mask[t]).SkipLast(1).TakeLast(answer.Length - 1));
            written.UnionWith(answer);
        }
        Assert.Equal(_model.Tokenizer.VocabularySize - _model.Tokenizer.AddedTokens.Count + 1, written.Count);
    }

    private PackedConversations Packed() => new(_corpus, _model.Tokenizer, _model.Template, _options);
}
