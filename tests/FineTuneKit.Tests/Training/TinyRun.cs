using FineTuneKit.Adapters;
using FineTuneKit.Models;
using FineTuneKit.Training;

namespace FineTuneKit.Tests.Training;

/// <summary>A model of some thousand weights and rows that it can learn: for tests of the loop, not of the numbers.</summary>
internal static class TinyRun
{
    public static DecoderConfig Config { get; } = new()
    {
        VocabularySize = 20,
        HiddenSize = 16,
        IntermediateSize = 24,
        Layers = 2,
        Heads = 2,
        KeyHeads = 1,
        HeadDim = 8,
        ContextLength = 16,
        TiedHead = true,
    };

    public static TrainingOptions Options { get; } = new()
    {
        LearningRate = 5e-3,
        BatchRows = 2,
        AccumulationSteps = 2,
        Epochs = 3,
        Warmup = 2,
        EvaluateEvery = 3,
        CheckpointEvery = 1,
        Seed = 4,
    };

    public static Decoder Model()
    {
        var model = new Decoder(Config);
        model.Initialize(seed: 9);
        return model;
    }

    /// <summary>Adapters with dropout beside the model, or the model itself.</summary>
    public static ITrainable Trainable(Decoder model, bool lora) =>
        lora ? AdaptedModel.Attach(model, new LoraOptions { Rank = 2, Dropout = 0.2 }, seed: 3) : new WholeModel(model);

    /// <summary>Rows that repeat what they were given.</summary>
    public static List<TrainingExample> Rows(int count, string file = "rows.jsonl")
    {
        var random = new NamedRandom("tiny rows", count);
        var rows = new List<TrainingExample>();
        for (int i = 0; i < count; i++)
        {
            int length = random.Next(2, 6);
            int[] word = [.. Enumerable.Range(0, length).Select(_ => random.Next(3, 20))];
            rows.Add(new TrainingExample([1, .. word, 2, .. word, 0], [.. Enumerable.Repeat(false, length + 2), .. Enumerable.Repeat(true, length + 1)], $"{file}:{i + 1}"));
        }
        return rows;
    }

    public static TrainingRun Run(bool lora, TrainingOptions? options = null, string? folder = null, bool resume = false)
    {
        Decoder model = Model();
        return Run(Trainable(model, lora), model, options, folder, resume);
    }

    public static TrainingRun Run(ITrainable trainable, Decoder model, TrainingOptions? options = null, string? folder = null, bool resume = false) => new()
    {
        Model = trainable,
        Objective = new SupervisedObjective(model),
        Examples = new ExampleList(Rows(13), options ?? Options),
        Validation = Rows(5, "validation.jsonl"),
        Options = options ?? Options,
        Folder = folder,
        Resume = resume,
    };

    public static Dictionary<string, float[]> Weights(ITrainable trainable) =>
        trainable.Parameters.ToDictionary(p => p.Name, p => p.Value.detach().data<float>().ToArray());
}

/// <summary>Reports on the caller's thread.</summary>
internal sealed class InlineProgress(Action<TrainingProgress> report) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value) => report(value);
}
