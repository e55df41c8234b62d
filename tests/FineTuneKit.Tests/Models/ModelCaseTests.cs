using System.Text.Json;
using FineTuneKit.Fixtures;
using FineTuneKit.Models;
using Xunit;

namespace FineTuneKit.Tests.Models;

/// <summary>Every model case of the fixtures: what transformers computed with the same weights.</summary>
[Trait("Category", "Fixtures")]
public sealed class ModelCaseTests
{
    public static TheoryData<string> Cases() => ModelCase.Names("lm", "classify");

    public static TheoryData<string> Writers() => ModelCase.Names("lm");

    [Theory, MemberData(nameof(Cases))]
    public void LogitsLossAndEveryGradient(string name)
    {
        using ModelCase test = ModelCase.Open(name);
        using DisposeScope scope = NewDisposeScope();
        CaseBatch batch = test.Batches[0];
        Tensor logits = test.Model.forward(batch.Ids, batch.Layout);
        TensorAssert.Close(test.Compared(test.Expected.Read("logits")), test.Compared(logits), test.Tolerance("logits"), "logits");
        Tensor loss = test.Loss(batch, logits);
        Assert.Equal(test.Json.GetProperty("loss").GetSingle(), loss.item<float>(), test.Tolerance("loss"));
        loss.backward();
        CheckGradients(test);
    }

    [Theory, MemberData(nameof(Writers))]
    public void TheLossWithoutUntrainedLogitsIsTheSame(string name)
    {
        using ModelCase test = ModelCase.Open(name);
        using DisposeScope scope = NewDisposeScope();
        CaseBatch batch = test.Batches[0];
        Tensor loss = ModelCase.Mean(LanguageModelLoss.Evaluate(test.Model, batch.Ids, batch.Labels, batch.Layout));
        Assert.Equal(test.Json.GetProperty("loss").GetSingle(), loss.item<float>(), test.Tolerance("loss"));
        loss.backward();
        CheckGradients(test);
    }

    [Theory, MemberData(nameof(Cases))]
    public void TwentyTrainingSteps(string name)
    {
        using ModelCase test = ModelCase.Open(name);
        TrainingLog.Follow(test.Json.GetProperty("train"), test.Model, step =>
        {
            CaseBatch batch = test.Batches[step % test.Batches.Length];
            return test.Loss(batch, test.Model.forward(batch.Ids, batch.Layout));
        });
        using (NewDisposeScope())
        using (no_grad())
        {
            Tensor after = test.Model.forward(test.Batches[0].Ids, test.Batches[0].Layout);
            TensorAssert.Close(test.Compared(test.Expected.Read("logits_after_training")), test.Compared(after), 5e-4, "logits after training");
        }
    }

    [Theory, MemberData(nameof(Writers))]
    public void Generates(string name)
    {
        using ModelCase test = ModelCase.Open(name);
        JsonElement generate = test.Json.GetProperty("generate");
        int[][] prompts = Rows(generate.GetProperty("prompts"));
        var greedy = new GenerationOptions
        {
            MaxNewTokens = generate.GetProperty("max_new_tokens").GetInt32(),
            StopIds = test.Model.Config.EosIds,
        };
        foreach (JsonProperty way in generate.EnumerateObject())
        {
            if (way.Name is "prompts" or "max_new_tokens") continue;
            string[] parts = way.Name.Split('_');
            GenerationOptions options = way.Name switch
            {
                "greedy" or "greedy_unpadded" => greedy,
                _ when way.Name.StartsWith("repetition_penalty_", StringComparison.Ordinal) => greedy with { RepetitionPenalty = double.Parse(parts[^1]) },
                _ when way.Name.StartsWith("no_repeat_ngram_", StringComparison.Ordinal) => greedy with { NoRepeatNGram = int.Parse(parts[^1]) },
                _ when way.Name.StartsWith("beams_", StringComparison.Ordinal) => greedy with { Beams = int.Parse(parts[^1]) },
                _ => throw new InvalidOperationException($"{name}: unknown way to generate: {way.Name}"),
            };
            int[][] expected = Rows(way.Value);
            Check(expected, Generation.Generate(test.Model, prompts, options), options, $"{name} {way.Name}");
            for (int i = 0; i < prompts.Length; i++)
                Check([expected[i]], Generation.Generate(test.Model, [prompts[i]], options), options, $"{name} {way.Name}, row {i} alone");
        }
    }

    private static void Check(int[][] expected, Continuation[] actual, GenerationOptions options, string what)
    {
        for (int row = 0; row < expected.Length; row++)
        {
            // Behind its end a row is padded until the longest one ends.
            int stop = Array.FindIndex(expected[row], id => options.StopIds.Contains(id));
            int[] wanted = stop < 0 ? expected[row] : expected[row][..stop];
            Assert.True(wanted.AsSpan().SequenceEqual(actual[row].Ids), $"{what}: row {row} is {string.Join(' ', actual[row].Ids)}, expected {string.Join(' ', wanted)}");
            Assert.Equal(stop < 0 ? null : expected[row][stop], actual[row].StopId);
        }
    }

    private static void CheckGradients(ModelCase test)
    {
        var parameters = test.Model.named_parameters().ToDictionary(item => item.name, item => item.parameter, StringComparer.Ordinal);
        string[] expected = [.. test.Expected.Entries.Select(entry => entry.Name).Where(entry => entry.StartsWith("grad.", StringComparison.Ordinal))];
        // transformers 5 calls GPT-NeoX's head lm_head in memory and embed_out in the file.
        string NameOf(string entry) => entry == "grad.lm_head.weight" && parameters.ContainsKey("embed_out.weight") ? "embed_out.weight" : entry["grad.".Length..];
        Assert.Equal(parameters.Keys.Order(StringComparer.Ordinal), expected.Select(NameOf).Order(StringComparer.Ordinal));
        foreach (string entry in expected)
        {
            using Tensor wanted = test.Expected.Read(entry);
            Tensor? found = parameters[NameOf(entry)].grad;
            Assert.NotNull(found);
            TensorAssert.Close(wanted, found, test.Tolerance("grad"), entry);
        }
    }

    internal static int[][] Rows(JsonElement json) =>
        [.. json.EnumerateArray().Select(row => row.EnumerateArray().Select(value => value.GetInt32()).ToArray())];
}
