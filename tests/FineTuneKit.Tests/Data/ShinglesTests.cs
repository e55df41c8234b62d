using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FineTuneKit.Data;
using FineTuneKit.Fixtures;
using Xunit;

namespace FineTuneKit.Tests.Data;

public class ShinglesTests
{
    private const string File = "golden/text/minhash.json";

    public static TheoryData<string> JaccardCases => FixtureFolder.Cases(File, filter: c => Function(c) == "jaccard");

    public static TheoryData<string> MinHashCases => FixtureFolder.Cases(File, filter: c => Function(c) == "minhash" && Scheme(c) == "affine32");

    [Theory]
    [MemberData(nameof(JaccardCases))]
    [Trait("Category", "Fixtures")]
    public void Jaccard_is_that_of_exact_sets(string id)
    {
        FixtureFolder.SkipIfAbsent(id);
        JsonElement one = FixtureFolder.Case(File, id), input = one.GetProperty("input"), expected = one.GetProperty("expected");
        int n = input.GetProperty("n").GetInt32();
        ulong[] Set(string key) => input.GetProperty("unit").GetString() == "words"
            ? Shingles.Words(input.GetProperty(key).GetString()!, n)
            : Shingles.Characters(input.GetProperty(key).GetString()!, n);
        ulong[] a = Set("a"), b = Set("b");
        Assert.Equal(expected.GetProperty("size_a").GetInt32(), a.Length);
        Assert.Equal(expected.GetProperty("size_b").GetInt32(), b.Length);
        Assert.Equal(expected.GetProperty("intersection").GetInt32(), Shingles.Shared(a, b));
        if (expected.GetProperty("jaccard").ValueKind == JsonValueKind.Null) Assert.Equal(double.NaN, Shingles.Jaccard(a, b));
        else Assert.Equal(expected.GetProperty("jaccard").GetDouble(), Shingles.Jaccard(a, b), 1e-12);
    }

    [Theory]
    [MemberData(nameof(MinHashCases))]
    [Trait("Category", "Fixtures")]
    public void Signatures_are_those_of_datasketch(string id)
    {
        FixtureFolder.SkipIfAbsent(id);
        JsonElement one = FixtureFolder.Case(File, id), input = one.GetProperty("input");
        uint[] Numbers(JsonElement array) => array.EnumerateArray().Select(x => x.GetUInt32()).ToArray();
        var hash = new MinHash(Numbers(input.GetProperty("a")), Numbers(input.GetProperty("b")));
        JsonElement[] sets = input.GetProperty("sets").EnumerateArray().ToArray();
        for (int i = 0; i < sets.Length; i++)
        {
            uint[] items = sets[i].EnumerateArray().Select(t => BitConverter.ToUInt32(SHA1.HashData(Encoding.UTF8.GetBytes(t.GetString()!)))).ToArray();
            Assert.Equal(Numbers(one.GetProperty("expected").GetProperty("item_hashes")[i]), items);
            uint[] signature = new uint[hash.Permutations];
            hash.Sign(items, signature);
            Assert.Equal(Numbers(one.GetProperty("expected").GetProperty("signatures")[i]), signature);
        }
    }

    public static TheoryData<string> LegacyCases => FixtureFolder.Cases(File, filter: c => Function(c) == "minhash" && Scheme(c) == "legacy");

    [Theory]
    [MemberData(nameof(LegacyCases))]
    [Trait("Category", "Fixtures")]
    public void Older_signatures_are_those_of_datasketch(string id)
    {
        FixtureFolder.SkipIfAbsent(id);
        JsonElement one = FixtureFolder.Case(File, id), input = one.GetProperty("input");
        // Numbers beyond 2^53 are texts in the cases.
        ulong[] Numbers(string key) => input.GetProperty(key).EnumerateArray()
            .Select(x => ulong.Parse(x.ToString(), System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        JsonElement[] sets = input.GetProperty("sets").EnumerateArray().ToArray();
        for (int i = 0; i < sets.Length; i++)
        {
            uint[] items = sets[i].EnumerateArray().Select(t => BitConverter.ToUInt32(SHA1.HashData(Encoding.UTF8.GetBytes(t.GetString()!)))).ToArray();
            uint[] expected = one.GetProperty("expected").GetProperty("signatures")[i].EnumerateArray().Select(x => x.GetUInt32()).ToArray();
            Assert.Equal(expected, MinHash.SignLegacy(items, Numbers("a"), Numbers("b")));
        }
    }

    public static TheoryData<string> BandingCases => FixtureFolder.Cases(File, filter: c => Function(c) == "lsh_parameters");

    [Theory]
    [MemberData(nameof(BandingCases))]
    [Trait("Category", "Fixtures")]
    public void Optimal_bands_are_those_of_datasketch(string id)
    {
        FixtureFolder.SkipIfAbsent(id);
        JsonElement one = FixtureFolder.Case(File, id), input = one.GetProperty("input"), weights = input.GetProperty("weights");
        var best = Banding.Optimal(
            input.GetProperty("threshold").GetDouble(), input.GetProperty("permutations").GetInt32(), weights[0].GetDouble(), weights[1].GetDouble());
        Assert.Equal(new Banding(one.GetProperty("expected").GetProperty("bands").GetInt32(), one.GetProperty("expected").GetProperty("rows").GetInt32()), best);
    }

    [Fact]
    [Trait("Category", "Fixtures")]
    public void Every_kind_of_case_has_a_test()
    {
        FixtureFolder.SkipIfAbsent(FixtureFolder.Exists ? "" : FixtureFolder.Absent);
        Assert.All(FixtureFolder.Json(File).GetProperty("cases").EnumerateArray(), c => Assert.True(
            Function(c) is "jaccard" or "lsh_parameters" || (Function(c) == "minhash" && Scheme(c) is "affine32" or "legacy"), c.GetProperty("id").GetString()));
    }

    [Fact]
    public void Case_width_and_white_space_make_no_difference()
    {
        Assert.Equal("order ab12 ｶﾅ", Shingles.Fold("  Ｏｒｄｅｒ　\r\n\tAB12 ｶﾅ "));
        Assert.Equal(Shingles.Of("注文 ＡＢ１２"), Shingles.Of(" 注文　ab12\n"));
        Assert.Empty(Shingles.Of(" \n"));
        Assert.NotEmpty(Shingles.Of("a"));
    }

    [Fact]
    public void The_index_finds_every_pair_at_the_threshold()
    {
        // Random texts with random edits: similarities of all heights, checked against all pairs.
        var random = new NamedRandom("texts", 1);
        var texts = new List<string>();
        for (int i = 0; i < 120; i++)
        {
            texts.Add(Rows.Unlike(i));
            for (int k = random.Next(4); k > 0; k--) texts.Add(Edit(texts[^1], random));
        }
        texts.AddRange(["", "", " ", "a", "A", "日本"]);
        foreach (double threshold in new[] { 0.5, 0.7, 0.8, 0.95, 1 })
        {
            var index = new SimilarityIndex(texts, threshold);
            var joined = new DisjointSets(texts.Count);
            foreach ((int i, int j, _) in index.Pairs()) joined.Join(i, j);
            for (int i = 0; i < texts.Count; i++) joined.Join(i, index.Representative[i]);
            for (int i = 0; i < texts.Count; i++)
                for (int j = 0; j < i; j++)
                    if (index.Jaccard(i, j) >= threshold) Assert.Equal(joined.Find(i), joined.Find(j));
            Assert.All(index.Pairs(), p => Assert.InRange(p.Similarity, threshold, 1));
        }
    }

    [Fact]
    public void Bands_keep_the_miss_rate()
    {
        foreach (double threshold in new[] { 0.6, 0.7, 0.8, 0.9, 0.99 })
        {
            var banding = Banding.Missing(1e-6, threshold, 128);
            Assert.InRange(1 - banding.Probability(threshold), 0, 1e-6);
            Assert.InRange(banding.Bands * banding.Rows, 1, 128);
        }
    }

    private static string Edit(string text, NamedRandom random)
    {
        string[] words = text.Split(' ');
        for (int k = random.Next(3); k >= 0; k--) words[random.Next(words.Length)] = $"w{random.Next(10)}";
        return string.Join(' ', words);
    }

    private static string Function(JsonElement c) => c.GetProperty("input").GetProperty("function").GetString()!;

    private static string Scheme(JsonElement c) => c.GetProperty("input").GetProperty("scheme").GetString()!;
}
