namespace FineTuneKit.Lab;

/// <summary>How one method is trained in the lab.</summary>
public sealed record TuningRecipe
{
    /// <summary>Learning rates to choose from: the one of which a short trial has the lowest validation loss.</summary>
    public required IReadOnlyList<double> Rates { get; init; }

    /// <summary>Rows of an optimizer step.</summary>
    public required int BatchRows { get; init; }

    /// <summary>See <see cref="Training.TrainingOptions.MuonIterations"/>.</summary>
    public int MuonIterations { get; init; } = 5;

    /// <summary>Passes over the training rows, at most: early stopping may end a run sooner.</summary>
    public int Epochs { get; init; } = 4;
}
