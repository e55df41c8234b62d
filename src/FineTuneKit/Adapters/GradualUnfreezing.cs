using FineTuneKit.Models;
using FineTuneKit.Training;

namespace FineTuneKit.Adapters;

/// <summary>
/// The model is thawed from the top (Howard and Ruder 2018, arXiv 1801.06146, section 3.3): first what follows the blocks
/// and the last block, then one block more after each stretch of steps, the embeddings last. What is fresh settles before
/// what is general moves.
/// </summary>
public sealed class GradualUnfreezing : ITrainable
{
    private readonly LayerDepth _depth;
    private readonly int _every;

    /// <summary>Freezes everything but the top.</summary>
    /// <param name="model">The model.</param>
    /// <param name="every">Optimizer steps from one block to the next, 1 or more.</param>
    /// <exception cref="InputException">Fewer than 1 step.</exception>
    public GradualUnfreezing(IAdaptable model, int every)
    {
        if (every < 1) throw new InputException($"gradual unfreezing: a block each {every} steps; 1 or more are required");
        (Module, _every, _depth) = (model.Module, every, new LayerDepth(model));
        Parameters = [.. model.Module.named_parameters().Select(p => new NamedParameter(p.name, p.parameter))];
        BeginStep(0);
    }

    /// <inheritdoc/>
    public nn.Module Module { get; }

    /// <summary>All weights: each is trained sooner or later.</summary>
    public IReadOnlyList<NamedParameter> Parameters { get; }

    /// <inheritdoc/>
    public void SetTraining(bool on) => Module.train(on);

    /// <inheritdoc/>
    public void SeedDraws(long seed) => manual_seed(seed);

    /// <inheritdoc/>
    public void BeginStep(long step)
    {
        long lowest = _depth.Blocks - step / _every;
        foreach (NamedParameter parameter in Parameters) parameter.Value.requires_grad = _depth.Of(parameter.Name) >= lowest;
    }
}
