using FineTuneKit.Models;

namespace FineTuneKit.Adapters;

/// <summary>
/// Several adapters on one base, by name: one at a time, several together, or another for each row of a batch. The base is
/// there once, and switching copies nothing.
/// </summary>
public sealed class AdapterSet
{
    private readonly Dictionary<string, AdaptedModel> _adapters = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];
    private IReadOnlyList<string?> _rows = [];

    /// <summary>A set without adapters.</summary>
    /// <param name="model">The base; it must bear no adapter.</param>
    public AdapterSet(Decoder model) => Model = model;

    /// <summary>The base.</summary>
    public Decoder Model { get; }

    /// <summary>The adapters' names, in the order of their coming.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Those in use for all rows; none where the base is alone or rows have their own.</summary>
    public IReadOnlyList<string> Active { get; private set; } = [];

    /// <summary>An adapter by name.</summary>
    /// <exception cref="InputException">No such adapter.</exception>
    public AdaptedModel this[string name] =>
        _adapters.TryGetValue(name, out AdaptedModel? adapter) ? adapter : throw new InputException($"no adapter is named {name}; there are {(_names.Count == 0 ? "none" : string.Join(", ", _names))}");

    /// <summary>Reads a PEFT folder; what is in use stays so.</summary>
    /// <param name="name">What to call it.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="baseSha256">SHA-256 of the base's weights; where both are known they must be equal.</param>
    /// <exception cref="InputException">The name is taken, or as <see cref="PeftFolder.Load"/>.</exception>
    public AdaptedModel Load(string name, string folder, string? baseSha256 = null) => Add(name, () => PeftFolder.Load(folder, Model, baseSha256));

    /// <summary>Adds what a function puts beside the base, which bears no adapter meanwhile; what is in use stays so.</summary>
    /// <exception cref="InputException">The name is taken.</exception>
    public AdaptedModel Add(string name, Func<AdaptedModel> attach)
    {
        if (_adapters.ContainsKey(name)) throw new InputException($"an adapter is named {name} already; remove it first or choose another name");
        Clear();
        try
        {
            AdaptedModel adapter = attach();
            adapter.Detach();
            _adapters.Add(name, adapter);
            _names.Add(name);
            return adapter;
        }
        finally
        {
            Attach();
        }
    }

    /// <summary>A new adapter out of weighted others.</summary>
    /// <inheritdoc cref="LoraCombination.Combine"/>
    public AdaptedModel Combine(string name, IReadOnlyList<string> adapters, IReadOnlyList<double> weights, CombinationOptions options) =>
        Add(name, () => LoraCombination.Combine(Model, [.. adapters.Select(each => this[each])], weights, options));

    /// <summary>Takes an adapter out of the set and out of use.</summary>
    public void Remove(string name)
    {
        _ = this[name];
        Use([.. Active.Where(active => active != name)]);
        _adapters.Remove(name);
        _names.Remove(name);
    }

    /// <summary>Has the base alone, one adapter, or the sum of several compute all rows.</summary>
    /// <exception cref="InputException">No such adapter, one named twice, or several that cannot be used together; nothing is changed.</exception>
    public void Use(params IReadOnlyList<string> names)
    {
        if (names.Distinct(StringComparer.Ordinal).Count() < names.Count) throw new InputException($"an adapter is named twice: {string.Join(", ", names)}");
        foreach ((Linear layer, List<(string, ProjectionAdapter Adapter)> beside) in ByLayer(names))
            if (beside.Count > 1 && !beside.TrueForAll(part => part.Adapter.IsSum)) throw new InputException($"{PathOf(layer)}: adapters that do more than add to the output, as LoRA does, cannot be used together: {string.Join(", ", names)}");
        if (names.Count > 1) RequireLayersOnly(names);
        (Active, _rows) = ([.. names], []);
        Attach();
    }

    /// <summary>Has each row of the batches to come computed by an adapter of its own; the base's product is one for all.</summary>
    /// <param name="names">For each row a name, or null for the base alone.</param>
    /// <exception cref="InputException">No such adapter; nothing is changed.</exception>
    public void UseByRow(IReadOnlyList<string?> names)
    {
        foreach (string? name in names)
            if (name is not null) _ = this[name];
        RequireLayersOnly([.. names.OfType<string>().Distinct(StringComparer.Ordinal)]);
        (Active, _rows) = ([], [.. names]);
        Attach();
    }

    /// <summary>Merges adapters into the base, one after the other. The base then is a plain model until the merge is undone.</summary>
    /// <exception cref="InputException">No such adapter, or a base of 4-bit weights.</exception>
    public AdapterSetMerge Merge(params IReadOnlyList<string> names)
    {
        AdaptedModel[] merged = [.. names.Select(name => this[name])];
        IReadOnlyList<string> before = Active;
        Use();
        return new AdapterSetMerge(merged, () => Use(before));
    }

    private void Attach()
    {
        Clear();
        if (_rows.Count > 0)
        {
            string[] used = [.. _rows.OfType<string>().Distinct(StringComparer.Ordinal)];
            foreach ((Linear layer, List<(string Name, ProjectionAdapter Adapter)> beside) in ByLayer(used))
                layer.Adapter = new RowAdapters(_rows.Count, [.. beside.Select(part => (part.Adapter, RowsOf(part.Name)))]);
            return;
        }
        foreach (string name in Active) this[name].UseBesideLayers(true);
        foreach ((Linear layer, List<(string, ProjectionAdapter Adapter)> beside) in ByLayer(Active))
            layer.Adapter = beside.Count == 1 ? beside[0].Adapter : new AdapterSum([.. beside.Select(part => part.Adapter)]);
    }

    // Embeddings and biases have one value at a time.
    private void RequireLayersOnly(IReadOnlyList<string> names)
    {
        if (names.FirstOrDefault(name => this[name].HasMoreThanLayers) is { } more)
            throw new InputException($"{more} adapts embeddings or biases beside projections; it can be used alone, for all rows");
    }

    private void Clear()
    {
        foreach ((_, Linear layer) in Model.Projections()) layer.Adapter = null;
        foreach (AdaptedModel adapter in _adapters.Values) adapter.UseBesideLayers(false);
    }

    private long[] RowsOf(string name) => [.. Enumerable.Range(0, _rows.Count).Where(row => _rows[row] == name).Select(row => (long)row)];

    private Dictionary<Linear, List<(string Name, ProjectionAdapter Adapter)>> ByLayer(IReadOnlyList<string> names) => names
        .SelectMany(name => this[name].Layers.Select(layer => (layer.Layer, Name: name, layer.Adapter)))
        .GroupBy(part => part.Layer).ToDictionary(group => group.Key, group => group.Select(part => (part.Name, part.Adapter)).ToList());

    private string PathOf(Linear layer) => Model.Projections().First(p => ReferenceEquals(p.Value, layer)).Key;
}

/// <summary>Adapters of a set that are merged into the base.</summary>
public sealed class AdapterSetMerge : IDisposable
{
    private readonly List<(AdaptedModel Adapter, AdapterMerge Merge)> _merges = [];
    private readonly Action _restore;

    internal AdapterSetMerge(IEnumerable<AdaptedModel> adapters, Action restore)
    {
        _restore = restore;
        try
        {
            foreach (AdaptedModel adapter in adapters) _merges.Add((adapter, AdapterMerge.Apply(adapter)));
        }
        catch
        {
            Undo();
            throw;
        }
    }

    /// <summary>Gives the base its weights back to the last bit, the last merge first, and puts the adapters in use that were.</summary>
    public void Undo()
    {
        foreach ((AdaptedModel adapter, AdapterMerge merge) in _merges.AsEnumerable().Reverse())
        {
            merge.Undo();
            adapter.Detach();
        }
        _merges.Clear();
        _restore();
    }

    /// <summary>Drops the kept weights; the merge stands.</summary>
    public void Dispose()
    {
        foreach ((_, AdapterMerge merge) in _merges) merge.Dispose();
        _merges.Clear();
    }
}
