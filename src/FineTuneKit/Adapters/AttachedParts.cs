using FineTuneKit.Models;

namespace FineTuneKit.Adapters;

/// <summary>The parts of a base that options name, each with a fresh adapter that is not in use yet.</summary>
/// <param name="Layers">Projections.</param>
/// <param name="Tables">Tables of embeddings.</param>
/// <param name="Biases">Biases that are trained in their place.</param>
/// <param name="NewerNames">Whether the targets are named as newer transformers name modules.</param>
internal sealed record AttachedParts(IReadOnlyList<AdaptedLayer> Layers, IReadOnlyList<AdaptedTable> Tables, IReadOnlyList<TrainedBias> Biases, bool NewerNames)
{
    private static readonly string[] ClassifierNames = ["classifier", "score"];

    /// <summary>Finds them.</summary>
    /// <exception cref="InputException">A name that finds nothing, or a method that cannot sit where it is named.</exception>
    public static AttachedParts Find(IAdaptable model, AdapterOptions options, FreshAdapters fresh)
    {
        bool newerNames = UsesNewerNames(model, options);
        List<Place> places = [.. Places(model, newerNames ? model.NewerName : static path => path)];
        RequireAllFound(options, places);

        List<AdaptedLayer> layers = [];
        List<AdaptedTable> tables = [];
        foreach (Place place in places)
        {
            string? whole = options.TrainedWholeModule(place.Path, place.IsHead);
            if (whole is null && !options.IsTarget(place.Path, place.IsApart)) continue;
            if (place.Layer?.Adapter is not null || place.Table?.Adapter is not null)
                throw new InvalidOperationException($"{place.Path} already bears an adapter; detach it first");
            if (place.Table is { } table)
                tables.Add(new AdaptedTable(place.Path, table, whole is null ? options.MakeAdapter(place.Path, table, fresh) : new TrainedTable(table)));
            else if (place.Layer is { } layer)
                layers.Add(new AdaptedLayer(place.Path, layer, whole is null ? options.MakeAdapter(place.Path, layer, fresh) : new TrainedCopy(layer), whole ?? place.Path));
        }
        return new AttachedParts(layers, tables, BiasesOf(model, options, layers, newerNames), newerNames);
    }

    private static List<TrainedBias> BiasesOf(IAdaptable model, AdapterOptions options, List<AdaptedLayer> layers, bool newerNames)
    {
        string NameOf(string name) => newerNames ? model.NewerName(name[..^".bias".Length]) + ".bias" : name;
        var modules = layers.ToDictionary(layer => layer.Path, layer => layer.Adapter, StringComparer.Ordinal);
        Dictionary<string, Parameter> biases = model.Module.named_parameters().Where(p => p.name.EndsWith(".bias", StringComparison.Ordinal)).ToDictionary(p => p.name, p => p.parameter, StringComparer.Ordinal);
        HashSet<string> adapted = [.. layers.Where(layer => layer.Adapter is not TrainedCopy).Select(layer => layer.Path)];
        return
        [
            .. options.TrainedBiases([.. biases.Keys.Select(NameOf)], adapted)
                // A module that is trained whole has its bias in its copy.
                .Where(name => modules.GetValueOrDefault(name[..^".bias".Length]) is not TrainedCopy)
                .Select(name => new TrainedBias(name, biases.First(p => NameOf(p.Key) == name).Value, adapted.Contains(name[..^".bias".Length]))),
        ];
    }

    /// <summary>What an adapter can sit beside.</summary>
    /// <param name="Path">Its name.</param>
    /// <param name="Layer">The projection, or null.</param>
    /// <param name="Table">The table of embeddings, or null.</param>
    /// <param name="IsHead">Whether it is of the head.</param>
    private sealed record Place(string Path, Linear? Layer, TokenEmbedding? Table, bool IsHead)
    {
        /// <summary>Whether all-linear leaves it out.</summary>
        public bool IsApart => IsHead || Table is not null;

        public string LastName => Path[(Path.LastIndexOf('.') + 1)..];
    }

    private static IEnumerable<Place> Places(IAdaptable model, Func<string, string> name) =>
        model.Embeddings().Select(table => new Place(name(table.Key), null, table.Value, IsHead: false))
            .Concat(model.Projections().Select(layer => new Place(name(layer.Key), layer.Value, null, model.IsHead(layer.Value))));

    // Newer names count where a target is found by them alone.
    private static bool UsesNewerNames(IAdaptable model, AdapterOptions options)
    {
        bool Finds(Func<string, string> name) => Places(model, name).Any(place => options.IsTarget(place.Path, place.IsApart));
        return !Finds(static path => path) && Finds(model.NewerName);
    }

    private static void RequireAllFound(AdapterOptions options, List<Place> places)
    {
        string Nearest(string wanted) => string.Join(", ", NearestNames.Of(wanted, places.Select(place => wanted.Contains('.') ? place.Path : place.LastName)));
        foreach (string name in options.TrainedWhole)
        {
            if (!places.Any(place => options.TrainedWholeModule(place.Path, place.IsHead)?.EndsWith(name, StringComparison.Ordinal) == true) && !IsOtherHead(name, options, places))
                throw new InputException($"{options.Method}: no module is named {name}, to be trained whole; the nearest names are {Nearest(name)}");
        }
        // A misspelt name beside good ones would go unnoticed.
        foreach (string name in options.TargetPattern is null ? options.Targets : [])
        {
            if (name != AdapterOptions.AllLinear && !places.Any(place => AdapterOptions.IsNamed(place.Path, name)))
                throw new InputException($"{options.Method}: no projection is named {name}; the nearest names are {Nearest(name)}");
        }
        RequireLayers(options, places);
        if (!places.Any(place => options.TrainedWholeModule(place.Path, place.IsHead) is null && options.IsTarget(place.Path, place.IsApart)))
            throw new InputException($"{options.Method}: no projection matches {options.TargetPattern ?? string.Join(", ", options.Targets)}; the nearest names are {Nearest(options.TargetPattern ?? options.Targets[0])}");
    }

    private static void RequireLayers(AdapterOptions options, List<Place> places)
    {
        if (options.Layers is null or []) return;
        int[] known = [.. places.Where(place => options.IsTargetOfAnyLayer(place.Path, place.IsApart)).Select(place => options.LayerOf(place.Path)).OfType<int>().Distinct().Order()];
        if (known.Length == 0 && options.LayersPattern.Count > 0)
            throw new InputException($"{options.Method}: layers_pattern is {string.Join(", ", options.LayersPattern)}, but no target is in a list of that name, as {places.First(place => place.Layer is not null).Path} shows");
        foreach (int layer in options.Layers)
            if (!known.Contains(layer)) throw new InputException($"{options.Method}: layers_to_transform names layer {layer}; layers with a target are {string.Join(", ", known)}");
    }

    // PEFT lists both names of heads for SEQ_CLS, although a model has one of them.
    private static bool IsOtherHead(string name, AdapterOptions options, List<Place> places) =>
        ClassifierNames.Contains(name) && places.Any(place => options.TrainedWholeModule(place.Path, place.IsHead) is { } module && ClassifierNames.Any(head => module.EndsWith(head, StringComparison.Ordinal)));
}
