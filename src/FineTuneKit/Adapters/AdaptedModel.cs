using FineTuneKit.Models;
using FineTuneKit.Training;

namespace FineTuneKit.Adapters;

/// <summary>A projection with the adapter that sits beside it.</summary>
/// <param name="Path">The projection's name in the checkpoint or, where the targets are named so, in newer transformers; without <c>.weight</c>.</param>
/// <param name="Layer">The base's projection.</param>
/// <param name="Adapter">A <see cref="Lora"/> or a <see cref="TrainedCopy"/>.</param>
/// <param name="Module">The module that is adapted: <paramref name="Path"/>, or a head of several layers that is trained whole.</param>
public sealed record AdaptedLayer(string Path, Linear Layer, LinearAdapter Adapter, string Module);

/// <summary>
/// A model whose weights are frozen, with LoRA adapters beside some of its projections. Parameters carry PEFT's names.
/// </summary>
public sealed class AdaptedModel : ITrainable
{
    private const string Prefix = "base_model.model.";

    private static readonly string[] ClassifierNames = ["classifier", "score"];

    private readonly Parameter[] _frozen;
    private readonly Generator _draws;

    private readonly bool _newerNames;

    private AdaptedModel(IAdaptable model, LoraOptions options, IReadOnlyList<AdaptedLayer> layers, Generator draws, bool newerNames)
    {
        (Model, Options, Layers, _draws, _newerNames) = (model, options, layers, draws, newerNames);
        Parameters = [.. layers.SelectMany(ParametersOf).Select(p => new NamedParameter(p.Name, p.Value))];
        _frozen = [.. model.Module.parameters().Where(parameter => parameter.requires_grad)];
        Reattach();
    }

    /// <summary>The base.</summary>
    public IAdaptable Model { get; }

    /// <inheritdoc/>
    public nn.Module Module => Model.Module;

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
    public static AdaptedModel Attach(IAdaptable model, LoraOptions options, long seed)
    {
        options.Validated();
        var layers = new List<AdaptedLayer>();
        var draws = new Generator((ulong)seed);
        bool newerNames = UsesNewerNames(model, options);
        foreach ((string name, Linear layer) in model.Projections())
        {
            string path = newerNames ? model.NewerName(name) : name;
            bool isHead = model.IsHead(layer);
            if (layer.Adapter is not null) throw new InvalidOperationException($"{path} already bears an adapter; detach it first");
            if (options.TrainedWholeModule(path, isHead) is { } module)
                layers.Add(new AdaptedLayer(path, layer, new TrainedCopy(layer), module));
            else if (options.IsTarget(path, isHead))
                layers.Add(new AdaptedLayer(path, layer, Fresh(path, layer, options, seed, draws), path));
        }
        RequireAllFound(model, options, layers, newerNames);
        return new AdaptedModel(model, options, layers, draws, newerNames);
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
        Module.train(on);
        foreach (AdaptedLayer layer in Layers) layer.Adapter.train(on);
    }

    /// <inheritdoc/>
    public void SeedDraws(long seed)
    {
        _draws.manual_seed(seed);
        manual_seed(unchecked(seed * 31 + 17)); // what the base drops is drawn apart from what the adapters drop
    }

    internal string NameOf(string path) => _newerNames ? Model.NewerName(path) : path;

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
            string copied = $"{Prefix}{layer.Module}.modules_to_save{layer.Path[layer.Module.Length..]}";
            yield return ($"{copied}.weight", $"{path}.weight", copy.weight);
            if (copy.bias is not null) yield return ($"{copied}.bias", $"{path}.bias", copy.bias);
        }
    }

    // PEFT lists both names of heads for SEQ_CLS, although a model has one of them.
    private static bool IsOtherHead(string name, List<AdaptedLayer> layers) =>
        ClassifierNames.Contains(name) && layers.Any(layer => layer.Adapter is TrainedCopy && ClassifierNames.Any(head => layer.Module.EndsWith(head, StringComparison.Ordinal)));

    // Newer names count where a target is found by them alone.
    private static bool UsesNewerNames(IAdaptable model, LoraOptions options)
    {
        bool Finds(Func<string, string> name) => model.Projections().Any(p => options.IsTarget(name(p.Key), model.IsHead(p.Value)));
        return !Finds(static path => path) && Finds(model.NewerName);
    }

    private static void RequireAllFound(IAdaptable model, LoraOptions options, List<AdaptedLayer> layers, bool newerNames)
    {
        List<string> paths = [.. model.Projections().Select(p => newerNames ? model.NewerName(p.Key) : p.Key)];
        string Known() => string.Join(", ", paths.Select(path => path[(path.LastIndexOf('.') + 1)..]).Distinct());
        foreach (string name in options.TrainedWhole)
        {
            if (!layers.Any(layer => layer.Adapter is TrainedCopy && layer.Module.EndsWith(name, StringComparison.Ordinal)) && !IsOtherHead(name, layers))
                throw new InputException($"LoRA: no projection {name} to train whole; this model has {Known()}");
        }
        if (!layers.Any(layer => layer.Adapter is Lora))
            throw new InputException($"LoRA: no projection matches {options.TargetPattern ?? string.Join(", ", options.Targets)}; this model has {Known()}");
        if (options.TargetPattern is not null) return;
        // A misspelt name beside good ones would go unnoticed.
        foreach (string name in options.Targets)
        {
            if (name != LoraOptions.AllLinear && !paths.Any(path => path == name || path.EndsWith("." + name, StringComparison.Ordinal)))
                throw new InputException($"LoRA: no projection is named {name}; this model has {Known()}");
        }
    }
}
