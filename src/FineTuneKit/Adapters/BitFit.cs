using FineTuneKit.Models;
using FineTuneKit.Training;

namespace FineTuneKit.Adapters;

/// <summary>
/// Biases alone are trained (Ben Zaken, Ravfogel and Goldberg 2022, arXiv 2106.10199): y = W x + b with W frozen. Less than
/// a tenth of a percent of the weights. Models of the Llama kind have no biases; GPT-2, GPT-NeoX, Qwen2 and encoders do.
/// </summary>
public static class BitFit
{
    /// <summary>Freezes everything but the biases; a classifier over a frozen body is trained whole, for its weights are fresh.</summary>
    /// <exception cref="InputException">The model has no biases.</exception>
    public static TrainedPart Attach(IAdaptable model)
    {
        HashSet<string> biases = [.. model.Module.named_parameters().Select(p => p.name).Where(name => name.EndsWith(".bias", StringComparison.Ordinal))];
        if (biases.Count == 0) throw new InputException("BitFit: the model has no biases, as those of the Llama kind; use LoRA or IA3 there");
        if (model is Encoder) biases.UnionWith(model.Module.named_parameters().Select(p => p.name).Where(Encoder.IsOfClassifier));
        return new TrainedPart(model.Module, biases.Contains);
    }
}
