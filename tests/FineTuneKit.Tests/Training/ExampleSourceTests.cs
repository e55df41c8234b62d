using FineTuneKit.Training;
using Xunit;

namespace FineTuneKit.Tests.Training;

public class ExampleSourceTests
{
    private static readonly TrainingOptions Options = new() { BatchRows = 2, AccumulationSteps = 2, Seed = 5 };

    [Fact]
    public void Every_epoch_visits_every_row_once_in_an_order_of_its_own()
    {
        ExampleList list = new(Rows(23), Options), again = new(Rows(23), Options);
        string[] first = Origins(list, 0), second = Origins(list, 1);
        Assert.Equal(Enumerable.Range(0, 23).Select(i => $"r:{i}").Order(), first.Order());
        Assert.Equal(first.Order(), second.Order());
        Assert.NotEqual(first, second);
        Assert.Equal(second, Origins(again, 1));
        Assert.NotEqual(first, Origins(new ExampleList(Rows(23), Options with { Seed = 6 }), 0));
    }

    [Fact]
    public void Without_shuffling_the_order_is_that_of_the_data() =>
        Assert.Equal(Enumerable.Range(0, 7).Select(i => $"r:{i}"), Origins(new ExampleList(Rows(7), Options with { Shuffle = false }), 3));

    [Fact]
    public void Grouping_by_length_saves_padding_and_loses_no_row()
    {
        ExampleList plain = new(Rows(46), Options), grouped = new(Rows(46), Options with { GroupByLength = true });
        Assert.Equal(Origins(plain, 0).Order(), Origins(grouped, 0).Order());
        Assert.True(Padding(grouped) < Padding(plain) / 2, $"{Padding(grouped)} against {Padding(plain)} padded tokens");
        Assert.Equal(Origins(grouped, 2), Origins(new ExampleList(Rows(46), Options with { GroupByLength = true }), 2));
    }

    [Fact]
    public void The_fingerprint_sees_ids_and_mask()
    {
        string whole = ExampleList.FingerprintOf([TrainingExample.WholeText([1, 2, 3], "a:1")]);
        Assert.Equal(whole, ExampleList.FingerprintOf([TrainingExample.WholeText([1, 2, 3], "b:9")]));
        Assert.NotEqual(whole, ExampleList.FingerprintOf([TrainingExample.WholeText([1, 2, 4], "a:1")]));
        Assert.NotEqual(whole, ExampleList.FingerprintOf([new TrainingExample([1, 2, 3], [true, true, false], "a:1")]));
    }

    [Fact]
    public void An_empty_list_is_refused() => Assert.Throws<InputException>(() => new ExampleList([], Options));

    [Theory]
    [InlineData(new[] { 1, 2, 3, 4, 5 }, new[] { true, true, true, true, true }, "x.jsonl:3: 5 tokens; the model holds 4")]
    [InlineData(new[] { 1, 2, 3 }, new[] { true, false, false }, "x.jsonl:3: nothing to learn")]
    [InlineData(new[] { 1, 2, 99 }, new[] { false, true, true }, "x.jsonl:3: token id 99; the model knows 0 to 9")]
    [InlineData(new[] { 1, 2, 3 }, new[] { false, true, false }, "x.jsonl:3: the answer's end token is not trained")]
    [InlineData(new[] { 1, 2, 3 }, new[] { false, true }, "x.jsonl:3: the mask has 2 entries for 3 tokens")]
    public void A_row_that_cannot_be_trained_on_is_refused(int[] ids, bool[] mask, string message)
    {
        var error = Assert.Throws<InputException>(() => new TrainingExample(ids, mask, "x.jsonl:3").Check(4, 10, [3]));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_good_row_passes() => new TrainingExample([1, 2, 3], [false, true, true], "x:1").Check(4, 10, [3]);

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        new TrainingOptions().Validate();
        Assert.Equal("Patience is 0; it must be 1 or more",
            Assert.Throws<InputException>(() => new TrainingOptions { Patience = 0 }.Validate()).Message);
        Assert.Equal("LearningRate is NaN; it must be above 0",
            Assert.Throws<InputException>(() => new TrainingOptions { LearningRate = double.NaN }.Validate()).Message);
    }

    private static List<TrainingExample> Rows(int count) =>
        [.. Enumerable.Range(0, count).Select(i => TrainingExample.WholeText(new int[2 + i * 7 % 31], $"r:{i}"))];

    private static string[] Origins(ExampleList list, int epoch) =>
        [.. Enumerable.Range(0, list.Count!.Value).Select(i => list.At(epoch, i).Origin)];

    private static int Padding(ExampleList list) => Enumerable.Range(0, list.Count!.Value)
        .Select(i => list.At(0, i).Ids.Length).Chunk(2).Sum(batch => batch.Max() * batch.Length - batch.Sum());
}
