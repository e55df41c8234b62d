using System.Text;
using System.Text.RegularExpressions;
using FineTuneKit.Fixtures;
using FineTuneKit.Text;
using Xunit;

namespace FineTuneKit.Tests.Text;

public class SentencePieceTests
{
    public static TheoryData<string> Models
    {
        get
        {
            var data = new TheoryData<string>();
            if (!FixtureFolder.Exists) data.Add(FixtureFolder.Absent);
            else foreach (string file in Directory.GetFiles(FixtureFolder.Root!, "*.model", SearchOption.AllDirectories).Order(StringComparer.Ordinal)) data.Add(Path.GetRelativePath(FixtureFolder.Root!, file));
            return data;
        }
    }

    [Theory, MemberData(nameof(Models))]
    [Trait("Category", "Fixtures")]
    public void Every_model_loads_writes_text_back_and_is_saved_as_it_was(string name)
    {
        FixtureFolder.SkipIfAbsent(name);
        string file = FixtureFolder.PathOf(name), folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        Tokenizer tokenizer = Tokenizer.LoadSentencePiece(file);
        tokenizer.Save(folder);

        const string Text = "That is what I said.";
        Assert.Equal(Text, tokenizer.Decode(tokenizer.Encode(Text)));
        Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(folder, Path.GetFileName(file))));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    [Trait("Category", "Fixtures")]
    public void A_model_and_the_json_made_of_it_agree_on_a_novel()
    {
        if (!FixtureFolder.Exists) Assert.Skip("No fixtures.");
        Tokenizer model = Tokenizer.LoadSentencePiece(FixtureFolder.PathOf("tokenizers", "llm-jp", "code10K_en20K_ja30K.ver2.2.model"));
        Tokenizer json = Tokenizer.Load(FixtureFolder.PathOf("tokenizers", "llm-jp", "ver2.2_hf_fast.b4"));
        // Where two segmentations tie, as in runs of one character, the one's float32 and the other's float64 may choose differently.
        string[] sentences = [.. File.ReadAllText(FixtureFolder.PathOf("tokenizers", "sentencepiece", "wagahaiwa_nekodearu.txt")).Split('。', '\n').Where(l => l.Trim().Length > 0 && !Regex.IsMatch(l, @"(.)\1\1")).Take(4000)];
        Assert.Equal(4000, sentences.Length);
        Assert.All(sentences, sentence => Assert.Equal(json.Encode(sentence, addSpecialTokens: false), model.Encode(sentence)));
    }

    [Fact]
    public void The_best_pair_is_merged_first_and_an_unused_piece_falls_apart_again()
    {
        Tokenizer tokenizer = Load(Model(bpe: true, Piece("<unk>", 0, 2), Piece("▁", -9), Piece("a", -9), Piece("b", -9), Piece("c", -9), Piece("ab", -1, 5), Piece("abc", -2), Piece("bc", -3)));
        Assert.Equal(["▁", "abc", "a", "b", "x"], tokenizer.EncodeText("abcabx").Tokens);
        Assert.Equal([1, 6, 2, 3, 0], tokenizer.Encode("abcabx"));
        Assert.Equal("abcab ⁇ ", tokenizer.Decode([1, 6, 2, 3, 0]));
    }

    [Fact]
    public void The_best_path_wins_and_user_defined_pieces_always()
    {
        Tokenizer tokenizer = Load(Model(bpe: false, Piece("<unk>", 0, 2), Piece("▁", -2), Piece("a", -1), Piece("b", -1), Piece("ab", -1.5f), Piece("aba", -9, 4), Piece("</s>", 0, 3)));
        Assert.Equal(["▁", "ab", "b"], tokenizer.EncodeText("abb").Tokens);
        Assert.Equal(["▁", "aba", "b"], tokenizer.EncodeText("abab").Tokens);
        // What is spelt like a control piece is plain text.
        Assert.Equal([1, 0], tokenizer.Encode("</s>"));
        Assert.Equal("a", tokenizer.Decode([1, 2, 6]));
    }

    [Fact]
    public void What_is_broken_is_named()
    {
        Assert.Contains("no such file", Assert.Throws<InputException>(() => Tokenizer.LoadSentencePiece("/nowhere/x.model")).Message, StringComparison.Ordinal);
        Assert.Contains("cut short", Refusal(Model(bpe: false, Piece("<unk>", 0, 2))[..^1]), StringComparison.Ordinal);
        Assert.Contains("0 pieces stand for the unknown", Refusal([]), StringComparison.Ordinal);
        Assert.Contains("'a' is defined 2 times", Refusal(Model(bpe: false, Piece("<unk>", 0, 2), Piece("a", 0), Piece("a", -1))), StringComparison.Ordinal);
        Assert.Contains("piece 1 is empty", Refusal(Model(bpe: false, Piece("<unk>", 0, 2), Piece("", 0))), StringComparison.Ordinal);
        Assert.Contains("1 byte pieces; 0 are required", Refusal(Model(bpe: false, Piece("<unk>", 0, 2), Piece("<0x00>", 0, 6))), StringComparison.Ordinal);
        Assert.Contains("of kind word (3); unigram or bpe is required", Refusal([.. Model(bpe: false, Piece("<unk>", 0, 2)), .. Field(2, [3 << 3, 3])]), StringComparison.Ordinal);
        Assert.Contains("do not hold the trie", Refusal([.. Model(bpe: false, Piece("<unk>", 0, 2)), .. Field(3, Field(2, [255, 0, 0, 0, 1]))]), StringComparison.Ordinal);
    }

    [Fact]
    public void Ids_that_the_class_renumbers_are_refused()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        File.WriteAllBytes(Path.Combine(folder, "sentencepiece.bpe.model"), Model(bpe: false, Piece("<unk>", 0, 2)));
        File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"), """{"tokenizer_class": "XLMRobertaTokenizer"}""");
        Assert.Contains("XLMRobertaTokenizer numbers the pieces otherwise", Assert.Throws<InputException>(() => Tokenizer.Load(folder)).Message, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void The_configuration_says_what_is_put_around_and_what_is_added()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        File.WriteAllBytes(Path.Combine(folder, "tokenizer.model"), Model(bpe: false, Piece("<unk>", 0, 2), Piece("<s>", 0, 3), Piece("▁a", -1)));
        File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"),
            """{"tokenizer_class": "LlamaTokenizer", "bos_token": "<s>", "added_tokens_decoder": {"1": {"content": "<s>", "special": true}, "7": {"content": "<end>", "special": true}}}""");
        Assert.Equal([1, 2, 7], Tokenizer.Load(folder).Encode("a<end>"));
        Directory.Delete(folder, recursive: true);
    }

    private static string Refusal(byte[] model) => Assert.Throws<InputException>(() => Load(model)).Message;

    private static Tokenizer Load(byte[] model)
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".model");
        File.WriteAllBytes(file, model);
        try
        {
            return Tokenizer.LoadSentencePiece(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    // sentencepiece_model.proto: pieces are field 1, the trainer's specification is field 2 with the kind of model as its field 3.
    private static byte[] Model(bool bpe, params byte[][] pieces) => [.. pieces.SelectMany(p => Field(1, p)), .. Field(2, [3 << 3, (byte)(bpe ? 2 : 1)])];

    private static byte[] Piece(string text, float score, byte kind = 1) =>
        [.. Field(1, Encoding.UTF8.GetBytes(text)), (2 << 3) | 5, .. BitConverter.GetBytes(score), 3 << 3, kind];

    private static byte[] Field(int number, byte[] content) => [(byte)((number << 3) | 2), (byte)content.Length, .. content];
}
