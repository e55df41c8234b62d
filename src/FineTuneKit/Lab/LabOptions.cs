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

    /// <summary>Rates tried for LoRA, with the first seed; the lowest validation loss wins.</summary>
    public IReadOnlyList<double> LoraRates { get; init; } = [2.5e-3, 5e-3];

    /// <summary>Rates tried for full training.</summary>
    public IReadOnlyList<double> FullRates { get; init; } = [1e-3, 2e-3];

    /// <summary>The optimizer of both methods; see <see cref="Training.TrainingOptions.Optimizer"/>. The base was made with Muon.</summary>
    public string Optimizer { get; init; } = Training.TrainingOptions.Muon;

    /// <summary>LoRA's rank.</summary>
    public int Rank { get; init; } = 64;

    /// <summary>LoRA's alpha; the scale is alpha / rank.</summary>
    public double Alpha { get; init; } = 128;

    /// <summary>Passes over the training rows, at most: early stopping may end a run sooner.</summary>
    public int Epochs { get; init; } = 3;

    /// <summary>Evaluations without improvement that stop a run; two in each epoch.</summary>
    public int Patience { get; init; } = 3;

    /// <summary>Rows of an optimizer step.</summary>
    public int BatchRows { get; init; } = 8;

    /// <summary>Training rows at most; null takes all.</summary>
    public int? TrainRows { get; init; }

    /// <summary>Held-out questions of each general skill.</summary>
    public int QuestionsPerSkill { get; init; } = 20;

    /// <summary>Whether this is the small run.</summary>
    public bool Quick { get; init; }

    /// <summary>The same path in about a minute: one seed, one rate each, fewer epochs and questions.</summary>
    public LabOptions AsQuick() => this with
    {
        Quick = true,
        Seeds = [Seeds[0]],
        LoraRates = [LoraRates[^1]],
        FullRates = [FullRates[^1]],
        Epochs = 2,
        QuestionsPerSkill = 4,
    };
}
