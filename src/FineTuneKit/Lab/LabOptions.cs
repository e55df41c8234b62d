using FineTuneKit.Records;

namespace FineTuneKit.Lab;

/// <summary>What <c>ftk lab</c> runs. The defaults are the whole experiment; <see cref="Quick"/> is the same path, smaller.</summary>
public sealed record LabOptions
{
    /// <summary>Folder of the base model.</summary>
    public required string Base { get; init; }

    /// <summary>Folder of the support desk's files.</summary>
    public required string Data { get; init; }

    /// <summary>Folder of the results.</summary>
    public required string Out { get; init; }

    /// <summary>Seeds of the runs: order of the rows, and LoRA's first weights.</summary>
    public IReadOnlyList<long> Seeds { get; init; } = [1, 2, 3];

    /// <summary>The seed of the split; the same for all runs, so that all are asked the same.</summary>
    public long SplitSeed { get; init; } = 1;

    /// <summary>How LoRA is trained: small steps cost it little, for its matrices are small.</summary>
    public TuningRecipe Lora { get; init; } = new() { Rates = [1e-3, 1.7e-3], BatchRows = 2 };

    /// <summary>How all weights are trained.</summary>
    public TuningRecipe Full { get; init; } = new() { Rates = [7e-4, 1.4e-3], BatchRows = 4, MuonIterations = 3 };

    /// <summary>Training rows of a trial that only chooses the rate: one epoch, with the first seed.</summary>
    public int TrialRows { get; init; } = 160;

    /// <summary>The optimizer of both methods; see <see cref="Training.TrainingOptions.Optimizer"/>. The base was made with Muon.</summary>
    public string Optimizer { get; init; } = Training.TrainingOptions.Muon;

    /// <summary>AdamW's decay of the mean of squared gradients; a run of some hundred steps is shorter than the usual memory of a thousand.</summary>
    public double Beta2 { get; init; } = 0.98;

    /// <summary>LoRA's rank.</summary>
    public int Rank { get; init; } = 64;

    /// <summary>LoRA's alpha; the scale is alpha / rank.</summary>
    public double Alpha { get; init; } = 128;

    /// <summary>Evaluations without improvement that stop a run; one after each epoch.</summary>
    public int Patience { get; init; } = 2;

    /// <summary>Training rows at most; null takes all.</summary>
    public int? TrainRows { get; init; }

    /// <summary>How a method is trained.</summary>
    public TuningRecipe Recipe(TuningMethod method) => method == TuningMethod.Lora ? Lora : Full;

    /// <summary>Held-out questions of each general skill.</summary>
    public int QuestionsPerSkill { get; init; } = 20;

    /// <summary>Whether this is the small run.</summary>
    public bool Quick { get; init; }

    /// <summary>The same path in about a minute: one seed, one rate each, one epoch, fewer questions.</summary>
    public LabOptions AsQuick() => this with
    {
        Quick = true,
        Seeds = [Seeds[0]],
        Lora = Lora with { Rates = [Lora.Rates[^1]], Epochs = 1 },
        Full = Full with { Rates = [Full.Rates[^1]], Epochs = 1 },
        QuestionsPerSkill = 4,
    };
}
