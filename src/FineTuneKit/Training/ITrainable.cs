namespace FineTuneKit.Training;

/// <summary>A weight under the name that files give it.</summary>
public sealed record NamedParameter(string Name, Parameter Value)
{
    /// <summary>Default 1. What the run's learning rate is multiplied by for this weight.</summary>
    public double RateFactor { get; init; } = 1;
}

/// <summary>What a run trains: a whole model, or the adapters beside one.</summary>
public interface ITrainable
{
    /// <summary>The whole model, what is frozen included.</summary>
    nn.Module Module { get; }

    /// <summary>The weights that are trained, in a fixed order.</summary>
    IReadOnlyList<NamedParameter> Parameters { get; }

    /// <summary>Switches between training and use, where dropout is off.</summary>
    void SetTraining(bool on);

    /// <summary>Seeds what the next forward passes draw, dropout above all.</summary>
    void SeedDraws(long seed);

    /// <summary>Told before each optimizer step, 0 being the first, also after a resume: what thaws layers as a run goes on does so here.</summary>
    void BeginStep(long step)
    {
    }
}

/// <summary>Full training: every weight of a model that is not frozen.</summary>
public sealed class WholeModel(nn.Module model) : ITrainable
{
    /// <inheritdoc/>
    public nn.Module Module => model;

    /// <inheritdoc/>
    public IReadOnlyList<NamedParameter> Parameters { get; } =
        [.. model.named_parameters().Where(p => p.parameter.requires_grad).Select(p => new NamedParameter(p.name, p.parameter))];

    /// <inheritdoc/>
    public void SetTraining(bool on) => model.train(on);

    /// <inheritdoc/>
    public void SeedDraws(long seed) => manual_seed(seed);
}
