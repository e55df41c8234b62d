using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FineTuneKit.Adapters;
using FineTuneKit.Data;
using FineTuneKit.Evaluation;
using FineTuneKit.Lab.Skills;
using FineTuneKit.Records;
using FineTuneKit.Training;

namespace FineTuneKit.Lab;

/// <summary>The tuning runs of a lab, each in a folder of its own with its metrics, its adapter and its outcome.</summary>
internal sealed class TuningRuns(
    LabOptions options, SplitResult split, IReadOnlyList<SkillItem> questions, IRunProgress progress, IDictionary<string, double> seconds, CancellationToken cancel)
{
    public const string Folder = "runs";
    private const string OutcomeFile = "run.json";
    private const string CheckpointsFolder = "checkpoints";

    // A run takes a minute: what a kill may cost is less than what writing after each evaluation would.
    private const int EvaluationsACheckpoint = 2;

    /// <summary>Trains and tests, or gives the outcome of a run that has been finished before.</summary>
    public RunOutcome Run(TuningMethod method, double rate, long seed)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{Name(method, rate)}-seed{seed}"), folder = Path.Combine(options.Out, Folder, name);
        progress.Begin(name);
        Saved<RunOutcome> saved = Finished<RunOutcome>(folder) ?? Train(method, rate, seed, name, folder);
        seconds[name] = saved.Seconds;
        RunOutcome outcome = saved.Outcome;
        progress.End(string.Create(CultureInfo.InvariantCulture,
            $"validation loss {outcome.ValidationLoss:0.000} at step {outcome.BestStep}; tickets {outcome.Tickets.AllFields.Value:0%}, JSON {outcome.Tickets.ValidJson.Value:0%}, general {outcome.General:0%}"));
        return outcome;
    }

    /// <summary>Tries a rate on the first rows for an epoch: its validation loss is all that is asked.</summary>
    public RateTrial Try(TuningMethod method, double rate, long seed)
    {
        string name = $"{Name(method, rate)}-trial", folder = Path.Combine(options.Out, Folder, name);
        progress.Begin(name);
        Saved<RateTrial> saved = Finished<RateTrial>(folder) ?? Trial(method, rate, seed, name, folder);
        seconds[name] = saved.Seconds;
        progress.End(string.Create(CultureInfo.InvariantCulture, $"validation loss {saved.Outcome.ValidationLoss:0.000} after {saved.Outcome.Steps} steps"));
        return saved.Outcome;
    }

    private static string Name(TuningMethod method, double rate) =>
        string.Create(CultureInfo.InvariantCulture, $"{(method == TuningMethod.Lora ? "lora" : "full")}-{rate:0.#e-0}");

    private Saved<RunOutcome> Train(TuningMethod method, double rate, long seed, string name, string folder)
    {
        using ChatModel model = ChatModel.Load(options.Base);
        AdaptedModel? lora = Attach(model, method, seed);
        var clock = Stopwatch.StartNew();
        TrainingResult result = Fit(model, lora, options.TrainRows ?? split.Train.Count, Options(options.Recipe(method), rate, seed), name, folder);
        double trained = clock.Elapsed.TotalSeconds;
        var saved = new Saved<RunOutcome>(Outcome(method, rate, seed, name, model, result), trained);
        if (lora is not null) PeftFolder.Save(Path.Combine(folder, "adapter"), lora, Path.GetFileName(options.Base), model.Sha256, model.Template);
        return Finish(folder, saved);
    }

    private Saved<RateTrial> Trial(TuningMethod method, double rate, long seed, string name, string folder)
    {
        using ChatModel model = ChatModel.Load(options.Base);
        AdaptedModel? lora = Attach(model, method, seed);
        var clock = Stopwatch.StartNew();
        int rows = Math.Min(options.TrialRows, options.TrainRows ?? split.Train.Count);
        TrainingResult result = Fit(model, lora, rows, Options(options.Recipe(method) with { Epochs = 1 }, rate, seed), name, folder);
        var trial = new RateTrial(name, method, rate, rows, result.Steps, result.BestValidationLoss!.Value);
        return Finish(folder, new Saved<RateTrial>(trial, clock.Elapsed.TotalSeconds));
    }

    private AdaptedModel? Attach(ChatModel model, TuningMethod method, long seed) => method == TuningMethod.Lora
        ? AdaptedModel.Attach(model.Decoder, new LoraOptions { Rank = options.Rank, Alpha = options.Alpha }, seed) : null;

    private TrainingResult Fit(ChatModel model, AdaptedModel? lora, int trainRows, TrainingOptions training, string name, string folder)
    {
        IReadOnlyList<TrainingExample> rows = [.. split.Train.Take(trainRows).Select(row => TrainingRows.Of(row, model.Template))];
        int epoch = Math.Max(1, (int)Math.Ceiling((double)rows.Count / training.BatchRows));
        TrainingResult result = Trainer.Run(new TrainingRun
        {
            Model = lora is null ? new WholeModel(model.Decoder) : lora,
            Objective = new SupervisedObjective(model.Decoder, endIds: [.. model.Template.StopIds]),
            Examples = new ExampleList(rows, training),
            Validation = [.. split.Validation.Select(row => TrainingRows.Of(row, model.Template))],
            Options = training with { EvaluateEvery = epoch, CheckpointEvery = EvaluationsACheckpoint * epoch },
            Folder = folder,
            Resume = Directory.Exists(Path.Combine(folder, CheckpointsFolder)),
            BaseSha256 = model.Sha256,
            Progress = new StepRelay(progress),
        }, cancel);
        if (result.Reason == StopReason.Interrupted)
            throw new OperationCanceledException($"Stopped in {name} after step {result.Steps}; the same command with --resume goes on from there");
        return result;
    }

    // The outcome is there before the checkpoints go.
    private static Saved<T> Finish<T>(string folder, Saved<T> outcome)
    {
        AtomicFile.WriteJson(Path.Combine(folder, OutcomeFile), outcome);
        Directory.Delete(Path.Combine(folder, CheckpointsFolder), recursive: true);
        return outcome;
    }

    private TrainingOptions Options(TuningRecipe recipe, double rate, long seed) => new()
    {
        Optimizer = options.Optimizer,
        MuonIterations = recipe.MuonIterations,
        Beta2 = options.Beta2,
        LearningRate = rate,
        Schedule = "cosine",
        Warmup = 0.05,
        Epochs = recipe.Epochs,
        BatchRows = recipe.BatchRows,
        GroupByLength = true,
        Patience = options.Patience,
        Seed = seed,
    };

    private RunOutcome Outcome(TuningMethod method, double rate, long seed, string name, ChatModel model, TrainingResult result)
    {
        TicketAnswer[] scored = TicketTest.Ask(model, split.Test, [], progress, cancel);
        IReadOnlyList<bool> items = ForgettingTest.Ask(model, questions, progress, cancel);
        return new RunOutcome
        {
            Name = name,
            Method = method,
            Seed = seed,
            LearningRate = rate,
            TrainableParameters = result.TrainableParameters,
            Steps = result.Steps,
            PlannedSteps = result.PlannedSteps,
            StoppedEarly = result.Reason == StopReason.EarlyStopped,
            BestStep = result.BestStep!.Value,
            ValidationLoss = result.BestValidationLoss!.Value,
            TrainingCurve = [.. result.History.Select(s => new CurvePoint(s.Step, s.Epoch, s.Loss))],
            ValidationCurve = [.. result.History.Where(s => s.ValidationLoss is not null).Select(s => new CurvePoint(s.Step, s.Epoch, s.ValidationLoss!.Value))],
            Answers = scored,
            Tickets = TicketMetrics.Of(scored, split.Test, options.SplitSeed),
            Skills = ForgettingTest.Sum(questions, items),
            SkillItems = items,
        };
    }

    private static Saved<T>? Finished<T>(string folder)
    {
        string file = Path.Combine(folder, OutcomeFile);
        return File.Exists(file) ? JsonSerializer.Deserialize<Saved<T>>(File.ReadAllText(file), AtomicFile.JsonOptions) : null;
    }

    private sealed record Saved<T>(T Outcome, double Seconds);
}
