using FineTuneKit.Models;
using FineTuneKit.Training;

namespace FineTuneKit.Adapters;

/// <summary>
/// The last k blocks, and what follows them, are trained; the blocks below are frozen (Lee, Tang and Lin 2019, arXiv
/// 1911.03090: a quarter of BERT's layers reaches nine tenths of the quality).
/// </summary>
public static class LastLayers
{
    /// <summary>Freezes everything below the last blocks.</summary>
    /// <param name="model">The model.</param>
    /// <param name="count">How many blocks are trained, 1 to all.</param>
    /// <exception cref="InputException">More blocks than there are, or fewer than 1.</exception>
    public static TrainedPart Attach(IAdaptable model, int count)
    {
        var depth = new LayerDepth(model);
        if (count < 1 || count > depth.Blocks) throw new InputException($"last layers: {count} blocks are to be trained; the model has {depth.Blocks}, so 1 to {depth.Blocks} are required");
        return new TrainedPart(model.Module, name => depth.Of(name) > depth.Blocks - count);
    }
}
