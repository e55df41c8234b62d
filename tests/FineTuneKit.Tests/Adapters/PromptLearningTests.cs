using FineTuneKit.Adapters;
using FineTuneKit.Models;
using FineTuneKit.Tests.Models;
using FineTuneKit.Tests.Training;
using FineTuneKit.Training;
using Xunit;

namespace FineTuneKit.Tests.Adapters;

public sealed class PromptLearningTests : IDisposable
{
    private static readonly DecoderConfig Gpt2 = TinyModel.Config with
    {
        ModelType = "gpt2",
        KeyHeads = 4,
        RotaryShare = 0,
        Activation = "gelu",
        AttentionBias = true,
        OutputBias = true,
        MlpBias = true,
    };

    private static readonly Dictionary<string, DecoderConfig> Models = new(StringComparer.Ordinal)
    {
        ["llama"] = TinyModel.Config,
        ["gpt2"] = Gpt2,
        ["gpt_neox"] = Gpt2 with { ModelType = "gpt_neox", RotaryShare = 1 },
        ["mistral with a window"] = TinyModel.Config with { ModelType = "mistral", Window = 6 },
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("ftk-prompt").FullName;

    public static TheoryData<string, bool> Families
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (string family in Models.Keys) foreach (bool prefix in new[] { false, true }) data.Add(family, prefix);
            return data;
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // A cache and unequal neighbours change nothing: each answer is what whole forward passes give, one token after another.
    [Theory, MemberData(nameof(Families))]
    public void Generation_from_a_cache_equals_whole_passes(string family, bool prefix)
    {
        using Decoder model = TinyModel.Make(Models[family]);
        PromptLearning.Attach(model, Options(prefix), seed: 5);
        int[][] prompts = TinyModel.Prompts(5);
        Continuation[] answers = Generation.Generate(model, prompts, new GenerationOptions { MaxNewTokens = 6, BatchRows = 3 });
        for (int i = 0; i < prompts.Length; i++)
        {
            List<long> ids = [.. prompts[i].Select(id => (long)id)];
            foreach (int answer in answers[i].Ids)
            {
                using DisposeScope scope = NewDisposeScope();
                using (no_grad()) Assert.Equal(answer, model.forward(tensor(ids.ToArray(), [1, ids.Count])).select(1, ids.Count - 1).argmax(-1).item<long>());
                ids.Add(answer);
            }
        }
    }

    [Theory, MemberData(nameof(Families))]
    public void Padding_and_checkpointing_change_nothing(string family, bool prefix)
    {
        using Decoder model = TinyModel.Make(Models[family]);
        PromptLearning learnt = PromptLearning.Attach(model, Options(prefix), seed: 5);
        TrainingExample[] rows = [.. TinyModel.Prompts(4).Select((ids, i) => new TrainingExample([.. ids, 3, 4], [.. ids.Select(_ => false), true, true], $"row {i}"))];
        var objective = new SupervisedObjective(model);
        double apart = rows.Sum(row => (double)objective.Evaluate([row]).LossSum.item<float>());
        Assert.Equal(apart, objective.Evaluate(rows).LossSum.item<float>(), 1e-3);

        float[] Gradient(bool checkpointing)
        {
            model.GradientCheckpointing = checkpointing;
            learnt.Parameters[0].Value.grad = null;
            objective.Evaluate(rows).LossSum.backward();
            return learnt.Parameters[0].Value.grad!.data<float>().ToArray();
        }
        float[] plain = Gradient(false);
        Assert.Contains(plain, value => value != 0);
        Assert.Equal(plain, Gradient(true));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_one_loop_trains_and_a_folder_gives_the_same_outputs_back(bool projection)
    {
        using Decoder model = TinyRun.Model(), again = TinyRun.Model();
        PromptLearningOptions options = projection ? new PrefixTuningOptions { VirtualTokens = 3, Projection = true, EncoderHiddenSize = 5 } : new PromptTuningOptions { VirtualTokens = 3 };
        PromptLearning learnt = PromptLearning.Attach(model, options, seed: 5);
        TrainingResult result = Trainer.Run(TinyRun.Run(learnt, model, TinyRun.Options with { Epochs = 40, LearningRate = 3e-2 }));
        // Batches differ in what they ask: the first steps against the last ones.
        Assert.True(result.History.TakeLast(12).Average(step => step.Loss) < result.History.Take(12).Average(step => step.Loss));
        PromptLearningFolder.Save(_folder, learnt, baseSha256: "a");
        Assert.True(PromptLearningFolder.IsOne(_folder));
        PromptLearningFolder.Load(_folder, again, "a");
        Tensor ids = tensor(new long[] { 1, 5, 7, 2 }, [1, 4]);
        using (no_grad()) TensorAssert.Close(model.forward(ids), again.forward(ids), 1e-6, "logits");
        learnt.Detach();
        Assert.Null(model.Virtual);
        Assert.All(model.parameters(), parameter => Assert.True(parameter.requires_grad));
    }

    [Fact]
    public void A_text_and_the_vocabulary_are_starts()
    {
        using Decoder model = TinyModel.Make();
        Tensor table = model.Embeddings().First().Value.weight;
        PromptLearning learnt = PromptLearning.Attach(model, new PromptTuningOptions { VirtualTokens = 5, Initialization = PromptInitialization.Text, InitialText = "x" }, seed: 1, _ => [7, 9]);
        float[] rows = learnt.Tokens.Embeddings()!.data<float>().ToArray();
        float[] expected = [.. new[] { 7, 9, 7, 9, 7 }.SelectMany(id => table[id].detach().data<float>().ToArray())];
        Assert.Equal(expected, rows);
        // What only the file holds comes back from it and is written again.
        Assert.Contains("name the base", Assert.Throws<InputException>(() => PromptLearningFolder.Save(_folder, learnt)).Message);
        PromptLearningFolder.Save(_folder, learnt, "owner/base");
        string config = Path.Combine(_folder, PeftFolder.ConfigName), first = File.ReadAllText(config).Replace("\"tokenizer_kwargs\": null", "\"tokenizer_kwargs\": {\n    \"use_fast\": true\n  }");
        File.WriteAllText(config, first);
        learnt.Detach();
        PromptLearning again = PromptLearningFolder.Load(_folder, model);
        PromptLearningFolder.Save(_folder, again, "owner/base");
        Assert.Equal(first, File.ReadAllText(config));
        File.WriteAllText(config, first.Replace("\"num_layers\": 2", "\"num_layers\": 3"));
        again.Detach();
        Assert.Contains("num_layers is 3; this base requires 2", Assert.Throws<InputException>(() => PromptLearningFolder.Load(_folder, model)).Message);

        PromptLearning sampled = PromptLearning.Attach(model, new PromptTuningOptions { VirtualTokens = 5, Initialization = PromptInitialization.SampleVocabulary }, seed: 1);
        HashSet<string> vocabulary = [.. Enumerable.Range(0, 40).Select(id => string.Join(' ', table[id].detach().data<float>().ToArray()))];
        Assert.All(Enumerable.Range(0, 5), i => Assert.Contains(string.Join(' ', sampled.Tokens.Embeddings()![i].detach().data<float>().ToArray()), vocabulary));
    }

    [Fact]
    public void What_cannot_be_is_refused()
    {
        using Decoder model = TinyModel.Make();
        Assert.Contains("1 or more", Assert.Throws<InputException>(() => PromptLearning.Attach(model, new PromptTuningOptions { VirtualTokens = 0 }, 1)).Message);
        Assert.Contains("leave no place", Assert.Throws<InputException>(() => PromptLearning.Attach(model, new PrefixTuningOptions { VirtualTokens = 64 }, 1)).Message);
        Assert.Contains("but none is given", Assert.Throws<InputException>(() => PromptLearning.Attach(model, new PromptTuningOptions { Initialization = PromptInitialization.Text }, 1)).Message);
        PromptLearning learnt = PromptLearning.Attach(model, new PromptTuningOptions { VirtualTokens = 4 }, 1);
        using (TokenLayout packed = TokenLayout.Packed([[2, 3]], 5))
            Assert.Contains("packed", Assert.Throws<InputException>(() => model.forward(tensor(new long[] { 1, 2, 3, 4, 5 }, [1, 5]), packed)).Message);
        Assert.Equal(60, model.ContextLength);
        PromptLearningFolder.Save(_folder, learnt, baseSha256: "a");
        learnt.Detach();
        Assert.Contains("SHA-256 a", Assert.Throws<InputException>(() => PromptLearningFolder.Load(_folder, model, "b")).Message);
        Assert.Contains("virtual tokens, which are no adapters", Assert.Throws<InputException>(() => PeftFolder.Load(_folder, model)).Message);
        string config = Path.Combine(_folder, PeftFolder.ConfigName);
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"num_virtual_tokens\": 4", "\"num_virtual_tokens\": 3"));
        Assert.Contains("prompt_embeddings", Assert.Throws<InputException>(() => PromptLearningFolder.Load(_folder, model)).Message);
        Assert.Null(model.Virtual);
    }

    private static PromptLearningOptions Options(bool prefix) => prefix ? new PrefixTuningOptions { VirtualTokens = 4 } : new PromptTuningOptions { VirtualTokens = 4 };
}
