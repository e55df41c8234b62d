using System.Text.Json;
using FineTuneKit.Fixtures;
using FineTuneKit.Text;
using Xunit;

namespace FineTuneKit.Tests.Text;

[Trait("Category", "Fixtures")]
public class TokenizerFixtureTests
{
    public static TheoryData<string> Folders => FixtureFolder.Folders("tokenizers", "cases.json");

    [Theory, MemberData(nameof(Folders))]
    public void Encodes_as_the_reference(string name)
    {
        (Tokenizer tokenizer, JsonElement cases) = Load(name);
        Check(cases, "encode", test =>
        {
            EncodedText? actual = null;
            try
            {
                actual = tokenizer.EncodeText(TokenizerCase.Text(test, "text")!, TokenizerCase.Text(test, "pair"), AddSpecial(test));
            }
            catch (InputException) when (test.TryGetProperty("error", out _))
            {
                return null;
            }
            if (test.TryGetProperty("error", out _)) return "the reference refuses this";
            return TokenizerCase.Compare(test, actual)
                ?? (test.TryGetProperty("pair", out _) ? null : TokenizerCase.Differ("Encode", actual.Ids, tokenizer.Encode(TokenizerCase.Text(test, "text")!, AddSpecial(test))));
        });
    }

    [Theory, MemberData(nameof(Folders))]
    public void Encodes_batches_as_the_reference(string name)
    {
        (Tokenizer tokenizer, JsonElement cases) = Load(name);
        Check(cases, "encode_batch", test =>
        {
            (string, string?)[] texts = test.TryGetProperty("pairs", out JsonElement pairs)
                ? [.. pairs.EnumerateArray().Select(p => (p[0].GetString()!, p[1].GetString()))]
                : [.. TokenizerCase.Texts(test, "texts")!.Select(t => (t, (string?)null))];
            IReadOnlyList<EncodedText> actual = tokenizer.EncodeBatch(texts, AddSpecial(test));
            return test.GetProperty("encodings").EnumerateArray().Zip(actual, TokenizerCase.Compare).FirstOrDefault(d => d is not null);
        });
    }

    [Theory, MemberData(nameof(Folders))]
    public void Decodes_as_the_reference(string name)
    {
        (Tokenizer tokenizer, JsonElement cases) = Load(name);
        Check(cases, "decode", test =>
        {
            JsonElement source = test.TryGetProperty("of", out JsonElement of) ? cases.GetProperty("encode")[of.GetInt32()] : test;
            int[] ids = TokenizerCase.Numbers(source, "ids")!;
            string expected = TokenizerCase.Text(test, "text") ?? TokenizerCase.Text(source, "text")!;
            bool[] skips = test.TryGetProperty("skip_special_tokens", out JsonElement skip) ? [skip.GetBoolean()] : [true, false];
            return skips.Select(s => tokenizer.Decode(ids, s)).Where(t => t != expected).Select(t => $"expected '{expected}', found '{t}'").FirstOrDefault();
        });
    }

    [Theory, MemberData(nameof(Folders))]
    public void Streams_as_the_reference(string name)
    {
        (Tokenizer tokenizer, JsonElement cases) = Load(name);
        Check(cases, "stream", test =>
        {
            var decoder = new StreamingDecoder(tokenizer, test.TryGetProperty("skip_special_tokens", out JsonElement skip) && skip.GetBoolean());
            string?[] chunks = [.. TokenizerCase.Numbers(test, "ids")!.Select(decoder.Push)];
            return TokenizerCase.Differ("chunks", TokenizerCase.Texts(test, "chunks")!, chunks);
        });
    }

    [Theory, MemberData(nameof(Folders))]
    public void Normalises_and_splits_as_the_reference(string name)
    {
        (Tokenizer tokenizer, JsonElement cases) = Load(name);
        Check(cases, "stages", test =>
        {
            string text = TokenizerCase.Text(test, "text")!;
            string normalized = TokenizerCase.Text(test, "normalized") ?? text;
            if (tokenizer.Normalize(text) != normalized) return $"normalized: expected '{normalized}', found '{tokenizer.Normalize(text)}'";
            (string, int, int)[] pieces = [.. test.GetProperty("pieces").EnumerateArray().Select(p => (p[0].GetString()!, p[1].GetInt32(), p[2].GetInt32()))];
            return TokenizerCase.Differ("pieces", pieces, tokenizer.PreTokenize(normalized));
        });
    }

    [Theory, MemberData(nameof(Folders))]
    public void Vocabulary_is_that_of_the_reference(string name)
    {
        (Tokenizer tokenizer, JsonElement cases) = Load(name);
        if (!cases.TryGetProperty("vocab_size", out JsonElement size)) return;
        Assert.Equal(size.GetInt32(), tokenizer.VocabularySize);
        Assert.Equal(cases.GetProperty("vocab_size_without_added").GetInt32(), tokenizer.ModelVocabularySize);
        foreach (JsonProperty token in cases.GetProperty("token_to_id").EnumerateObject())
            Assert.Equal(token.Value.ValueKind == JsonValueKind.Null ? null : token.Value.GetInt32(), tokenizer.TokenToId(token.Name));
    }

    [Theory, MemberData(nameof(Folders))]
    public void Encodes_and_decodes_as_SentencePiece(string name)
    {
        (_, JsonElement cases) = Load(name);
        if (!cases.TryGetProperty("spm", out _)) return;
        string file = Directory.GetFiles(FixtureFolder.PathOf("tokenizers", name), "*.model").Single();
        Tokenizer plain = Tokenizer.LoadSentencePiece(file);
        Check(cases, "spm", test =>
        {
            bool begins = IsSet(test, "add_bos"), ends = IsSet(test, "add_eos");
            Tokenizer tokenizer = begins || ends ? Tokenizer.LoadSentencePiece(file, begins, ends) : plain;
            string text = TokenizerCase.Text(test, "text")!, expected = TokenizerCase.Text(test, "decoded")!;
            EncodedText actual = tokenizer.EncodeText(text);
            string decoded = tokenizer.Decode(actual.Ids);
            return TokenizerCase.Differ("ids", TokenizerCase.Numbers(test, "ids")!, actual.Ids)
                ?? TokenizerCase.Differ("Encode", actual.Ids, tokenizer.Encode(text))
                ?? TokenizerCase.Differ("pieces", TokenizerCase.Texts(test, "pieces")!, actual.Tokens)
                ?? (decoded == expected ? null : $"decoded: expected '{expected}', found '{decoded}'");
        });
        Check(cases, "spm_decode", test =>
        {
            string decoded = plain.Decode(TokenizerCase.Numbers(test, "ids")!), expected = TokenizerCase.Text(test, "text")!;
            return decoded == expected ? null : $"expected '{expected}', found '{decoded}'";
        });
        Assert.Equal(cases.GetProperty("spm_vocab_size").GetInt32(), plain.VocabularySize);
        int unknown = cases.GetProperty("spm_ids").GetProperty("unk").GetInt32();
        foreach (JsonProperty piece in cases.GetProperty("spm_piece_to_id").EnumerateObject())
            Assert.Equal(piece.Value.GetInt32(), plain.TokenToId(piece.Name) ?? unknown);
    }

    private static bool IsSet(JsonElement test, string name) => test.TryGetProperty(name, out JsonElement value) && value.GetBoolean();

    private static (Tokenizer Tokenizer, JsonElement Cases) Load(string name)
    {
        FixtureFolder.SkipIfAbsent(name);
        foreach (string kind in TokenizerCase.Kinds(name)) NotYet.Skip($"tokenizers/{kind}");
        return (Tokenizer.Load(FixtureFolder.PathOf("tokenizers", name)), FixtureFolder.Json($"tokenizers/{name}/cases.json"));
    }

    private static bool AddSpecial(JsonElement test) => !test.TryGetProperty("add_special_tokens", out JsonElement add) || add.GetBoolean();

    private static void Check(JsonElement cases, string section, Func<JsonElement, string?> difference)
    {
        if (!cases.TryGetProperty(section, out JsonElement list)) return;
        var failures = new List<string>();
        int index = 0;
        foreach (JsonElement test in list.EnumerateArray())
        {
            if (difference(test) is string d) failures.Add($"{section}[{index}] {TokenizerCase.Text(test, "text")?[..Math.Min(60, TokenizerCase.Text(test, "text")!.Length)]}: {d}");
            index++;
        }
        Assert.True(failures.Count == 0, $"{failures.Count} of {index} differ:\n{string.Join('\n', failures.Take(8))}");
    }
}
