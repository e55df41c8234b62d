namespace FineTuneKit.Training;

/// <summary>
/// How a run trains. Each field gives its default, unit and range; <see cref="Validate"/> checks them before anything is
/// loaded, and the effective values are saved beside the result.
/// </summary>
public sealed record TrainingOptions
{
    /// <summary>The names of <see cref="Optimizer"/>.</summary>
    public const string AdamW = "adamw", Muon = "muon";

    /// <summary>The names of <see cref="OptimizerState"/>.</summary>
    public const string Float32 = "float32", BFloat16 = "bfloat16";

    /// <summary>Default <c>adamw</c>. The optimizer: <c>adamw</c>, or <c>muon</c> for the matrices between embedding and head, with AdamW for the others.</summary>
    public string Optimizer { get; init; } = AdamW;

    /// <summary>Default <c>float32</c>. How AdamW keeps its two moments: <c>bfloat16</c>, rounded at random, takes half the memory.</summary>
    public string OptimizerState { get; init; } = Float32;

    /// <summary>Default 1e-3. The full learning rate, above 0. Usual: 1e-4 to 3e-3 for LoRA, a tenth of it for full training.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Default <c>cosine</c>. The name of the schedule; see <see cref="ScheduleOptions.Name"/>.</summary>
    public string Schedule { get; init; } = "cosine";

    /// <summary>Default 0.03. Warm-up: below 1 a share of all steps, rounded up; else a number of steps. 0 or more.</summary>
    public double Warmup { get; init; } = 0.03;

    /// <summary>Default null. Further parameters of the schedule; its name, warm-up and total are taken from this record.</summary>
    public ScheduleOptions? ScheduleDetails { get; init; }

    /// <summary>Default 3. Passes over the data, 1 or more; ignored where <see cref="MaxSteps"/> is set.</summary>
    public int Epochs { get; init; } = 3;

    /// <summary>Default null. Optimizer steps, 1 or more; null means by epochs. Required for an endless source.</summary>
    public long? MaxSteps { get; init; }

    /// <summary>Default 8. Rows of one forward pass, 1 or more.</summary>
    public int BatchRows { get; init; } = 8;

    /// <summary>Default 1. Forward passes of one optimizer step, 1 or more: 8 × 1 and 2 × 4 rows train alike.</summary>
    public int AccumulationSteps { get; init; } = 1;

    /// <summary>Default 0.01. Decoupled weight decay (AdamW, arXiv 1711.05101), 0 or more; none on norms and biases.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>Default 0.9. Decay of the mean of gradients, in [0, 1).</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Default 0.999. Decay of the mean of squared gradients, in [0, 1).</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Default 1e-8. Added to the denominator of the update, above 0.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Default 0.95. Muon's decay of the mean of gradients, in [0, 1); used by it alone.</summary>
    public double MuonMomentum { get; init; } = 0.95;

    /// <summary>Default 5. Muon's iterations of Newton and Schulz a step, from 1: fewer cost less and bring only the larger singular values near 1.</summary>
    public int MuonIterations { get; init; } = 5;

    /// <summary>Default 1. The norm of all gradients together is clipped to this; 0 means no clipping.</summary>
    public double ClipNorm { get; init; } = 1;

    /// <summary>Default 1. LoRA+ (arXiv 2402.12354): the rate of B as a multiple of A's, above 0. Usual: 16.</summary>
    public double LoraPlusRatio { get; init; } = 1;

    /// <summary>Default null. Optimizer steps between evaluations, 1 or more; null means after each epoch (or only at the end, for an endless source).</summary>
    public long? EvaluateEvery { get; init; }

    /// <summary>Default null. Evaluations in a row without improvement that stop the run, 1 or more; null means no early stopping.</summary>
    public int? Patience { get; init; }

    /// <summary>Default 0. The least fall of the validation loss, in nats a token, that counts as an improvement; 0 or more.</summary>
    public double MinimumDelta { get; init; }

    /// <summary>Default true. Whether the run ends with the weights of the best evaluation; without validation, with the last.</summary>
    public bool KeepBest { get; init; } = true;

    /// <summary>Default null. Optimizer steps between checkpoints, 1 or more; null means after each evaluation. Without a folder there are none.</summary>
    public long? CheckpointEvery { get; init; }

    /// <summary>Default true. Whether each epoch has an order of its own, drawn from the seed; else the order of the data.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Default false. Whether rows of like length share a batch, which saves padding; the order stays a function of the seed.</summary>
    public bool GroupByLength { get; init; }

    /// <summary>Default 1. The seed of every random draw of the run: order, dropout.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Rows of one optimizer step.</summary>
    public int WindowRows => checked(BatchRows * AccumulationSteps);

    /// <summary>Checks each field against its range.</summary>
    /// <exception cref="InputException">A field out of range; the message names it, its value and its range.</exception>
    public void Validate()
    {
        Require(Optimizer is AdamW or Muon, nameof(Optimizer), Optimizer, $"{AdamW} or {Muon}");
        Require(OptimizerState is Float32 or BFloat16, nameof(OptimizerState), OptimizerState, $"{Float32} or {BFloat16}");
        Require(OptimizerState == Float32 || Optimizer == AdamW, nameof(OptimizerState), OptimizerState, $"{Float32} with {Muon}, which keeps one number a weight");
        Require(MuonIterations >= 1, nameof(MuonIterations), MuonIterations, "at least 1");
        Require(MuonMomentum is >= 0 and < 1, nameof(MuonMomentum), MuonMomentum, "in [0, 1)");
        Require(LearningRate > 0 && double.IsFinite(LearningRate), nameof(LearningRate), LearningRate, "above 0");
        Require(Warmup >= 0 && double.IsFinite(Warmup), nameof(Warmup), Warmup, "0 or more");
        Require(Epochs >= 1, nameof(Epochs), Epochs, "1 or more");
        Require(MaxSteps is null or >= 1, nameof(MaxSteps), MaxSteps, "1 or more");
        Require(BatchRows >= 1, nameof(BatchRows), BatchRows, "1 or more");
        Require(AccumulationSteps >= 1, nameof(AccumulationSteps), AccumulationSteps, "1 or more");
        Require(WeightDecay >= 0 && double.IsFinite(WeightDecay), nameof(WeightDecay), WeightDecay, "0 or more");
        Require(Beta1 is >= 0 and < 1, nameof(Beta1), Beta1, "in [0, 1)");
        Require(Beta2 is >= 0 and < 1, nameof(Beta2), Beta2, "in [0, 1)");
        Require(Epsilon > 0 && double.IsFinite(Epsilon), nameof(Epsilon), Epsilon, "above 0");
        Require(ClipNorm >= 0, nameof(ClipNorm), ClipNorm, "0 (off) or more");
        Require(LoraPlusRatio > 0 && double.IsFinite(LoraPlusRatio), nameof(LoraPlusRatio), LoraPlusRatio, "above 0");
        Require(Optimizer != Muon || LoraPlusRatio == 1, nameof(LoraPlusRatio), LoraPlusRatio, $"1 with {Muon}, whose updates have one size");
        Require(EvaluateEvery is null or >= 1, nameof(EvaluateEvery), EvaluateEvery, "1 or more");
        Require(Patience is null or >= 1, nameof(Patience), Patience, "1 or more");
        Require(MinimumDelta >= 0, nameof(MinimumDelta), MinimumDelta, "0 or more");
        Require(CheckpointEvery is null or >= 1, nameof(CheckpointEvery), CheckpointEvery, "1 or more");
    }

    /// <summary>The schedule of a run of this many steps.</summary>
    /// <param name="totalSteps">Optimizer steps of the whole run.</param>
    /// <param name="groupRates">The full rate of each parameter group.</param>
    public LearningRateSchedule CreateSchedule(long totalSteps, IReadOnlyList<double> groupRates) => LearningRateSchedule.Create(
        (ScheduleDetails ?? new ScheduleOptions()) with
        {
            Name = Schedule,
            WarmupSteps = LearningRateSchedule.WarmupSteps(Warmup, totalSteps),
            TotalSteps = totalSteps,
        },
        LearningRate, groupRates);

    private static void Require(bool holds, string name, object? value, string range)
    {
        if (!holds) throw new InputException($"{name} is {value}; it must be {range}");
    }
}
