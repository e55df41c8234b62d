using System.Text;
using System.Text.Json;
using FineTuneKit.Fixtures;
using FineTuneKit.Text;
using Xunit;

namespace FineTuneKit.Tests.Text;

/// <summary>Tokenisers from the files that preceded tokenizer.json.</summary>
public sealed class OlderFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    private static readonly string[] Texts =
        ["Hello world, it's 2024!", "  two  blanks \n\n and\tmore", "東京タワー 🗼 café", "aaaaaaaaaa 1234567", "I'LL we'd \u00A0x", ""];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    [Trait("Category", "Fixtures")]
    public void Vocabulary_and_merges_are_the_tokenizer_json_of_gpt2()
    {
        if (!FixtureFolder.Exists) Assert.Skip("No fixtures.");
        foreach (string name in new[] { "vocab.json", "merges.txt" }) File.Copy(FixtureFolder.PathOf("tokenizers", "gpt2", name), Path.Combine(_folder, name));
        File.WriteAllText(Path.Combine(_folder, "tokenizer_config.json"), """{"tokenizer_class": "GPT2Tokenizer", "eos_token": "<|endoftext|>"}""");
        Tokenizer older = Tokenizer.Load(_folder), json = Tokenizer.Load(FixtureFolder.PathOf("tokenizers", "gpt2"));
        Assert.All([.. Texts, "a<|endoftext|>b"], text => Assert.Equal(json.Encode(text), older.Encode(text)));
        Assert.Equal(json.VocabularySize, older.VocabularySize);
        Assert.Equal(50256, older.EndId);
    }

    [Fact]
    [Trait("Category", "Fixtures")]
    public void Ranks_are_the_vocabulary_of_gpt2()
    {
        if (!FixtureFolder.Exists) Assert.Skip("No fixtures.");
        JsonElement vocabulary = FixtureFolder.Json("tokenizers/gpt2/vocab.json");
        string file = Path.Combine(_folder, "gpt2.tiktoken");
        File.WriteAllLines(file, vocabulary.EnumerateObject().Where(p => p.Name != "<|endoftext|>").Select(p => $"{Convert.ToBase64String([.. p.Name.Select(c => (byte)ByteAlphabet.ByteOf(c))])} {p.Value.GetInt32()}"));
        Tokenizer ranks = Tokenizer.Load(file), json = Tokenizer.Load(FixtureFolder.PathOf("tokenizers", "gpt2"));
        Assert.All([.. Texts, "a<|endoftext|>b", File.ReadAllText(FixtureFolder.PathOf("tokenizers", "sentencepiece", "botchan.txt"))], text => Assert.Equal(json.Encode(text), ranks.Encode(text)));
        Assert.Equal("東京タワー 🗼", ranks.Decode(ranks.Encode("東京タワー 🗼")));
    }

    [Fact]
    public void The_lowest_rank_is_merged_first_the_leftmost_of_equals()
    {
        Tokenizer tokenizer = Ranks("cl100k_base.tiktoken", ("bc", 256), ("ab", 257), ("aa", 258), ("aaa", 259));
        Assert.Equal(["a", "bc"], tokenizer.EncodeText("abc").Tokens);
        Assert.Equal(["aa", "aaa"], tokenizer.EncodeText("aaaaa").Tokens);
        Assert.Equal([100257], tokenizer.Encode("<|endoftext|>"));
    }

    [Fact]
    public void Llama3_bears_the_name_of_a_SentencePiece_model()
    {
        Tokenizer tokenizer = Ranks("tokenizer.model", ("bc", 256));
        Assert.Equal([128_000, 256, 128_009, 128_010], tokenizer.Encode("<|begin_of_text|>bc<|eot_id|><|reserved_special_token_5|>"));
    }

    [Fact]
    public void What_is_wrong_is_named_with_its_line()
    {
        Assert.Contains("known are gpt2…", Assert.Throws<InputException>(() => Ranks("other.tiktoken")).Message, StringComparison.Ordinal);
        string file = Path.Combine(_folder, "gpt2.tiktoken");
        File.WriteAllText(file, "YQ== 0\nYQ=? 1\n");
        Assert.Contains("line 2: 'YQ=? 1'", Assert.Throws<InputException>(() => Tokenizer.Load(file)).Message, StringComparison.Ordinal);
        File.WriteAllText(file, "YQ== 0\n");
        Assert.Contains("the byte 0x00 has no rank", Assert.Throws<InputException>(() => Tokenizer.Load(file)).Message, StringComparison.Ordinal);

        File.Delete(file);
        string merges = Path.Combine(_folder, "merges.txt");
        File.WriteAllText(merges, "#version: 0.2\na b c\n");
        Assert.Contains("vocab.json: no such file", Assert.Throws<InputException>(() => Tokenizer.Load(_folder)).Message, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(_folder, "vocab.json"), """{"a": 0}""");
        Assert.Contains("merges.txt, line 2: 3 parts", Assert.Throws<InputException>(() => Tokenizer.Load(_folder)).Message, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(_folder, "tokenizer_config.json"), """{"tokenizer_class": "BloomTokenizer"}""");
        Assert.Contains("what BloomTokenizer does with these files is not known", Assert.Throws<InputException>(() => Tokenizer.Load(_folder)).Message, StringComparison.Ordinal);
    }

    private Tokenizer Ranks(string name, params (string Token, int Rank)[] more)
    {
        string file = Path.Combine(_folder, name);
        File.WriteAllLines(file, [
            .. Enumerable.Range(0, 256).Select(b => $"{Convert.ToBase64String([(byte)b])} {b}"),
            .. more.Select(m => $"{Convert.ToBase64String(Encoding.UTF8.GetBytes(m.Token))} {m.Rank}")]);
        return Tokenizer.Load(file);
    }
}
