using System.Text.Json;
using FineTuneKit.Data;
using FineTuneKit.Fixtures;
using Xunit;

namespace FineTuneKit.Tests.Data;

public class FoldsTests
{
    private const string File = "golden/split/stratified.json";

    public static TheoryData<string> Cases => FixtureFolder.Cases(File, filter: c => c.GetProperty("input").GetProperty("function").GetString() == "folds");

    [Theory]
    [MemberData(nameof(Cases))]
    [Trait("Category", "Fixtures")]
    public void Folds_are_those_of_the_reference(string id)
    {
        FixtureFolder.SkipIfAbsent(id);
        JsonElement one = FixtureFolder.Case(File, id), input = one.GetProperty("input"), expected = one.GetProperty("expected");
        if (expected.TryGetProperty("raises", out _))
        {
            Assert.Throws<InputException>(() => Of(input));
            return;
        }
        Assert.Equal(expected.GetProperty("fold").EnumerateArray().Select(f => f.GetInt32()), Of(input));
    }

    [Fact]
    public void Groups_are_never_parted_and_sizes_come_near()
    {
        var random = new NamedRandom("folds", 1);
        string[] groups = [.. Enumerable.Range(0, 500).Select(_ => $"g{random.Next(80)}")];
        int[] folds = Folds.Grouped(groups, 5);
        Assert.All(groups.Zip(folds).GroupBy(p => p.First), g => Assert.Single(g.Select(p => p.Second).Distinct()));
        Assert.All(folds.GroupBy(f => f), f => Assert.InRange(f.Count(), 95, 105));
        Assert.Throws<InputException>(() => Folds.InOrder(10, 1));
    }

    private static int[] Of(JsonElement input)
    {
        int folds = input.GetProperty("n_splits").GetInt32();
        JsonElement[] y = [.. input.GetProperty("y").EnumerateArray()];
        return input.GetProperty("kind").GetString() switch
        {
            "k_fold" => Folds.InOrder(y.Length, folds),
            "stratified_k_fold" => Folds.Stratified([.. y.Select(c => c.ToString())], folds),
            "group_k_fold" => Groups([.. input.GetProperty("groups").EnumerateArray()], folds),
            var kind => throw new NotSupportedException($"folds of the kind {kind}"),
        };
    }

    private static int[] Groups(JsonElement[] groups, int folds) => groups.All(g => g.ValueKind == JsonValueKind.Number)
        ? Folds.Grouped([.. groups.Select(g => g.GetInt64())], folds)
        : Folds.Grouped([.. groups.Select(g => g.ToString())], folds);
}
