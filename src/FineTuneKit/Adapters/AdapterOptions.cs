using System.Globalization;
using System.Text.RegularExpressions;
using FineTuneKit.Models;

namespace FineTuneKit.Adapters;

/// <summary>
/// What every kind of adapter says: where it sits, and what is trained whole beside it. The rules of matching are PEFT's,
/// so that its configuration files mean the same here. A kind derives from this, names itself, and makes its adapters.
/// </summary>
public abstract record AdapterOptions
{
    /// <summary>The target that stands for every projection but the head.</summary>
    public const string AllLinear = "all-linear";

    /// <summary>
    /// Default <c>all-linear</c>. Names of projections: one matches where its whole name is given or ends in "." and a
    /// given name, as <c>q_proj</c> does <c>model.layers.0.self_attn.q_proj</c>.
    /// </summary>
    public IReadOnlyList<string> Targets { get; init; } = [AllLinear];

    /// <summary>Default null. A regular expression that a whole name must match, instead of <see cref="Targets"/>.</summary>
    public string? TargetPattern { get; init; }

    /// <summary>Default none. Names that are not adapted although they are targets; matched as targets are.</summary>
    public IReadOnlyList<string> Excluded { get; init; } = [];

    /// <summary>Default null. A regular expression whose whole matches are not adapted, instead of <see cref="Excluded"/>.</summary>
    public string? ExcludedPattern { get; init; }

    /// <summary>Default null. Indices of the blocks that are adapted; null means all.</summary>
    public IReadOnlyList<int>? Layers { get; init; }

    /// <summary>Default none. Names of the list of blocks, such as <c>layers</c>; without one, any list counts.</summary>
    public IReadOnlyList<string> LayersPattern { get; init; } = [];

    /// <summary>Default none. Modules that are trained whole, as copies, beside the adapter, such as <c>lm_head</c> or <c>embed_tokens</c>.</summary>
    public IReadOnlyList<string> TrainedWhole { get; init; } = [];

    /// <summary>Default <c>CAUSAL_LM</c>. PEFT's name of what the model is used for, such as <c>SEQ_CLS</c>; null for none. Only written into the file.</summary>
    public string? TaskType { get; init; } = "CAUSAL_LM";

    /// <summary>Default null. The class of the base and its Python module, which PEFT notes where there is no task type. Only written into the file.</summary>
    public AutoMapping? AutoMapping { get; init; }

    /// <summary>PEFT's name of the kind, as its <c>peft_type</c> has it.</summary>
    public abstract string PeftType { get; }

    /// <summary>The method's name in messages.</summary>
    internal abstract string Method { get; }

    /// <summary>Checks each field against its range.</summary>
    /// <exception cref="InputException">A field out of range, or a pattern that is no regular expression.</exception>
    public virtual void Validate()
    {
        if (Targets.Count == 0 && TargetPattern is null) throw new InputException($"{Method}: no target is named; name projections, or all-linear");
        foreach (string pattern in LayersPattern.Append(TargetPattern ?? "").Append(ExcludedPattern ?? "")) RequireExpression(pattern);
        if (TargetPattern is not null && Layers is { Count: > 0 }) throw new InputException($"{Method}: layers are counted only for targets by name; a pattern names its layers itself");
        if (Layers is null or [] && LayersPattern.Count > 0)
            throw new InputException($"{Method}: layers_pattern is {string.Join(", ", LayersPattern)}, but layers_to_transform is missing: which layers of the list?");
    }

    /// <summary>A fresh adapter for a projection.</summary>
    /// <exception cref="InputException">The method cannot sit there, or not in that size; nothing is changed.</exception>
    internal abstract ProjectionAdapter MakeAdapter(string path, Linear layer, FreshAdapters fresh);

    /// <summary>A fresh adapter for a table of embeddings.</summary>
    /// <exception cref="InputException">The method has none for tables.</exception>
    internal virtual TableAdapter MakeAdapter(string path, TokenEmbedding table, FreshAdapters fresh) =>
        throw new InputException($"{Method}: {path} is an embedding, beside which this method has no adapter; projections can be adapted");

    /// <summary>Which of the base's biases are trained in their place.</summary>
    /// <param name="biases">All that there are, by name.</param>
    /// <param name="adapted">The paths that bear adapters.</param>
    internal virtual IEnumerable<string> TrainedBiases(IReadOnlyList<string> biases, IReadOnlySet<string> adapted) => [];

    /// <summary>Whether the module gets an adapter.</summary>
    /// <param name="path">Its name in the checkpoint, without <c>.weight</c>.</param>
    /// <param name="isHead">Whether it is the head or an embedding, which all-linear leaves out.</param>
    public bool IsTarget(string path, bool isHead) => IsTargetOfAnyLayer(path, isHead) && (TargetPattern is not null || Targets.Contains(path) || InLayers(path));

    /// <summary>
    /// The module that is trained whole and holds this projection: the projection itself, or a head of several layers
    /// that is named as one, as RoBERTa's <c>classifier</c>. Null where none is.
    /// </summary>
    /// <param name="path">The projection's name.</param>
    /// <param name="isHead">Whether it belongs to the head.</param>
    public string? TrainedWholeModule(string path, bool isHead)
    {
        for (int end = isHead ? path.IndexOf('.') : -1; end >= 0; end = path.IndexOf('.', end + 1))
            if (EndsInTrainedWhole(path[..end])) return path[..end];
        return EndsInTrainedWhole(path) ? path : null;
    }

    /// <summary>The index of the block that a module is in, by the list of blocks; null where it is in none.</summary>
    internal int? LayerOf(string path)
    {
        // Greedy, as PEFT's: the last list of the name that is followed by an index.
        string[] lists = LayersPattern.Count > 0 ? [.. LayersPattern] : ["[^.]*"];
        foreach (string list in lists)
        {
            Match match = Regex.Match(path, $@"\A.*\.{list}\.(\d+)\.", RegexOptions.CultureInvariant);
            if (match.Success) return int.Parse(match.Groups[^1].Value, CultureInfo.InvariantCulture);
        }
        return null;
    }

    /// <summary>Whether the module is a target before layers are counted.</summary>
    internal bool IsTargetOfAnyLayer(string path, bool isHead)
    {
        if (ExcludedPattern is { } excluded ? IsWhole(excluded, path) : Excluded.Any(name => IsNamed(path, name))) return false;
        if (TargetPattern is { } pattern) return IsWhole(pattern, path);
        // A whole name says its block itself.
        return Targets.Contains(path) || Targets.Any(name => name == AllLinear ? !isHead : IsNamed(path, name));
    }

    /// <summary>Whether a pattern matches the whole of a name.</summary>
    internal static bool IsWhole(string pattern, string path) => Regex.IsMatch(path, $@"\A(?:{pattern})\z", RegexOptions.CultureInvariant);

    /// <summary>Whether a name is the given one or ends in "." and the given one.</summary>
    internal static bool IsNamed(string path, string name) => path == name || path.EndsWith("." + name, StringComparison.Ordinal);

    /// <summary>The value of the first pattern that the end of a name matches.</summary>
    protected static T ByPattern<T>(IReadOnlyList<KeyValuePair<string, T>> patterns, string path, T otherwise)
    {
        foreach ((string pattern, T value) in patterns)
            if (Regex.IsMatch(path, $@"\A(.*\.)?({pattern})\z", RegexOptions.CultureInvariant)) return value;
        return otherwise;
    }

    /// <summary>Refuses what is no regular expression.</summary>
    protected void RequireExpression(string pattern)
    {
        try
        {
            _ = new Regex(pattern, RegexOptions.CultureInvariant);
        }
        catch (ArgumentException e)
        {
            throw new InputException($"{Method}: \"{pattern}\" is no regular expression: {e.Message}", e);
        }
    }

    private bool EndsInTrainedWhole(string path) => TrainedWhole.Any(name => path.EndsWith(name, StringComparison.Ordinal));

    private bool InLayers(string path) => Layers is null or [] || (LayerOf(path) is { } layer && Layers.Contains(layer));
}

/// <summary>What PEFT notes of a base without a task type.</summary>
/// <param name="BaseModelClass">The class, such as <c>ViTForImageClassification</c>.</param>
/// <param name="ParentLibrary">Its Python module.</param>
public sealed record AutoMapping(string? BaseModelClass, string? ParentLibrary);

/// <summary>What fresh adapters are made with.</summary>
/// <param name="Seed">The seed of their numbers.</param>
/// <param name="Draws">Where their dropout draws from.</param>
/// <param name="AnyRank">Whether a rank above the matrix's is allowed, as in a file that was made elsewhere.</param>
internal sealed record FreshAdapters(long Seed, Generator Draws, bool AnyRank);
