using FineTuneKit.Models;
using FineTuneKit.Training;

namespace FineTuneKit.Adapters;

/// <summary>
/// Every weight is trained, the lower the slower (Howard and Ruder 2018, arXiv 1801.06146, section 3.2): the rate of depth d
/// is η · decay^(top − d). What lies low is general and shall change little.
/// </summary>
public static class LayerwiseRates
{
    /// <summary>The decay of ULMFiT is 1/2.6 a layer; for transformers about 0.65 to 0.95 is usual (Clark et al. 2020, arXiv 2003.10555).</summary>
    public const double UsualDecay = 0.8;

    /// <summary>Trains the whole model, each depth at its own rate.</summary>
    /// <param name="model">The model.</param>
    /// <param name="decay">What the rate is multiplied by from a block to the one below it, in (0, 1].</param>
    /// <exception cref="InputException">A decay outside its range.</exception>
    public static ITrainable Attach(IAdaptable model, double decay)
    {
        if (decay is not (> 0 and <= 1)) throw new InputException($"layer-wise rates: a decay of {decay}; more than 0 and at most 1 is required");
        var depth = new LayerDepth(model);
        return new TrainedPart(model.Module, _ => true, name => Math.Pow(decay, depth.Top - depth.Of(name)));
    }
}
