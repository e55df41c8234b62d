namespace FineTuneKit.Training;

/// <summary>Part of a model is trained, such as its head or its last blocks; the rest is frozen.</summary>
public sealed class TrainedPart : ITrainable
{
    /// <summary>Freezes every weight but those wanted.</summary>
    /// <param name="model">The model.</param>
    /// <param name="wanted">Which weights are trained, by their names.</param>
    /// <param name="rateFactor">What the learning rate of each is multiplied by; null for 1.</param>
    /// <exception cref="InputException">No weight is wanted.</exception>
    public TrainedPart(nn.Module model, Predicate<string> wanted, Func<string, double>? rateFactor = null)
    {
        Module = model;
        Parameters = [.. model.named_parameters().Where(p => wanted(p.name)).Select(p => new NamedParameter(p.name, p.parameter) { RateFactor = rateFactor?.Invoke(p.name) ?? 1 })];
        if (Parameters.Count == 0) throw new InputException("no weight of the model is to be trained");
        foreach ((string name, Parameter parameter) in model.named_parameters()) parameter.requires_grad = wanted(name);
    }

    /// <inheritdoc/>
    public nn.Module Module { get; }

    /// <inheritdoc/>
    public IReadOnlyList<NamedParameter> Parameters { get; }

    /// <inheritdoc/>
    public void SetTraining(bool on) => Module.train(on);

    /// <inheritdoc/>
    public void SeedDraws(long seed) => manual_seed(seed);
}
