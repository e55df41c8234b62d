using System.Text.Json;
using FineTuneKit.Adapters;
using FineTuneKit.Fixtures;
using FineTuneKit.Models;
using FineTuneKit.Training;
using Xunit;

namespace FineTuneKit.Tests.Adapters;

/// <summary>Prompt and prefix tuning against PEFT: names, logits, gradients, 20 steps and files.</summary>
[Trait("Category", "Fixtures")]
public sealed class PromptLearningCaseTests
{
    public static TheoryData<string> Cases => FixtureFolder.Folders("adapters", "case.json", IsPromptLearning);

    internal static bool IsPromptLearning(JsonElement json) => json.GetProperty("method").GetString() is "PROMPT_TUNING" or "PREFIX_TUNING";

    [Theory, MemberData(nameof(Cases))]
    public void Starts_and_learns_as_the_reference(string name)
    {
        using AdapterCase one = AdapterCase.Open(name);
        var model = (Decoder)one.LoadBase();
        PromptLearning learnt = PromptLearningFolder.Load(one.Stage("initial"), model);
        Assert.Equal(one.Json.GetProperty("trainable").EnumerateArray().Select(e => e.GetString()!).Order(StringComparer.Ordinal), learnt.Parameters.Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.Equal(one.Json.GetProperty("trainable_parameters").GetInt64(), learnt.Parameters.Sum(p => p.Value.numel()));
        CompareStates(one, "logits_initial", learnt, 2e-5);
        AdapterCaseTests.CompareFirstGradients(one, learnt, model);
        foreach (NamedParameter parameter in learnt.Parameters) parameter.Value.grad = null;
        Assert.All(model.parameters(), parameter => Assert.Null(parameter.grad));
        AdapterCaseTests.CompareSteps(one, AdapterCaseTests.Train(one, learnt, model));
        CompareStates(one, "logits_trained", learnt, AdapterCaseTests.AfterTraining);

        string folder = Directory.CreateTempSubdirectory("ftk-prompt").FullName;
        try
        {
            PromptLearningFolder.Save(folder, learnt, "models/llama");
            AdapterCaseTests.CompareFolders(one.Stage("trained"), folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // PEFT gives logits for virtual tokens too where these are embeddings.
    private static void CompareStates(AdapterCase one, string expected, PromptLearning learnt, double tolerance)
    {
        TrainingExample[] rows = one.Batches()[0];
        int tokens = rows.Max(row => row.Ids.Length), before = learnt.Tokens.Embeddings() is null ? 0 : learnt.Tokens.Count;
        float[] got = AdapterCase.Values(one.FirstLogits(learnt.Decoder)), want = AdapterCase.Values(one.Expected.Read(expected));
        int vocabulary = learnt.Decoder.Config.VocabularySize;
        Assert.Equal(rows.Length * (before + tokens) * vocabulary, want.Length);
        for (int row = 0; row < rows.Length; row++)
            for (int t = 0; t < rows[row].Ids.Length; t++)
                for (int v = 0; v < vocabulary; v++)
                {
                    float expectedLogit = want[(row * (before + tokens) + before + t) * vocabulary + v], logit = got[(row * tokens + t) * vocabulary + v];
                    Assert.True(Math.Abs(expectedLogit - logit) <= tolerance, $"{expected} row {row}, token {t}, id {v}: {expectedLogit} expected, {logit} found");
                }
    }
}
