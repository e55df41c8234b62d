using FineTuneKit.Text;
using Xunit;

namespace FineTuneKit.Tests.Text;

public class BpeTrainerTests
{
    private static readonly string[] Texts =
    [
        "The bicycle shop opens at 9:30. The bicycle is blue, the shop is small.",
        "自転車のお店は九時半に開きます。青い自転車です。",
        "{\"intent\": \"return\", \"order_id\": \"A-1024\"}\n{\"intent\": \"repair\", \"order_id\": null}",
    ];

    [Fact]
    public void Takes_the_most_frequent_pair_first()
    {
        Tokenizer tokenizer = BpeTrainer.Train(["hug hug hug pug pun bun hugs"], new() { VocabularySize = 5 + 256 + 3, MinFrequency = 1 });

        // ug 5 times; then "Ġh" and "hug" do not tie: h+ug 4, Ġ+h 3; Ġhug follows as Ġ+hug 3.
        Assert.Equal(["ug", "hug", "Ġhug"], [.. Enumerable.Range(261, 3).Select(tokenizer.IdToToken)]);
    }

    [Fact]
    public void Special_tokens_and_bytes_come_first()
    {
        Tokenizer tokenizer = BpeTrainer.Train(Texts, new() { VocabularySize = 300 });

        Assert.Equal(["<|pad|>", "<|end|>", "<|system|>", "<|user|>", "<|assistant|>"], [.. Enumerable.Range(0, 5).Select(tokenizer.IdToToken)]);
        Assert.Equal(300, tokenizer.VocabularySize);
        Assert.Equal((0, 1), (tokenizer.PadId!.Value, tokenizer.EndId!.Value));
    }

    [Fact]
    public void Same_texts_give_the_same_files_whatever_the_order()
    {
        string a = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), b = a + "-2";
        BpeTrainer.Train(Texts, new() { VocabularySize = 320 }).Save(a);
        BpeTrainer.Train(Texts.Reverse(), new() { VocabularySize = 320 }).Save(b);

        Assert.Equal(File.ReadAllBytes(Path.Combine(a, Tokenizer.FileName)), File.ReadAllBytes(Path.Combine(b, Tokenizer.FileName)));
        Tokenizer loaded = Tokenizer.Load(a);
        Assert.Equal(1, loaded.EndId);
        Assert.All(Texts, t => Assert.Equal(t, loaded.Decode(loaded.Encode(t))));
        Directory.Delete(a, recursive: true);
        Directory.Delete(b, recursive: true);
    }

    [Fact]
    public void Digits_stay_alone()
    {
        Tokenizer tokenizer = BpeTrainer.Train(Enumerable.Repeat("2024 2024", 50), new() { VocabularySize = 300 });

        Assert.Equal(["2", "0", "2", "4"], tokenizer.EncodeText("2024").Tokens);
    }

    [Fact]
    public void No_pair_rarer_than_the_minimum_is_merged()
    {
        Tokenizer tokenizer = BpeTrainer.Train(["abab ab xy"], new() { VocabularySize = 400, MinFrequency = 2 });

        Assert.Equal(262, tokenizer.VocabularySize);
        Assert.NotNull(tokenizer.TokenToId("ab"));
    }

    [Fact]
    public void Too_small_a_vocabulary_is_refused() =>
        Assert.Contains("261", Assert.Throws<InputException>(() => BpeTrainer.Train(Texts, new() { VocabularySize = 260 })).Message, StringComparison.Ordinal);

    [Fact]
    public void Merges_are_those_of_counting_afresh_each_time()
    {
        string[] words = RandomWords(400);
        Tokenizer tokenizer = BpeTrainer.Train([string.Join(' ', words)], new() { VocabularySize = 340 });

        // The plain algorithm, without the bookkeeping; all letters are single bytes.
        List<List<int>> symbols = [.. words.Select((w, i) => (i == 0 ? w : " " + w).Select(c => tokenizer.TokenToId(c == ' ' ? "Ġ" : c.ToString())!.Value).ToList())];
        for (int next = 261; next < 340; next++)
        {
            (int Left, int Right) best = symbols.SelectMany(w => w.Zip(w.Skip(1))).GroupBy(p => p)
                .OrderByDescending(g => g.Count()).ThenBy(g => g.Key).First().Key;
            Assert.Equal(tokenizer.IdToToken(best.Left) + tokenizer.IdToToken(best.Right), tokenizer.IdToToken(next));
            symbols.ForEach(w => MergePair(w, best, next));
        }
    }

    [Fact]
    public void A_large_text_is_trained_on_quickly()
    {
        Tokenizer tokenizer = BpeTrainer.Train([string.Join(' ', RandomWords(60_000))], new() { VocabularySize = 4096 });

        Assert.Equal(4096, tokenizer.VocabularySize);
    }

    private static string[] RandomWords(int count)
    {
        var random = new NamedRandom("words", 1);
        return [.. Enumerable.Range(0, count).Select(_ => string.Concat(Enumerable.Range(0, random.Next(2, 9)).Select(_ => (char)('a' + random.Next(8)))))];
    }

    private static void MergePair(List<int> word, (int Left, int Right) pair, int merged)
    {
        for (int i = 0; i + 1 < word.Count; i++)
        {
            if (word[i] != pair.Left || word[i + 1] != pair.Right) continue;
            word[i] = merged;
            word.RemoveAt(i + 1);
        }
    }
}
