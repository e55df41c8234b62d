using FineTuneKit.Models;
using FineTuneKit.Training;

namespace FineTuneKit.Adapters;

/// <summary>A projection with the adapter that sits beside it.</summary>
/// <param name="Path">The projection's name in the checkpoint or, where the targets are named so, in newer transformers; without <c>.weight</c>.</param>
/// <param name="Layer">The base's projection.</param>
/// <param name="Adapter">A <see cref="Lora"/>, <see cref="Dora"/>, <see cref="Ia3"/> or <see cref="TrainedCopy"/>.</param>
/// <param name="Module">The module that is adapted: <paramref name="Path"/>, or a head of several layers that is trained whole.</param>
public sealed record AdaptedLayer(string Path, Linear Layer, ProjectionAdapter Adapter, string Module);

/// <summary>A table of embeddings with the adapter that sits beside it.</summary>
/// <param name="Path">The table's name, as a projection's.</param>
/// <param name="Table">The base's table.</param>
/// <param name="Adapter">A <see cref="LoraEmbedding"/> or a <see cref="TrainedTable"/>.</param>
public sealed record AdaptedTable(string Path, TokenEmbedding Table, TableAdapter Adapter);

/// <summary>
/// A model whose weights are frozen, with adapters of any kind beside some of its parts. Parameters carry PEFT's names.
/// </summary>
public sealed class AdaptedModel : ITrainable
{
    // PEFT saves what it adapts of these even though it is frozen.
    private static readonly string[] SavedWithTheirBase = ["embed_tokens", "lm_head"];

    private readonly Parameter[] _frozen;
    private readonly Generator _draws;
    private readonly bool _newerNames;
    private readonly IReadOnlyList<TrainedBias> _biases;

    private AdaptedModel(IAdaptable model, AdapterOptions options, AttachedParts parts, Generator draws)
    {
        (Model, Options, _draws, _newerNames) = (model, options, draws, parts.NewerNames);
        (Layers, Tables, _biases) = (parts.Layers, parts.Tables, parts.Biases);
        Parameters = [.. Tensors().Select(tensor => new NamedParameter(tensor.Name, tensor.Value))];
        _frozen = [.. model.Module.parameters().Where(parameter => parameter.requires_grad)];
        Reattach();
    }

    /// <summary>The base.</summary>
    public IAdaptable Model { get; }

    /// <inheritdoc/>
    public nn.Module Module => Model.Module;

    /// <summary>How the adapters were made.</summary>
    public AdapterOptions Options { get; }

    /// <summary>Every adapted projection, in the model's order.</summary>
    public IReadOnlyList<AdaptedLayer> Layers { get; }

    /// <summary>Every adapted table of embeddings, in the model's order.</summary>
    public IReadOnlyList<AdaptedTable> Tables { get; }

    /// <inheritdoc/>
    public IReadOnlyList<NamedParameter> Parameters { get; }

    /// <summary>Biases of the base that are trained in their place.</summary>
    internal IReadOnlyList<TrainedBias> Biases => _biases;

    /// <summary>Puts fresh adapters beside the targets and freezes the base. Each matrix has a random stream of its own.</summary>
    /// <param name="model">The base; it must bear no adapter yet.</param>
    /// <param name="options">Which kind, where, and of what size.</param>
    /// <param name="seed">The seed of the fresh numbers.</param>
    /// <exception cref="InputException">Nothing is targeted, a rank above a matrix's, or options out of range; nothing is changed.</exception>
    public static AdaptedModel Attach(IAdaptable model, AdapterOptions options, long seed) => Attach(model, options, seed, anyRank: false);

    /// <summary>The same for adapters that exist already, which may have a higher rank than is of use.</summary>
    internal static AdaptedModel Attach(IAdaptable model, AdapterOptions options, long seed, bool anyRank)
    {
        options.Validate();
        var draws = new Generator((ulong)seed);
        return new AdaptedModel(model, options, AttachedParts.Find(model, options, new FreshAdapters(seed, draws, anyRank)), draws);
    }

    /// <summary>Takes the adapters off and makes the base trainable again; the adapters keep their weights.</summary>
    public void Detach()
    {
        foreach (AdaptedLayer layer in Layers) layer.Layer.Adapter = null;
        UseBesideLayers(false);
        foreach (Parameter parameter in _frozen) parameter.requires_grad = true;
    }

    /// <summary>Puts the adapters back after <see cref="Detach"/>.</summary>
    public void Reattach()
    {
        foreach (Parameter parameter in _frozen) parameter.requires_grad = false;
        foreach (AdaptedLayer layer in Layers) layer.Layer.Adapter = layer.Adapter;
        UseBesideLayers(true);
        foreach (TrainedBias bias in _biases) bias.Tensor.Value.requires_grad = true;
        SetTraining(false);
    }

    /// <inheritdoc/>
    public void SetTraining(bool on)
    {
        Module.train(on);
        foreach (AdaptedLayer layer in Layers) layer.Adapter.train(on);
        foreach (AdaptedTable table in Tables) table.Adapter.train(on);
    }

    /// <inheritdoc/>
    public void SeedDraws(long seed)
    {
        _draws.manual_seed(seed);
        manual_seed(unchecked(seed * 31 + 17)); // what the base drops is drawn apart from what the adapters drop
    }

    /// <summary>The tensors of an adapter file by the keys that PEFT gives them.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> FileTensors() => AdapterTensors()
        .Concat(_biases.Select(bias => KeyValuePair.Create(bias.Tensor.Key, bias.Value)))
        .Concat(BaseTensors());

    /// <summary>Whether anything but projections is adapted.</summary>
    internal bool HasMoreThanLayers => Tables.Count > 0 || _biases.Count > 0;

    /// <summary>Puts in use, or out of it, what does not sit beside a projection.</summary>
    internal void UseBesideLayers(bool on)
    {
        foreach (AdaptedTable table in Tables) table.Table.Adapter = on ? table.Adapter : null;
        foreach (TrainedBias bias in _biases) bias.Use(on);
    }

    /// <summary>The base's own tensors that PEFT saves beside the adapter of an embedding or head; loading only compares them.</summary>
    internal IEnumerable<KeyValuePair<string, Tensor>> BaseTensors()
    {
        bool saved = Options.TargetPattern is { } pattern
            ? SavedWithTheirBase.Any(name => pattern.Contains(name, StringComparison.Ordinal))
            : SavedWithTheirBase.Any(Options.Targets.Contains);
        if (!saved) yield break;
        foreach (AdaptedTable table in Tables.Where(table => table.Adapter is LoraEmbedding))
            yield return KeyValuePair.Create($"{AdaptedName.Prefix}{table.Path}.base_layer.weight", (Tensor)table.Table.weight);
        foreach (AdaptedLayer layer in Layers.Where(layer => layer.Adapter is Lora && Model.IsHead(layer.Layer)))
        {
            yield return KeyValuePair.Create($"{AdaptedName.Prefix}{layer.Path}.base_layer.weight", (Tensor)layer.Layer.weight);
            if (layer.Layer.bias is { } bias && _biases.All(trained => !ReferenceEquals(trained.Tensor.Value, bias)))
                yield return KeyValuePair.Create($"{AdaptedName.Prefix}{layer.Path}.base_layer.bias", (Tensor)bias);
        }
    }

    /// <summary>The name by which this adapter's file calls a projection of the base.</summary>
    internal string NameOf(string path) => _newerNames ? Model.NewerName(path) : path;

    private IEnumerable<KeyValuePair<string, Tensor>> AdapterTensors() => TensorsBesideModules().Select(tensor => KeyValuePair.Create(tensor.Key, (Tensor)tensor.Value));

    private IEnumerable<AdapterTensor> Tensors() => TensorsBesideModules().Concat(_biases.Select(bias => bias.Tensor));

    private IEnumerable<AdapterTensor> TensorsBesideModules() =>
        Tables.SelectMany(table => table.Adapter.Tensors(new AdaptedName(table.Path, table.Path)))
        .Concat(Layers.SelectMany(layer => layer.Adapter.Tensors(new AdaptedName(layer.Path, layer.Module))));
}
