using System.Globalization;
using FineTuneKit.Data;
using FineTuneKit.Evaluation;
using FineTuneKit.Records;

namespace FineTuneKit.Lab;

/// <summary>A point of a learning curve.</summary>
public sealed record CurvePoint(long Step, double Epoch, double Loss);

/// <summary>A model asked without any training: the base, with or without examples in the prompt.</summary>
public sealed record UntunedOutcome
{
    /// <summary>Examples in the prompt.</summary>
    public required int Examples { get; init; }

    /// <summary>Its answers on the test set.</summary>
    public required IReadOnlyList<TicketAnswer> Answers { get; init; }

    /// <summary>Its scores.</summary>
    public required TicketMetrics Tickets { get; init; }
}

/// <summary>One tuning run and what it gave. Times are kept apart (<see cref="MeasuredOn"/>).</summary>
public sealed record RunOutcome
{
    /// <summary>The run's folder below <c>runs/</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The method.</summary>
    public required TuningMethod Method { get; init; }

    /// <summary>The seed.</summary>
    public required long Seed { get; init; }

    /// <summary>The peak learning rate.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Weights trained.</summary>
    public required long TrainableParameters { get; init; }

    /// <summary>Optimizer steps done, of those planned.</summary>
    public required long Steps { get; init; }

    /// <summary>Optimizer steps planned.</summary>
    public required long PlannedSteps { get; init; }

    /// <summary>Whether early stopping ended it.</summary>
    public required bool StoppedEarly { get; init; }

    /// <summary>The step whose weights were kept: the lowest validation loss.</summary>
    public required long BestStep { get; init; }

    /// <summary>The lowest validation loss, in nats a token.</summary>
    public required double ValidationLoss { get; init; }

    /// <summary>The training loss, step by step.</summary>
    public required IReadOnlyList<CurvePoint> TrainingCurve { get; init; }

    /// <summary>The validation loss at each evaluation.</summary>
    public required IReadOnlyList<CurvePoint> ValidationCurve { get; init; }

    /// <summary>The answers on the test set.</summary>
    public required IReadOnlyList<TicketAnswer> Answers { get; init; }

    /// <summary>The scores on the test set.</summary>
    public required TicketMetrics Tickets { get; init; }

    /// <summary>The general skills after tuning.</summary>
    public required IReadOnlyList<SkillResult> Skills { get; init; }

    /// <summary>Right or wrong on each general question, in the order of the questions.</summary>
    public required IReadOnlyList<bool> SkillItems { get; init; }

    /// <summary>The share of core questions right.</summary>
    public double General => LabStatistics.GeneralShare(Skills);
}

/// <summary>A comparison of LoRA with full training on the same items.</summary>
public sealed record Comparison
{
    /// <summary>What is compared.</summary>
    public required string Measure { get; init; }

    /// <summary>LoRA's mean over seeds and items.</summary>
    public required double Lora { get; init; }

    /// <summary>Full training's mean.</summary>
    public required double Full { get; init; }

    /// <summary>LoRA minus full, with a bootstrap interval over items.</summary>
    public required Estimate Difference { get; init; }

    /// <summary>LoRA's standard deviation over seeds; null with one seed.</summary>
    public required double? LoraSpread { get; init; }

    /// <summary>Full training's standard deviation over seeds; null with one seed.</summary>
    public required double? FullSpread { get; init; }

    /// <summary>The p-value of Wilcoxon's signed-rank test over items, each averaged over seeds.</summary>
    public required double P { get; init; }

    /// <summary>The p-value corrected by Holm for all comparisons of the experiment.</summary>
    public required double AdjustedP { get; init; }

    /// <summary>In words.</summary>
    public required string Verdict { get; init; }

    /// <summary>The corrected p-value for readers: "= 0.026", or "&lt; 0.001" where three decimals would say nothing.</summary>
    public string AdjustedPText() => AdjustedP < 0.001 ? "< 0.001" : string.Create(CultureInfo.InvariantCulture, $"= {AdjustedP:0.000}");
}

/// <summary>The data of the experiment.</summary>
public sealed record LabData
{
    /// <summary>The file's name.</summary>
    public required string File { get; init; }

    /// <summary>SHA-256 of the rows.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Rows.</summary>
    public required int Rows { get; init; }

    /// <summary>The split: counts, strata, the closest pair across sides, the hash of the assignment.</summary>
    public required SplitProof Split { get; init; }

    /// <summary>What the audit found in the dirty copy, by rule.</summary>
    public required IReadOnlyDictionary<string, int> DirtyFindings { get; init; }
}

/// <summary>What depends on the machine and the moment; everything else in the record is equal when the lab runs again.</summary>
public sealed record MeasuredOn
{
    /// <summary>The machine.</summary>
    public required MachineDescription Machine { get; init; }

    /// <summary>When it ended, in UTC.</summary>
    public required DateTime Ended { get; init; }

    /// <summary>Seconds of the whole lab.</summary>
    public required double Seconds { get; init; }

    /// <summary>The largest resident size, in bytes.</summary>
    public required long PeakMemoryBytes { get; init; }

    /// <summary>Seconds of each run's training.</summary>
    public required IReadOnlyDictionary<string, double> TrainingSeconds { get; init; }
}

/// <summary>A short run that only shows what a learning rate does to the validation loss.</summary>
/// <param name="Name">Its folder's name.</param>
/// <param name="Method">The method.</param>
/// <param name="LearningRate">The rate.</param>
/// <param name="Rows">Training rows, seen once.</param>
/// <param name="Steps">Optimizer steps.</param>
/// <param name="ValidationLoss">At the end, in nats a token.</param>
public sealed record RateTrial(string Name, TuningMethod Method, double LearningRate, int Rows, long Steps, double ValidationLoss);

/// <summary>
/// The record of one lab, <c>record.json</c>: what ran, on what, with which result. Schema <c>finetunekit.lab/1</c>; names
/// are snake_case; losses are nats a token, shares are 0 to 1.
/// </summary>
public sealed record LabRecord
{
    /// <summary>The schema's name and version.</summary>
    public string Schema { get; init; } = "finetunekit.lab/1";

    /// <summary>Versions of the kit and of the schedule of its draws.</summary>
    public required string Version { get; init; }

    /// <summary>The options, paths reduced to their last part.</summary>
    public required LabOptions Options { get; init; }

    /// <summary>The data.</summary>
    public required LabData Data { get; init; }

    /// <summary>SHA-256 of the base's weights.</summary>
    public required string BaseSha256 { get; init; }

    /// <summary>Weights of the base.</summary>
    public required long BaseParameters { get; init; }

    /// <summary>SHA-256 of the chat template.</summary>
    public required string TemplateSha256 { get; init; }

    /// <summary>The base's general skills.</summary>
    public required IReadOnlyList<SkillResult> BaseSkills { get; init; }

    /// <summary>Right or wrong on each general question before tuning.</summary>
    public required IReadOnlyList<bool> BaseSkillItems { get; init; }

    /// <summary>The base on the task, without examples and with three.</summary>
    public required IReadOnlyList<UntunedOutcome> Untuned { get; init; }

    /// <summary>The short trials that chose the learning rates; empty where there was one rate each.</summary>
    public required IReadOnlyList<RateTrial> Search { get; init; }

    /// <summary>The runs that are compared: each method, each seed.</summary>
    public required IReadOnlyList<RunOutcome> Runs { get; init; }

    /// <summary>LoRA against full training.</summary>
    public required IReadOnlyList<Comparison> Comparisons { get; init; }

    /// <summary>The three sentences to take away.</summary>
    public required IReadOnlyList<string> TakeAways { get; init; }

    /// <summary>Machine, times and memory.</summary>
    public required MeasuredOn MeasuredOn { get; init; }
}
