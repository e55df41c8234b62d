using FineTuneKit.Records;
using FineTuneKit.Training;

namespace FineTuneKit.Planning;

/// <summary>What a run would take, found before it starts. Schema <c>finetunekit.plan/1</c>.</summary>
public sealed record TrainingPlan
{
    /// <summary>The schema's name and version.</summary>
    public string Schema { get; init; } = "finetunekit.plan/1";

    /// <summary>The kit's version.</summary>
    public required string Version { get; init; }

    /// <summary>The run's options, paths reduced to their last part.</summary>
    public required TuningJobOptions Options { get; init; }

    /// <summary>The training options that follow from them.</summary>
    public required TrainingOptions Training { get; init; }

    /// <summary>Rows to train, to choose and to test.</summary>
    public required IReadOnlyList<int> Rows { get; init; }

    /// <summary>Weights of the model.</summary>
    public required long Parameters { get; init; }

    /// <summary>Weights that are trained.</summary>
    public required long TrainableParameters { get; init; }

    /// <summary>Tokens of a pass over the training rows, padding not counted.</summary>
    public required long TokensPerEpoch { get; init; }

    /// <summary>The same with the padding of each batch, which is computed too.</summary>
    public required long PaddedTokensPerEpoch { get; init; }

    /// <summary>Optimizer steps of a pass.</summary>
    public required int StepsPerEpoch { get; init; }

    /// <summary>Optimizer steps at most; early stopping may end the run sooner.</summary>
    public required long Steps { get; init; }

    /// <summary>Memory.</summary>
    public required MemoryPlan Memory { get; init; }

    /// <summary>Time; null where the run does not fit, so that no step could be measured.</summary>
    public required TimePlan? Time { get; init; }

    /// <summary>Bytes of the model or the adapter that the run leaves.</summary>
    public required long ResultBytes { get; init; }

    /// <summary>Bytes of its checkpoints, of which as many are kept as lie in the folder at once.</summary>
    public required long CheckpointBytes { get; init; }

    /// <summary>What an hour of this machine costs, in any currency; null where not said.</summary>
    public double? PricePerHour { get; init; }

    /// <summary>What the whole run costs by that price, at most.</summary>
    public double? Cost => PricePerHour * Time?.TotalSeconds / 3600;

    /// <summary>The machine that was measured.</summary>
    public required MachineDescription Machine { get; init; }
}

/// <summary>Where a run's memory goes, in bytes.</summary>
public sealed record MemoryPlan
{
    /// <summary>The model's weights as they are kept, those in four bits and half precision counted so.</summary>
    public required long Weights { get; init; }

    /// <summary>Gradients of what is trained, float32.</summary>
    public required long Gradients { get; init; }

    /// <summary>The optimizer's state: two numbers a weight for AdamW, in float32 or bfloat16, one for a matrix of Muon's.</summary>
    public required long Optimizer { get; init; }

    /// <summary>The copy of the best weights that early stopping keeps.</summary>
    public required long BestWeights { get; init; }

    /// <summary>Measured: what else the engine held at the peak of the largest step, the values kept for the backward pass above all; null where nothing was measured.</summary>
    public required long? Activations { get; init; }

    /// <summary>The largest resident size of the process: measured over steps of all sizes, or the least it can be where the run does not fit.</summary>
    public required long Peak { get; init; }

    /// <summary>What the process may use.</summary>
    public required long Available { get; init; }

    /// <summary>Whether the run fits.</summary>
    public bool Fits => Peak <= Available;
}

/// <summary>How long a run takes on this machine, in seconds, by steps that were taken and thrown away.</summary>
public sealed record TimePlan
{
    /// <summary>Steps that were measured.</summary>
    public required int MeasuredSteps { get; init; }

    /// <summary>A step of the mean size.</summary>
    public required double Step { get; init; }

    /// <summary>All steps.</summary>
    public required double Training { get; init; }

    /// <summary>The passes over the validation rows, one after each epoch.</summary>
    public required double Validation { get; init; }

    /// <summary>The test rows' loss before and after, and the answers to them.</summary>
    public required double Test { get; init; }

    /// <summary>All of it: the most, for early stopping may end the run sooner.</summary>
    public double TotalSeconds => Training + Validation + Test;
}
