using FineTuneKit.Models;
using Xunit;

namespace FineTuneKit.Tests.Models;

public sealed class GenerationTests
{
    public static TheoryData<string> Ways() => ["greedy", "sampled", "penalised", "no bigram twice"];

    [Theory, MemberData(nameof(Ways))]
    public void NoRowDependsOnItsNeighbours(string way)
    {
        GenerationOptions options = Options(way);
        using Decoder decoder = TinyModel.Make();
        int[][] prompts = TinyModel.Prompts(23);
        Continuation[] alone = Generation.Generate(decoder, prompts, options with { BatchRows = 1 });
        foreach (int rows in new[] { 2, 7, 64 })
        {
            Continuation[] together = Generation.Generate(decoder, prompts, options with { BatchRows = rows });
            for (int i = 0; i < prompts.Length; i++)
            {
                Assert.Equal(alone[i].Ids, together[i].Ids);
                Assert.Equal(alone[i].StopId, together[i].StopId);
            }
        }
        Assert.True(alone.Select(row => row.Ids.Length).Distinct().Count() > 3, "the rows should end at different lengths");
    }

    [Fact]
    public void TheCacheGivesWhatReadingEverythingAgainGives()
    {
        using Decoder decoder = TinyModel.Make();
        int[][] prompts = TinyModel.Prompts(5);
        Continuation[] cached = Generation.Generate(decoder, prompts, new GenerationOptions { MaxNewTokens = 15 });
        for (int row = 0; row < prompts.Length; row++)
        {
            var tokens = new List<int>(prompts[row]);
            for (int step = 0; step < 15; step++)
            {
                using DisposeScope scope = NewDisposeScope();
                using (no_grad())
                {
                    Tensor logits = decoder.forward(Generation.Batch([[.. tokens]], tokens.Count))[0][tokens.Count - 1];
                    tokens.Add((int)logits.argmax().item<long>());
                }
            }
            Assert.Equal(tokens.Skip(prompts[row].Length), cached[row].Ids);
        }
    }

    [Fact]
    public void SeedsDecideTheDraws()
    {
        using Decoder decoder = TinyModel.Make();
        int[][] prompts = TinyModel.Prompts(4);
        var options = new GenerationOptions { Sample = true, Seed = 7, MaxNewTokens = 20 };
        int[] first = [.. Generation.Generate(decoder, prompts, options).SelectMany(row => row.Ids)];
        Assert.Equal(first, Generation.Generate(decoder, prompts, options).SelectMany(row => row.Ids));
        Assert.NotEqual(first, Generation.Generate(decoder, prompts, options with { Seed = 8 }).SelectMany(row => row.Ids));
    }

    [Fact]
    public void DrawsFollowTheProbabilities()
    {
        float[] logits = [MathF.Log(0.5f), MathF.Log(0.3f), float.NegativeInfinity, MathF.Log(0.2f)];
        var counts = new int[4];
        var random = new NamedRandom("draws", 1);
        for (int i = 0; i < 20_000; i++) counts[TokenChoice.Draw(logits, random)]++;
        Assert.Equal(0, counts[2]);
        // Four standard errors of a share of 20,000 draws are at most 0.0142.
        Assert.InRange(counts[0] / 20_000.0, 0.4858, 0.5142);
        Assert.InRange(counts[1] / 20_000.0, 0.287, 0.313);
    }

    [Fact]
    public void TheLikeliestIsTheFirstOfEquals()
    {
        var random = new NamedRandom("likeliest", 1);
        for (int trial = 0; trial < 200; trial++)
        {
            float[] logits = [.. Enumerable.Range(0, random.Next(1, 70)).Select(_ => (float)random.Next(9))];
            Assert.Equal(Array.IndexOf(logits, logits.Max()), TokenChoice.Likeliest(logits));
        }
    }

    [Fact]
    public void StopTokensEndARowAndAreNotPartOfIt()
    {
        using Decoder decoder = TinyModel.Make();
        int[] prompt = [5, 6];
        int[] free = Generation.Generate(decoder, [prompt], new GenerationOptions { MaxNewTokens = 10 })[0].Ids;
        int stop = free[4];
        int at = Array.IndexOf(free, stop);
        Continuation row = Generation.Generate(decoder, [prompt], new GenerationOptions { MaxNewTokens = 10, StopIds = [stop] })[0];
        Assert.Equal(free[..at], row.Ids);
        Assert.Equal(stop, row.StopId);
        Continuation held = Generation.Generate(decoder, [prompt], new GenerationOptions { MaxNewTokens = 10, StopIds = [stop], MinNewTokens = 10 })[0];
        Assert.Equal(10, held.Ids.Length);
        Assert.DoesNotContain(stop, held.Ids);
    }

    [Fact]
    public void TokensArriveAsTheyCome()
    {
        using Decoder decoder = TinyModel.Make();
        int[][] prompts = TinyModel.Prompts(6);
        var seen = prompts.Select(_ => new List<int>()).ToArray();
        Continuation[] rows = Generation.Generate(decoder, prompts, new GenerationOptions { MaxNewTokens = 12 }, (row, token) => seen[row].Add(token));
        for (int i = 0; i < rows.Length; i++) Assert.Equal(rows[i].Ids, seen[i]);
    }

    [Fact]
    public void TheContextIsNotExceeded()
    {
        using Decoder decoder = TinyModel.Make();
        int[] prompt = [.. Enumerable.Repeat(3, 60)];
        Assert.Equal(4, Generation.Generate(decoder, [prompt], new GenerationOptions { MaxNewTokens = 10 })[0].Ids.Length);
        string message = Assert.Throws<InputException>(() => Generation.Generate(decoder, [[1], [.. Enumerable.Repeat(3, 64)]], new GenerationOptions())).Message;
        Assert.Contains("prompt 2 has 64 tokens; the model holds 64", message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => Generation.Generate(decoder, [[]], new GenerationOptions()));
        Assert.Throws<InputException>(() => Generation.Generate(decoder, [[40]], new GenerationOptions()));
        Assert.Throws<InputException>(() => Generation.Generate(decoder, [[1]], new GenerationOptions { Temperature = 0 }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void LogitsThatAreNoNumbersAreAnErrorAndNotTokenZero(int beams)
    {
        using Decoder decoder = TinyModel.Make();
        using (no_grad()) decoder.parameters().Last().mul_(float.NaN);
        var options = new GenerationOptions { MaxNewTokens = 3, Beams = beams };
        string message = Assert.Throws<InputException>(() => Generation.Generate(decoder, [[5, 6]], options)).Message;
        Assert.Contains("the logits after 2 tokens hold NaN", message, StringComparison.Ordinal);
        Assert.Equal(3, Generation.Generate(decoder, [[5, 6]], options with { ReplaceInvalid = true })[0].Ids.Length);
    }

    [Fact]
    public void WhatIsNotAllowedNeverComes()
    {
        using Decoder decoder = TinyModel.Make();
        int[][] prompts = TinyModel.Prompts(4);
        var options = new GenerationOptions { MaxNewTokens = 12, Sample = true, Allowed = tokens => tokens[^1] == 7 ? [8] : [7, 9], LastIds = [11] };
        foreach (Continuation row in Generation.Generate(decoder, prompts, options))
        {
            Assert.All(row.Ids[..^1], id => Assert.Contains(id, new[] { 7, 8, 9 }));
            Assert.All(row.Ids[..^2].Zip(row.Ids.Skip(1)), pair => Assert.Equal(pair.First == 7, pair.Second == 8));
            Assert.Equal(11, row.Ids[^1]);
        }
    }

    [Fact]
    public void OneBeamAmongManyIsNoWorseThanGreedy()
    {
        using Decoder decoder = TinyModel.Make();
        int[] prompt = [9, 2, 30];
        int[] greedy = Generation.Generate(decoder, [prompt], new GenerationOptions { MaxNewTokens = 8 })[0].Ids;
        int[] beams = Generation.Generate(decoder, [prompt], new GenerationOptions { MaxNewTokens = 8, Beams = 6 })[0].Ids;
        Assert.True(LogProbability(decoder, prompt, beams) >= LogProbability(decoder, prompt, greedy) - 1e-4);
    }

    private static double LogProbability(Decoder decoder, int[] prompt, int[] answer)
    {
        using DisposeScope scope = NewDisposeScope();
        int[] all = [.. prompt, .. answer];
        long[] labels = [.. all.Select((id, i) => i < prompt.Length ? LanguageModelLoss.Ignore : id)];
        using (no_grad())
            return -LanguageModelLoss.Evaluate(decoder, Generation.Batch([all], all.Length), labels, TokenLayout.Full(1, all.Length)).Sum.item<float>();
    }

    private static GenerationOptions Options(string way)
    {
        var greedy = new GenerationOptions { MaxNewTokens = 25, StopIds = [4, 11, 17, 23] };
        return way switch
        {
            "greedy" => greedy,
            "sampled" => greedy with { Sample = true, Temperature = 0.8, TopK = 20, TopP = 0.9, Seed = 5 },
            "penalised" => greedy with { RepetitionPenalty = 1.3 },
            _ => greedy with { NoRepeatNGram = 2 },
        };
    }
}
