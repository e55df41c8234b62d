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

    public static TheoryData<string> OtherCases =>
        FixtureFolder.Cases(File, filter: c => Function(c) != "jaccard" && !(Function(c) == "minhash" && Scheme(c) == "affine32"));

    [Theory]
    [MemberData(nameof(OtherCases))]
    [Trait("Category", "Fixtures")]
    public void Other_functions_are_listed(string id)
    {
        FixtureFolder.SkipIfAbsent(id);
        JsonElement one = FixtureFolder.Case(File, id);
        NotYet.Skip(Function(one) == "minhash" ? $"text/minhash-{Scheme(one)}" : $"text/{Function(one)}");
        Assert.Fail("neither built nor listed in not-yet.txt");
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
            (int bands, int rows) = SimilarityIndex.Banding(threshold);
            Assert.InRange(Math.Pow(1 - Math.Pow(threshold, rows), bands), 0, 1e-6);
            Assert.InRange(bands * rows, 1, 128);
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
