using System.Text.Json;
using FineTuneKit.Data;
using FineTuneKit.Fixtures;
using Xunit;

namespace FineTuneKit.Tests.Data;

public class DataSplitTests
{
    private const string File = "golden/split/stratified.json";

    public static TheoryData<string> SizeCases => FixtureFolder.Cases(File, filter: c => Function(c) == "split_sizes");

    public static TheoryData<string> StratumCases => FixtureFolder.Cases(File, filter: c => Function(c) == "stratified_counts");

    [Theory]
    [MemberData(nameof(SizeCases))]
    [Trait("Category", "Fixtures")]
    public void Sizes_are_within_a_row_or_two_of_the_usual_idioms(string id)
    {
        FixtureFolder.SkipIfAbsent(id);
        foreach (JsonProperty n in FixtureFolder.Case(File, id).GetProperty("expected").GetProperty("train_validation_test").EnumerateObject())
        {
            int count = int.Parse(n.Name);
            Row[] rows = Enumerable.Range(0, count).Select(i => Rows.Of(Rows.Unlike(i), "a", i + 1)).ToArray();
            if (count < 3)
            {
                Assert.Throws<InputException>(() => DataSplit.Make(rows));
                continue;
            }
            IReadOnlyList<int> counts = DataSplit.Make(rows).Proof.Counts;
            Assert.Equal(count, counts.Sum());
            Assert.All(counts, c => Assert.True(c > 0));
            if (n.Value.ValueKind == JsonValueKind.Null) continue;
            // The idioms round the held-out sides up, some of them both; here each is the nearest whole number.
            Assert.InRange(Math.Abs(counts[0] - n.Value[0].GetInt32()), 0, 2);
            Assert.InRange(Math.Abs(counts[1] - n.Value[1].GetInt32()), 0, 1);
            Assert.InRange(Math.Abs(counts[2] - n.Value[2].GetInt32()), 0, 1);
        }
    }

    [Theory]
    [MemberData(nameof(StratumCases))]
    [Trait("Category", "Fixtures")]
    public void Strata_are_within_a_row_of_the_reference(string id)
    {
        FixtureFolder.SkipIfAbsent(id);
        JsonElement one = FixtureFolder.Case(File, id), expected = one.GetProperty("expected");
        int[] sizes = one.GetProperty("input").GetProperty("class_sizes").EnumerateArray().Select(x => x.GetInt32()).ToArray();
        if (sizes.Sum() < 3)
        {
            Assert.Throws<InputException>(() => DataSplit.Make(OfClasses(sizes)));
            return;
        }
        SplitProof proof = DataSplit.Make(OfClasses(sizes), new SplitOptions { Seed = 3 }).Proof;
        if (expected.TryGetProperty("raises", out _))
        {
            // Where the reference refuses, the split stands and says which class is missing where.
            Assert.Contains(proof.Notes, note => note.Contains("is missing in"));
            return;
        }
        string[] names = ["train", "validation", "test"];
        for (int side = 0; side < 3; side++)
        {
            Assert.InRange(proof.Counts[side] - expected.GetProperty("sizes")[side].GetInt32(), -2, 2);
            for (int c = 0; c < sizes.Length && sizes.Length > 1; c++)
            {
                JsonElement range = expected.GetProperty(names[side]);
                int count = proof.Strata.Single(s => s.Name == $"class {c}").Counts[side];
                Assert.InRange(count, range.GetProperty("min")[c].GetInt32() - 2, range.GetProperty("max")[c].GetInt32() + 2);
                double[] shares = [0.8, 0.1, 0.1];
                Assert.InRange(Math.Abs(count - shares[side] * sizes[c]), 0, 1);
            }
        }
    }

    [Fact]
    [Trait("Category", "Fixtures")]
    public void Every_kind_of_case_has_a_test()
    {
        FixtureFolder.SkipIfAbsent(FixtureFolder.Exists ? "" : FixtureFolder.Absent);
        Assert.All(FixtureFolder.Json(File).GetProperty("cases").EnumerateArray(), c => Assert.Contains(Function(c), new[] { "split_sizes", "stratified_counts", "folds" }));
    }

    [Fact]
    public void Groups_and_near_duplicates_stay_on_one_side()
    {
        for (int seed = 0; seed < 16; seed++)
        {
            Row[] rows = Tangle(seed);
            double threshold = 0.6 + 0.1 * (seed % 4);
            SplitResult split = DataSplit.Make(rows, new SplitOptions { Seed = seed, NearDuplicateThreshold = threshold });
            Assert.Equal(rows.Length, split.Train.Count + split.Validation.Count + split.Test.Count);
            Assert.All([split.Train, split.Validation, split.Test], side => Assert.NotEmpty(side));
            ulong[][] sets = rows.Select(r => Shingles.Of(r.Prompt)).ToArray();
            double largest = 0;
            for (int i = 0; i < rows.Length; i++)
            {
                for (int j = 0; j < i; j++)
                {
                    if (split.Sides[i] == split.Sides[j]) continue;
                    Assert.False(rows[i].Group is not null && rows[i].Group == rows[j].Group, $"seed {seed}: group {rows[i].Group} on two sides");
                    largest = Math.Max(largest, Shingles.Jaccard(sets[i], sets[j]));
                }
            }
            Assert.True(largest < threshold, $"seed {seed}: {largest} across sides, threshold {threshold}");
            Assert.True((split.Proof.Closest?.Similarity ?? 0) <= largest + 1e-12);
        }
    }

    [Fact]
    public void Sides_hold_the_rows_in_their_order_and_depend_on_the_seed_only()
    {
        Row[] rows = Tangle(1);
        SplitResult a = DataSplit.Make(rows, new SplitOptions { Seed = 5 }), b = DataSplit.Make(rows, new SplitOptions { Seed = 5 });
        Assert.Equal(a.Sides, b.Sides);
        Assert.Equal(a.Proof.Hash, b.Proof.Hash);
        Assert.NotEqual(a.Proof.Hash, DataSplit.Make(rows, new SplitOptions { Seed = 6 }).Proof.Hash);
        foreach (IReadOnlyList<Row> side in new[] { a.Train, a.Validation, a.Test })
            Assert.Equal(side.OrderBy(r => r.Origin.Line), side);
    }

    [Fact]
    public void Strata_of_label_and_language_keep_their_shares_over_groups()
    {
        var random = new NamedRandom("strata", 1);
        var rows = new List<Row>();
        for (int g = 0; g < 300; g++)
        {
            string label = $"l{random.Next(8)}", language = random.Chance(0.4) ? "ja" : "en";
            for (int k = 1 + random.Next(3); k > 0; k--) rows.Add(Rows.Of(Rows.Unlike(rows.Count), "a", rows.Count + 1, $"g{g}", label, language));
        }
        SplitProof proof = DataSplit.Make(rows).Proof;
        double[] shares = [0.8, 0.1, 0.1];
        for (int side = 0; side < 3; side++)
        {
            Assert.InRange(Math.Abs(proof.Counts[side] - shares[side] * rows.Count), 0, 1);
            Assert.All(proof.Strata, s => Assert.InRange(Math.Abs(s.Counts[side] - shares[side] * s.Counts.Sum()), 0, 2.5));
        }
        Assert.Empty(proof.Notes);
    }

    [Fact]
    public void Refuses_what_cannot_be_divided()
    {
        Assert.Contains("1 rows; a split into train, validation, test needs at least 3", Refusal([Rows.Of("a", "b")]));
        Assert.Contains("0 rows", Refusal([]));
        Row[] oneGroup = Enumerable.Range(0, 20).Select(i => Rows.Of(Rows.Unlike(i), "a", i + 1, "g")).ToArray();
        Assert.Contains("20 rows form 1 independent group; a split into train, validation, test needs at least 3", Refusal(oneGroup));
        Row[] onePrompt = Enumerable.Range(0, 20).Select(i => Rows.Of("Write a poem.", Rows.Unlike(i), i + 1)).ToArray();
        Assert.Contains("near-duplicates (by prompt, similarity 0.8 or more)", Refusal(onePrompt));
        Assert.Equal(20, DataSplit.Make(onePrompt, new SplitOptions { CompareBy = CompareBy.Both }).Proof.Counts.Sum());
        Row[] oneClass = Enumerable.Range(0, 20).Select(i => Rows.Of(Rows.Unlike(i), "a", i + 1, label: "only")).ToArray();
        Assert.Contains("all 20 rows have the label \"only\"; at least two", Refusal(oneClass));
        Assert.Equal([16, 2, 2], DataSplit.Make(oneClass, new SplitOptions { Stratify = false }).Proof.Counts);
        Assert.Contains("a sum of 1", Refusal(oneClass, new SplitOptions { Train = 0.9 }));
        Assert.Contains("0 or more", Refusal(oneClass, new SplitOptions { Train = 1.1, Test = -0.2 }));
        Assert.Contains("threshold", Refusal(oneClass, new SplitOptions { NearDuplicateThreshold = 0, Stratify = false }));
    }

    [Fact]
    public void A_side_may_be_left_out()
    {
        Row[] rows = Enumerable.Range(0, 10).Select(i => Rows.Of(Rows.Unlike(i), "a", i + 1)).ToArray();
        Assert.Equal([8, 0, 2], DataSplit.Make(rows, new SplitOptions { Validation = 0, Test = 0.2 }).Proof.Counts);
    }

    [Fact]
    public void Sides_that_stand_already_are_refused_where_they_leak()
    {
        Row[] train = Enumerable.Range(0, 6).Select(i => Rows.Of(Rows.Unlike(i), "a", i + 1, $"g{i}")).ToArray();
        Row[] test = [Rows.Of(Rows.Unlike(90), "a", 90)];
        Assert.Equal([6, 0, 1], DataSplit.Check(train, [], test).Proof.Counts);
        Assert.Contains("similarity 1.00", Assert.Throws<InputException>(() => DataSplit.Check(train, [], [train[2] with { Group = null }])).Message);
        Assert.Contains("similarity 0.9", Assert.Throws<InputException>(() => DataSplit.Check(train, [], [Rows.Of(train[3].Prompt + " !", "b", 91)])).Message);
        Assert.Contains("the first \"g4\"", Assert.Throws<InputException>(() => DataSplit.Check(train, [test[0] with { Group = "g4" }], [])).Message);
    }

    [Fact]
    public void The_proof_says_what_a_reader_should_know()
    {
        List<Row> rows = [.. Enumerable.Range(0, 60).Select(i => Rows.Of(Rows.Unlike(i), "a", i + 1, i < 30 ? "big" : null, i < 58 ? "common" : "rare", "en"))];
        SplitResult split = DataSplit.Make(rows, new SplitOptions { Train = 0.4, Validation = 0.3, Test = 0.3 });
        string text = split.Proof.ToText();
        Assert.Contains("group ids on more than one side: 0", text);
        Assert.Contains("rare / en", text);
        Assert.Contains(split.Proof.Notes, n => n.Contains("\"rare / en\" (2 rows) is missing in"));
        Assert.Contains(split.Proof.Notes, n => n.Contains("groups cannot be cut"));
        Assert.All(text.Split('\n'), line => Assert.InRange(line.Length, 0, 110));
    }

    /// <summary>Rows with groups, chains of edited copies, exact copies and rows that have neither.</summary>
    private static Row[] Tangle(int seed)
    {
        var random = new NamedRandom("tangle", seed);
        var rows = new List<Row>();
        for (int i = 0; i < 60; i++)
        {
            string text = Rows.Unlike(seed * 1000 + i);
            for (int copy = random.Next(4); copy >= 0; copy--)
            {
                string? group = random.Chance(0.3) ? $"g{random.Next(30)}" : null;
                rows.Add(Rows.Of(text, $"a{copy}", rows.Count + 1, group, $"l{random.Next(3)}", random.Chance(0.5) ? "ja" : "en"));
                if (random.Chance(0.8)) text = text[..random.Next(40, text.Length)] + random.Next(10);
            }
        }
        return [.. rows];
    }

    private static Row[] OfClasses(int[] sizes) =>
        sizes.SelectMany((n, c) => Enumerable.Repeat(c, n))
            .Select((c, i) => Rows.Of(Rows.Unlike(i), "a", i + 1, label: sizes.Length > 1 ? $"class {c}" : null)).ToArray();

    private static string Refusal(Row[] rows, SplitOptions? options = null) =>
        Assert.Throws<InputException>(() => DataSplit.Make(rows, options)).Message;

    private static string Function(JsonElement c) => c.GetProperty("input").GetProperty("function").GetString()!;
}
