using FineTuneKit.Models;
using FineTuneKit.Training;

namespace FineTuneKit.Adapters;

/// <summary>
/// The output layer alone is trained, on what the frozen body says of its input: a linear probe (Alain and Bengio 2016,
/// arXiv 1610.01644). logits = W h(x) + b with h frozen.
/// </summary>
public static class HeadOnly
{
    /// <summary>Freezes everything but the head.</summary>
    /// <exception cref="InputException">The model has no head of its own.</exception>
    public static TrainedPart Attach(IAdaptable model)
    {
        List<string> heads = [.. model.Projections().Where(p => model.IsHead(p.Value)).Select(p => p.Key + ".")];
        if (heads.Count == 0)
            throw new InputException("head only: the head is tied to the embedding, so training it would change every token's input; use the last layers, or a model with a head of its own");
        return new TrainedPart(model.Module, name => heads.Any(head => name.StartsWith(head, StringComparison.Ordinal)));
    }
}
