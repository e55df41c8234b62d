using System.Globalization;
using FineTuneKit.Evaluation;
using FineTuneKit.Evaluation.Significance;
using FineTuneKit.Lab.Skills;
using FineTuneKit.Models;
using FineTuneKit.Records;
using FineTuneKit.Text;
using FineTuneKit.Training;

namespace FineTuneKit.Lab;

/// <summary>
/// Makes mini-base from nothing: trains the tokeniser on the world's text, then the decoder, then asks it the held-out
/// questions of every skill. What it writes is a Hugging Face folder with a README of what was measured.
/// </summary>
public static class Pretraining
{
    /// <summary>Runs or resumes; the folder gets the model, and below it the checkpoints of the run.</summary>
    /// <param name="options">How.</param>
    /// <param name="folder">Where the model goes.</param>
    /// <param name="resume">Whether to go on from the last checkpoint.</param>
    /// <param name="progress">Told what happens.</param>
    /// <param name="cancel">Ends the run after the step in hand, with a checkpoint.</param>
    /// <exception cref="OperationCanceledException">Interrupted; the message says how to go on.</exception>
    public static PretrainingRecord Run(PretrainingOptions options, string folder, bool resume, IRunProgress progress, CancellationToken cancel)
    {
        var corpus = new SkillCorpus(options.Seed);
        Tokenizer tokenizer = MakeTokenizer(options, corpus, folder, resume, progress);
        ChatTemplate template = ChatTemplate.ForKit(tokenizer);
        template.Save(folder);

        using var decoder = new Decoder(Config(options, tokenizer));
        decoder.Initialize(options.Seed);
        TrainingResult[] stages = [.. Stages(options).Select(stage => Train(stage, decoder, new PackedConversations(corpus, tokenizer, template, options), folder, resume, progress, cancel))];
        ModelFolder.Save(folder, decoder, ScalarType.BFloat16);
        return Measure(options, folder, stages, progress, cancel);
    }

    private static Tokenizer MakeTokenizer(PretrainingOptions options, SkillCorpus corpus, string folder, bool resume, IRunProgress progress)
    {
        if (resume && File.Exists(Path.Combine(folder, "tokenizer.json"))) return Tokenizer.Load(folder);
        progress.Begin("tokeniser");
        IEnumerable<string> texts = corpus.From(0, Mixture.Opening).Take(options.TokenizerConversations).SelectMany(item => item.Conversation.Select(m => m.Content));
        Tokenizer tokenizer = BpeTrainer.Train(texts, new BpeTrainerOptions { VocabularySize = options.VocabularySize });
        Directory.CreateDirectory(folder);
        tokenizer.Save(folder);
        progress.End($"{tokenizer.VocabularySize} entries");
        return tokenizer;
    }

    private static DecoderConfig Config(PretrainingOptions options, Tokenizer tokenizer) => new()
    {
        VocabularySize = tokenizer.VocabularySize,
        HiddenSize = options.HiddenSize,
        IntermediateSize = options.IntermediateSize,
        Layers = options.Layers,
        Heads = options.Heads,
        KeyHeads = options.KeyHeads,
        HeadDim = options.HiddenSize / options.Heads,
        ContextLength = options.ContextLength,
        TiedHead = true,
        EosIds = [tokenizer.TokenToId("<|end|>")!.Value],
        PadId = tokenizer.TokenToId("<|pad|>"),
    };

    // Each stage has a rate that falls to zero, and goes on with the rows after those of the stage before.
    private static IEnumerable<Stage> Stages(PretrainingOptions options)
    {
        yield return new Stage("pretraining", 0, options, new TrainingOptions
        {
            LearningRate = options.LearningRate,
            ScheduleDetails = new ScheduleOptions { DecaySteps = (int)(options.Steps * options.DecayShare), DecayShape = "linear" },
            Warmup = Math.Min(200, options.Steps / 10),
            MaxSteps = options.Steps,
        });
        if (options.BroadeningSteps > 0)
            yield return Further("broadening", options.Steps, options, options.BroadeningSteps, options.BroadeningRate);
        if (options.SharpeningSteps > 0)
            yield return Further("sharpening", options.Steps + options.BroadeningSteps, options, options.SharpeningSteps, options.SharpeningRate);
    }

    private static Stage Further(string name, int stepsBefore, PretrainingOptions options, int steps, double rate)
    {
        int warmup = Math.Min(50, steps / 10);
        return new Stage(name, stepsBefore, options, new TrainingOptions
        {
            LearningRate = rate,
            ScheduleDetails = new ScheduleOptions { DecaySteps = steps - warmup, DecayShape = "linear" },
            Warmup = warmup,
            MaxSteps = steps,
        });
    }

    private static TrainingResult Train(
        Stage stage, Decoder decoder, PackedConversations rows, string folder, bool resume, IRunProgress progress, CancellationToken cancel)
    {
        progress.Begin(stage.Name);
        PretrainingOptions options = stage.Pretraining;
        long firstRow = (long)stage.StepsBefore * options.RowsPerStep;
        string checkpoints = Path.Combine(folder, stage.Name);
        TrainingResult result = Trainer.Run(new TrainingRun
        {
            Model = new WholeModel(decoder),
            Objective = new SupervisedObjective(decoder),
            Examples = new ExampleStream(number => rows.Row(firstRow + number), $"{stage.Name}/{options}"),
            Options = stage.Training with
            {
                Optimizer = options.Optimizer,
                Schedule = "warmup_stable_decay",
                BatchRows = options.RowsPerStep,
                WeightDecay = 0.05,
                Beta2 = 0.98,
                Seed = options.Seed,
                CheckpointEvery = 250,
            },
            Folder = checkpoints,
            Resume = resume && Directory.Exists(checkpoints),
            Progress = new StepRelay(progress),
        }, cancel);
        if (result.Reason == StopReason.Interrupted)
            throw new OperationCanceledException($"Stopped after step {result.Steps} of {result.PlannedSteps} of {stage.Name}; --resume goes on from there");
        progress.End(string.Create(CultureInfo.InvariantCulture, $"{result.Tokens / 1e6:0.0} million tokens"));
        return result;
    }

    /// <summary>A part of pretraining with a schedule of its own.</summary>
    private sealed record Stage(string Name, int StepsBefore, PretrainingOptions Pretraining, TrainingOptions Training);

    private static PretrainingRecord Measure(PretrainingOptions options, string folder, TrainingResult[] stages, IRunProgress progress, CancellationToken cancel)
    {
        // Scored as shipped: the weights rounded to bfloat16.
        using ChatModel model = ChatModel.Load(folder);
        progress.Begin("held-out questions");
        IReadOnlyList<SkillItem> questions = SkillSuite.Build(options.QuestionsPerSkill, options.Seed, coreOnly: false);
        IReadOnlyList<SkillResult> scores = ForgettingTest.Sum(questions, ForgettingTest.Ask(model, questions, progress, cancel));
        var record = new PretrainingRecord
        {
            Options = options,
            Parameters = model.Decoder.ParameterCount,
            Tokens = stages.Sum(stage => stage.Tokens),
            Seconds = stages.Sum(stage => stage.Tokens / Quantiles.Of([.. stage.History.Select(s => s.TokensPerSecond)], 0.5)),
            FinalLoss = stages[^1].History.TakeLast(100).Average(s => s.Loss),
            Sha256 = ModelFolder.Sha256(folder),
            Machine = MachineDescription.Current(get_num_threads()),
            Skills = scores,
        };
        AtomicFile.WriteJson(Path.Combine(folder, "pretraining.json"), record);
        AtomicFile.WriteText(Path.Combine(folder, "README.md"), MiniBaseReadme.Write(record));
        progress.End(string.Create(CultureInfo.InvariantCulture, $"mean {scores.Where(s => s.Core).Average(s => s.Share.Value):0.00} over the core skills"));
        return record;
    }
}

/// <summary>What making mini-base took and gave.</summary>
public sealed record PretrainingRecord
{
    /// <summary>The options.</summary>
    public required PretrainingOptions Options { get; init; }

    /// <summary>Weights, the tied head counted once.</summary>
    public required long Parameters { get; init; }

    /// <summary>Tokens seen.</summary>
    public required long Tokens { get; init; }

    /// <summary>Seconds that all steps take at their median speed: of a run that was stopped and resumed, what it would have taken in one go.</summary>
    public required double Seconds { get; init; }

    /// <summary>The mean training loss of the last 100 steps, in nats a token.</summary>
    public required double FinalLoss { get; init; }

    /// <summary>SHA-256 of the weights file.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Where it was made.</summary>
    public required MachineDescription Machine { get; init; }

    /// <summary>Scores on held-out questions.</summary>
    public required IReadOnlyList<SkillResult> Skills { get; init; }
}
