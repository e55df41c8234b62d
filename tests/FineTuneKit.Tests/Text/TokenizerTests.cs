using System.Diagnostics;
using System.Text;
using FineTuneKit.Fixtures;
using FineTuneKit.Text;
using Xunit;

namespace FineTuneKit.Tests.Text;

public class TokenizerTests
{
    private static readonly Tokenizer Small = BpeTrainer.Train(["the cat sat on the mat, 日本語のテキスト 👍🏽 the the aaaa"], new() { VocabularySize = 300 });

    [Fact]
    public void Any_text_comes_back()
    {
        var random = new NamedRandom("unicode", 1);
        for (int i = 0; i < 300; i++)
        {
            string text = RandomText(random);
            Assert.Equal(text, Small.Decode(Small.Encode(text), skipSpecialTokens: false));
            Assert.Equal(text, Small.Decode(Small.EncodePlain(text)));
        }
    }

    [Fact]
    public void Offsets_cover_the_text_in_order()
    {
        var random = new NamedRandom("offsets", 1);
        for (int i = 0; i < 100; i++)
        {
            string text = RandomText(random);
            int end = 0;
            foreach ((int from, int to) in Small.EncodeText(text).Offsets)
            {
                Assert.InRange(from, 0, end);
                Assert.True(to >= end);
                end = to;
            }
            Assert.Equal(text.EnumerateRunes().Count(), end);
        }
    }

    [Fact]
    public void Streaming_gives_the_same_text_and_never_half_a_character()
    {
        var random = new NamedRandom("stream", 1);
        for (int i = 0; i < 100; i++)
        {
            string text = RandomText(random);
            var decoder = new StreamingDecoder(Small, skipSpecialTokens: false);
            List<string?> chunks = [.. Small.Encode(text).Select(decoder.Push)];
            Assert.All(chunks, c => Assert.False(c is not null && (c.Contains('\uFFFD', StringComparison.Ordinal) || char.IsLowSurrogate(c[0]))));
            Assert.Equal(text, string.Concat(chunks));
            Assert.Null(decoder.Flush());
        }
    }

    [Fact]
    public void A_character_cut_short_comes_out_at_the_end()
    {
        int[] ids = Small.Encode("a👍");
        var decoder = new StreamingDecoder(Small);
        string text = string.Concat(ids[..^1].Select(decoder.Push));

        Assert.Equal("a", text);
        Assert.Equal("\uFFFD", decoder.Flush());
    }

    [Theory]
    [InlineData("a")]
    [InlineData("日")]
    public void A_megabyte_of_one_letter_takes_linear_time(string letter)
    {
        string text = string.Concat(Enumerable.Repeat(letter, 1_000_000 / Encoding.UTF8.GetByteCount(letter)));
        var clock = Stopwatch.StartNew();
        int[] ids = Small.Encode(text);

        // Quadratic work would take hours; a busy machine may take its time.
        Assert.InRange(clock.Elapsed.TotalMinutes, 0, 10);
        Assert.Equal(text, Small.Decode(ids));
    }

    [Fact]
    public void Lone_surrogates_become_replacement_characters() =>
        Assert.Equal("a\uFFFDb", Small.Decode(Small.Encode("a\uD83Db")));

    [Fact]
    public void Unknown_parts_are_refused_by_name()
    {
        Assert.Contains("normalizer 'Nonsense'", Refusal("""{"normalizer": {"type": "Nonsense"}, "model": {"type": "BPE", "vocab": {}, "merges": []}}"""), StringComparison.Ordinal);
        Assert.Contains("model 'Oracle'", Refusal("""{"model": {"type": "Oracle"}}"""), StringComparison.Ordinal);
        Assert.Contains("'ab'", Refusal("""{"model": {"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": ["a b"]}}"""), StringComparison.Ordinal);
        Assert.Contains("not a tokenizer.json", Refusal("{"), StringComparison.Ordinal);
        Assert.Contains("not a tokenizer.json", Refusal("""{"model": {"type": "BPE"}}"""), StringComparison.Ordinal);
        Assert.Contains("no such file", Assert.Throws<InputException>(() => Tokenizer.Load("/nowhere/tokenizer.json")).Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Category", "Fixtures")]
    public void Gpt2_ids_are_those_of_other_implementations()
    {
        if (!FixtureFolder.Exists) Assert.Skip("No fixtures.");
        Tokenizer tokenizer = Tokenizer.Load(FixtureFolder.PathOf("tokenizers", "gpt2"));
        string[] inputs = File.ReadAllText(FixtureFolder.PathOf("tokenizers", "gpt2", "ggml-vocab-gpt-2.gguf.inp")).Split("\n__ggml_vocab_test__\n");
        string[] outputs = File.ReadAllLines(FixtureFolder.PathOf("tokenizers", "gpt2", "ggml-vocab-gpt-2.gguf.out"));
        for (int i = 0; i < outputs.Length; i++)
            Assert.Equal(outputs[i].Trim(), string.Join(' ', tokenizer.Encode(inputs[i])));

        foreach (var entry in FixtureFolder.Json("tokenizers/expected-encodings/baselines/openai-community__gpt2.json").GetProperty("entries").EnumerateObject())
        {
            string text = FixtureFolder.Case("tokenizers/expected-encodings/inputs.json", entry.Name, "inputs").GetProperty("text").GetString()!;
            Assert.Equal(TokenizerCase.Numbers(entry.Value, "input_ids"), tokenizer.Encode(text));
            Assert.Equal(TokenizerCase.Texts(entry.Value, "tokens"), tokenizer.EncodeText(text).Tokens);
            Assert.Equal(entry.Value.GetProperty("decoded_with_special").GetString(), tokenizer.Decode(tokenizer.Encode(text), skipSpecialTokens: false));
        }
        foreach (var entry in FixtureFolder.Json("tokenizers/expected-encodings/tokenizer_tests.json").GetProperty("distilgpt2").EnumerateArray())
            Assert.Equal(TokenizerCase.Numbers(entry.GetProperty("encoded"), "input_ids"), tokenizer.Encode(entry.GetProperty("input").GetString()!));

        var article = FixtureFolder.Json("tokenizers/gpt2/hf-gpt2_encoded_tokens.json");
        Assert.Equal(TokenizerCase.Numbers(article, "token_ids"), tokenizer.Encode(article.GetProperty("text").GetString()!));
    }

    public static TheoryData<string> TokenizerFiles
    {
        get
        {
            var data = new TheoryData<string>();
            if (!FixtureFolder.Exists) data.Add(FixtureFolder.Absent);
            else foreach (string file in Directory.GetFiles(FixtureFolder.Root!, Tokenizer.FileName, SearchOption.AllDirectories).Order(StringComparer.Ordinal)) data.Add(Path.GetRelativePath(FixtureFolder.Root!, file));
            return data;
        }
    }

    [Theory, MemberData(nameof(TokenizerFiles))]
    [Trait("Category", "Fixtures")]
    public void Every_file_loads_and_is_saved_as_it_was(string name)
    {
        FixtureFolder.SkipIfAbsent(name);
        string file = FixtureFolder.PathOf(name);
        foreach (string kind in TokenizerCase.KindsOf(file)) NotYet.Skip($"tokenizers/{kind}");
        string folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        Tokenizer.Load(file).Save(folder);

        Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(folder, Tokenizer.FileName)));
        Directory.Delete(folder, recursive: true);
    }

    private static string Refusal(string json) =>
        Assert.Throws<InputException>(() => new Tokenizer(Encoding.UTF8.GetBytes(json), null, "test.json")).Message;

    private static string RandomText(NamedRandom random)
    {
        var text = new StringBuilder();
        for (int i = random.Next(1, 60); i > 0; i--)
        {
            int codePoint = random.Next(8) switch
            {
                0 => random.Next(0x110000),
                1 => random.Next(0x1F300, 0x1FAFF),
                2 => random.Next(0x3040, 0x30FF),
                3 => random.Next(0x20),
                4 => ' ',
                _ => random.Next(0x21, 0x7F),
            };
            if (codePoint is not ((>= 0xD800 and <= 0xDFFF) or 0xFFFD)) text.Append(char.ConvertFromUtf32(codePoint));
        }
        return text.ToString();
    }
}
