using System.Text.Json.Serialization;

namespace FineTuneKit.Training;

/// <summary>Everything that <see cref="Trainer.Run"/> needs.</summary>
public sealed record TrainingRun
{
    /// <summary>The weights that are trained.</summary>
    public required ITrainable Model { get; init; }

    /// <summary>The loss.</summary>
    public required IObjective Objective { get; init; }

    /// <summary>The rows to learn from.</summary>
    public required IExampleSource Examples { get; init; }

    /// <summary>The rows by which the best weights and the stopping point are found; none means neither.</summary>
    public IReadOnlyList<TrainingExample> Validation { get; init; } = [];

    /// <summary>How to train.</summary>
    public required TrainingOptions Options { get; init; }

    /// <summary>Where <c>metrics.jsonl</c> and <c>checkpoints/</c> go; null writes nothing.</summary>
    public string? Folder { get; init; }

    /// <summary>Whether to go on from the last whole checkpoint in the folder; without one the run starts from the beginning.</summary>
    public bool Resume { get; init; }

    /// <summary>SHA-256 of the base's weights, where known: a run resumes only on the same base.</summary>
    public string? BaseSha256 { get; init; }

    /// <summary>Told after each step, on the training thread.</summary>
    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>Told what a person should know: a damaged checkpoint, where the run resumes.</summary>
    public Action<string>? Notice { get; init; }
}

/// <summary>What one optimizer step gave: a line of <c>metrics.jsonl</c>.</summary>
public sealed record StepMetrics
{
    /// <summary>The step, 1 being the first.</summary>
    public required long Step { get; init; }

    /// <summary>Passes over the data so far.</summary>
    public required double Epoch { get; init; }

    /// <summary>Mean loss of the step's target tokens, in nats a token.</summary>
    public required double Loss { get; init; }

    /// <summary>The learning rate that the step used.</summary>
    [JsonPropertyName("lr")]
    public required double LearningRate { get; init; }

    /// <summary>The norm of all gradients together, before clipping.</summary>
    public required double GradNorm { get; init; }

    /// <summary>Target tokens of the step.</summary>
    public required long TargetTokens { get; init; }

    /// <summary>Tokens read by the model so far, padding not counted.</summary>
    public required long Tokens { get; init; }

    /// <summary>Tokens a second in this step.</summary>
    public required double TokensPerSecond { get; init; }

    /// <summary>Mean loss on the validation rows after the step, in nats a token; null where none was due.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ValidationLoss { get; init; }
}

/// <summary>Where a run stands.</summary>
/// <param name="Metrics">The step that just ended.</param>
/// <param name="TotalSteps">Steps of the whole run.</param>
/// <param name="Remaining">Time left at the rate so far.</param>
public sealed record TrainingProgress(StepMetrics Metrics, long TotalSteps, TimeSpan Remaining);

/// <summary>Why a run ended.</summary>
public enum StopReason
{
    /// <summary>All steps were done.</summary>
    Finished,

    /// <summary>The validation loss had ceased to fall.</summary>
    EarlyStopped,

    /// <summary>It was cancelled; with a folder, a checkpoint is there to resume from.</summary>
    Interrupted,
}

/// <summary>What a run gave. The model holds the best weights where they are known and wanted, else the last.</summary>
public sealed record TrainingResult
{
    /// <summary>Why it ended.</summary>
    public required StopReason Reason { get; init; }

    /// <summary>Optimizer steps done.</summary>
    public required long Steps { get; init; }

    /// <summary>Optimizer steps that were planned.</summary>
    public required long PlannedSteps { get; init; }

    /// <summary>Passes over the data.</summary>
    public required double Epochs { get; init; }

    /// <summary>The step with the lowest validation loss; null without validation.</summary>
    public required long? BestStep { get; init; }

    /// <summary>The lowest validation loss, in nats a token; null without validation.</summary>
    public required double? BestValidationLoss { get; init; }

    /// <summary>Weights trained.</summary>
    public required long TrainableParameters { get; init; }

    /// <summary>Tokens read, padding not counted.</summary>
    public required long Tokens { get; init; }

    /// <summary>Time in this process, evaluations and checkpoints included.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Every step, also those before a resume.</summary>
    public required IReadOnlyList<StepMetrics> History { get; init; }
}
