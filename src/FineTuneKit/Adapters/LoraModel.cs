using FineTuneKit.Models;
using FineTuneKit.Training;

namespace FineTuneKit.Adapters;

/// <summary>A projection with the adapter that sits beside it.</summary>
/// <param name="Path">The projection's name in the checkpoint, without <c>.weight</c>.</param>
/// <param name="Layer">The base's projection.</param>
/// <param name="Adapter">A <see cref="Lora"/> or a <see cref="TrainedCopy"/>.</param>
public sealed record AdaptedLayer(string Path, Linear Layer, LinearAdapter Adapter);

/// <summary>
/// A decoder whose weights are frozen, with LoRA adapters beside some of its projections. Parameters carry PEFT's names.
/// </summary>
public sealed class LoraModel : ITrainable
{
    private const string Prefix = "base_model.model.";

    private readonly Parameter[] _frozen;
    private readonly Generator _draws;

    private LoraModel(Decoder model, LoraOptions options, IReadOnlyList<AdaptedLayer> layers, Generator draws)
    {
        (Model, Options, Layers, _draws) = (model, options, layers, draws);
        Parameters = [.. layers.SelectMany(ParametersOf).Select(p => new NamedParameter(p.Name, p.Value))];
        _frozen = [.. model.parameters().Where(parameter => parameter.requires_grad)];
        Reattach();
    }

    /// <summary>The base.</summary>
    public Decoder Model { get; }

    /// <inheritdoc/>
    public nn.Module Module => Model;

    /// <summary>How the adapters were made.</summary>
    public LoraOptions Options { get; }

    /// <summary>Every adapted projection, in the model's order.</summary>
    public IReadOnlyList<AdaptedLayer> Layers { get; }

    /// <inheritdoc/>
    public IReadOnlyList<NamedParameter> Parameters { get; }

    /// <summary>Puts fresh adapters beside the targeted projections and freezes the base. Each A has a random stream of its own.</summary>
    /// <param name="model">The base; it must bear no adapter yet.</param>
    /// <param name="options">Which projections, and what size.</param>
    /// <param name="seed">The seed of the A matrices.</param>
    /// <exception cref="InputException">No projection is targeted, or options out of range.</exception>
    public static LoraModel Attach(Decoder model, LoraOptions options, long seed)
    {
        options.Validated();
        var layers = new List<AdaptedLayer>();
        var draws = new Generator((ulong)seed);
        foreach ((string path, Linear layer) in model.Projections())
        {
            if (layer.Adapter is not null) throw new InvalidOperationException($"{path} already bears an adapter; detach it first");
            if (options.IsTrainedWhole(path))
                layers.Add(new AdaptedLayer(path, layer, new TrainedCopy(layer)));
            else if (options.IsTarget(path, isHead: model.IsHead(layer)))
                layers.Add(new AdaptedLayer(path, layer, Fresh(path, layer, options, seed, draws)));
        }
        RequireAllFound(model, options, layers);
        return new LoraModel(model, options, layers, draws);
    }

    /// <summary>Takes the adapters off and makes the base trainable again; the adapters keep their weights.</summary>
    public void Detach()
    {
        foreach (AdaptedLayer layer in Layers) layer.Layer.Adapter = null;
        foreach (Parameter parameter in _frozen) parameter.requires_grad = true;
    }

    /// <summary>Puts the adapters back after <see cref="Detach"/>.</summary>
    public void Reattach()
    {
        foreach (Parameter parameter in _frozen) parameter.requires_grad = false;
        foreach (AdaptedLayer layer in Layers) layer.Layer.Adapter = layer.Adapter;
        SetTraining(false);
    }

    /// <inheritdoc/>
    public void SetTraining(bool on)
    {
        Model.train(on);
        foreach (AdaptedLayer layer in Layers) layer.Adapter.train(on);
    }

    /// <inheritdoc/>
    public void SeedDraws(long seed)
    {
        _draws.manual_seed(seed);
        manual_seed(unchecked(seed * 31 + 17)); // what the base drops is drawn apart from what the adapters drop
    }

    /// <summary>The tensors of an adapter file by the keys that PEFT gives them.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> FileTensors() =>
        Layers.SelectMany(ParametersOf).Select(p => KeyValuePair.Create(p.Key, (Tensor)p.Value));

    private static Lora Fresh(string path, Linear layer, LoraOptions options, long seed, Generator draws) =>
        new(layer, options.RankOf(path), options.AlphaOf(path), options.RankStabilized, options.Dropout, new NamedRandom("lora/" + path, seed), draws);

    // A copy trained whole is named after its wrapper in memory and after the module in the file.
    private static IEnumerable<(string Name, string Key, Parameter Value)> ParametersOf(AdaptedLayer layer)
    {
        string path = Prefix + layer.Path;
        if (layer.Adapter is Lora lora)
        {
            yield return ($"{path}.lora_A.weight", $"{path}.lora_A.weight", lora.lora_A);
            yield return ($"{path}.lora_B.weight", $"{path}.lora_B.weight", lora.lora_B);
        }
        else if (layer.Adapter is TrainedCopy copy)
        {
            yield return ($"{path}.modules_to_save.weight", $"{path}.weight", copy.weight);
            if (copy.bias is not null) yield return ($"{path}.modules_to_save.bias", $"{path}.bias", copy.bias);
        }
    }

    private static void RequireAllFound(Decoder model, LoraOptions options, List<AdaptedLayer> layers)
    {
        string Known() => string.Join(", ", model.Projections().Select(p => p.Key[(p.Key.LastIndexOf('.') + 1)..]).Distinct());
        foreach (string name in options.TrainedWhole)
        {
            if (!layers.Any(layer => layer.Adapter is TrainedCopy && layer.Path.EndsWith(name, StringComparison.Ordinal)))
                throw new InputException($"LoRA: no projection {name} to train whole; this model has {Known()}");
        }
        if (!layers.Any(layer => layer.Adapter is Lora))
            throw new InputException($"LoRA: no projection matches {options.TargetPattern ?? string.Join(", ", options.Targets)}; this model has {Known()}");
        if (options.TargetPattern is not null) return;
        // A misspelt name beside good ones would go unnoticed.
        foreach (string name in options.Targets)
        {
            if (name != LoraOptions.AllLinear && !model.Projections().Any(p => p.Key == name || p.Key.EndsWith("." + name, StringComparison.Ordinal)))
                throw new InputException($"LoRA: no projection is named {name}; this model has {Known()}");
        }
    }
}
