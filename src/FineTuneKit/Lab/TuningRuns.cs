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
    private const int EvaluationsACheckpoint = 4;

    /// <summary>Trains and tests, or gives the outcome of a run that has been finished before.</summary>
    public RunOutcome Run(TuningMethod method, double rate, long seed)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{(method == TuningMethod.Lora ? "lora" : "full")}-{rate:0.#e-0}-seed{seed}");
        string folder = Path.Combine(options.Out, Folder, name);
        progress.Begin(name);
        SavedRun? saved = Finished(folder);
        saved ??= Train(method, rate, seed, name, folder);
        seconds[name] = saved.Seconds;
        RunOutcome outcome = saved.Outcome;
        progress.End(string.Create(CultureInfo.InvariantCulture,
            $"validation loss {outcome.ValidationLoss:0.000} at step {outcome.BestStep}; tickets {outcome.Tickets.AllFields.Value:0%}, JSON {outcome.Tickets.ValidJson.Value:0%}, general {outcome.General:0%}"));
        return outcome;
    }

    private SavedRun Train(TuningMethod method, double rate, long seed, string name, string folder)
    {
        using ChatModel model = ChatModel.Load(options.Base);
        LoraModel? lora = method == TuningMethod.Lora
            ? LoraModel.Attach(model.Decoder, new LoraOptions { Rank = options.Rank, Alpha = options.Alpha }, seed) : null;
        var trainingOptions = Options(rate, seed);
        IReadOnlyList<TrainingExample> rows = [.. split.Train.Take(options.TrainRows ?? split.Train.Count).Select(row => TrainingRows.Of(row, model.Template))];
        int evaluateEvery = Math.Max(1, rows.Count / options.BatchRows / 2);
        var clock = Stopwatch.StartNew();
        TrainingResult result = Trainer.Run(new TrainingRun
        {
            Model = lora is null ? new WholeModel(model.Decoder) : lora,
            Objective = new SupervisedObjective(model.Decoder, endIds: [.. model.Template.StopIds]),
            Examples = new ExampleList(rows, trainingOptions),
            Validation = [.. split.Validation.Select(row => TrainingRows.Of(row, model.Template))],
            Options = trainingOptions with { EvaluateEvery = evaluateEvery, CheckpointEvery = EvaluationsACheckpoint * evaluateEvery },
            Folder = folder,
            Resume = Directory.Exists(Path.Combine(folder, CheckpointsFolder)),
            BaseSha256 = model.Sha256,
            Progress = new StepRelay(progress),
        }, cancel);
        if (result.Reason == StopReason.Interrupted)
            throw new OperationCanceledException($"Stopped in {name} after step {result.Steps}; the same command with --resume goes on from there");
        double trained = clock.Elapsed.TotalSeconds;
        var saved = new SavedRun(Outcome(method, rate, seed, name, model, result), trained);
        if (lora is not null) PeftFolder.Save(Path.Combine(folder, "adapter"), lora, Path.GetFileName(options.Base), model.Sha256);
        AtomicFile.WriteJson(Path.Combine(folder, OutcomeFile), saved);
        Directory.Delete(Path.Combine(folder, CheckpointsFolder), recursive: true);
        return saved;
    }

    private TrainingOptions Options(double rate, long seed) => new()
    {
        Optimizer = options.Optimizer,
        LearningRate = rate,
        Schedule = "cosine",
        Warmup = 0.05,
        Epochs = options.Epochs,
        BatchRows = options.BatchRows,
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

    private static SavedRun? Finished(string folder)
    {
        string file = Path.Combine(folder, OutcomeFile);
        return File.Exists(file) ? JsonSerializer.Deserialize<SavedRun>(File.ReadAllText(file), AtomicFile.JsonOptions) : null;
    }

    private sealed record SavedRun(RunOutcome Outcome, double Seconds);
}
