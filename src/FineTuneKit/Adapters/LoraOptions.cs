using System.Globalization;
using System.Text.RegularExpressions;

namespace FineTuneKit.Adapters;

/// <summary>
/// Which projections get a LoRA adapter, and of what size. The rules of matching are PEFT's, so that its configuration
/// files mean the same here.
/// </summary>
public sealed record LoraOptions
{
    /// <summary>The target that stands for every projection but the head.</summary>
    public const string AllLinear = "all-linear";

    /// <summary>Default 8. The rank r of the update, 1 or more.</summary>
    public int Rank { get; init; } = 8;

    /// <summary>Default 16. The update is scaled by alpha / r; above 0.</summary>
    public double Alpha { get; init; } = 16;

    /// <summary>Default 0. Share of the adapter's inputs dropped in training, in [0, 1).</summary>
    public double Dropout { get; init; }

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

    /// <summary>Default false. Scale by alpha / √r instead (rsLoRA, arXiv 2312.03732).</summary>
    public bool RankStabilized { get; init; }

    /// <summary>Default none. Ranks of single projections: the first pattern that the end of the name matches counts.</summary>
    public IReadOnlyList<KeyValuePair<string, int>> RankPattern { get; init; } = [];

    /// <summary>Default none. Alphas of single projections, matched as ranks are.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> AlphaPattern { get; init; } = [];

    /// <summary>Default null. Indices of the blocks that are adapted; null means all.</summary>
    public IReadOnlyList<int>? Layers { get; init; }

    /// <summary>Default none. Names of the list of blocks, such as <c>layers</c>; without one, any list counts.</summary>
    public IReadOnlyList<string> LayersPattern { get; init; } = [];

    /// <summary>Default none. Projections that are trained whole, as copies, beside the adapter, such as <c>lm_head</c>.</summary>
    public IReadOnlyList<string> TrainedWhole { get; init; } = [];

    /// <summary>Default <c>CAUSAL_LM</c>. PEFT's name of what the model is used for, such as <c>SEQ_CLS</c>; null for none. Only written into the file.</summary>
    public string? TaskType { get; init; } = "CAUSAL_LM";

    /// <summary>Checks each field against its range.</summary>
    /// <exception cref="InputException">A field out of range, or a pattern that is no regular expression.</exception>
    public LoraOptions Validated()
    {
        foreach ((string name, int rank) in RankPattern.Prepend(KeyValuePair.Create(nameof(Rank), Rank)))
            if (rank < 1) throw new InputException($"LoRA: {name} is {rank}; a rank must be 1 or more");
        foreach ((string name, double alpha) in AlphaPattern.Prepend(KeyValuePair.Create(nameof(Alpha), Alpha)))
            if (!(alpha > 0) || !double.IsFinite(alpha)) throw new InputException($"LoRA: {name} is {alpha}; an alpha must be above 0");
        if (Dropout is not (>= 0 and < 1)) throw new InputException($"LoRA: {nameof(Dropout)} is {Dropout}; it must be in [0, 1)");
        if (Targets.Count == 0 && TargetPattern is null) throw new InputException("LoRA: no target is named; name projections, or all-linear");
        foreach (string pattern in RankPattern.Select(p => p.Key).Concat(AlphaPattern.Select(p => p.Key)).Concat(LayersPattern).Append(TargetPattern ?? "").Append(ExcludedPattern ?? ""))
            Compiled(pattern);
        if (TargetPattern is not null && Layers is { Count: > 0 }) throw new InputException("LoRA: layers are counted only for targets by name; a pattern names its layers itself");
        return this;
    }

    /// <summary>Whether the projection gets an adapter.</summary>
    /// <param name="path">Its name in the checkpoint, without <c>.weight</c>.</param>
    /// <param name="isHead">Whether it is the head, which all-linear leaves out.</param>
    public bool IsTarget(string path, bool isHead)
    {
        if (ExcludedPattern is { } excluded ? IsWhole(excluded, path) : Excluded.Any(name => IsNamed(path, name))) return false;
        if (TargetPattern is { } pattern) return IsWhole(pattern, path);
        // A whole name says its block itself.
        if (Targets.Contains(path)) return true;
        return Targets.Any(name => name == AllLinear ? !isHead : IsNamed(path, name)) && InLayers(path);
    }

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

    private bool EndsInTrainedWhole(string path) => TrainedWhole.Any(name => path.EndsWith(name, StringComparison.Ordinal));

    /// <summary>The rank of a projection's adapter.</summary>
    public int RankOf(string path) => Of(RankPattern, path, Rank);

    /// <summary>The alpha of a projection's adapter.</summary>
    public double AlphaOf(string path) => Of(AlphaPattern, path, Alpha);

    private static bool IsWhole(string pattern, string path) => Regex.IsMatch(path, $@"\A(?:{pattern})\z", RegexOptions.CultureInvariant);

    private static bool IsNamed(string path, string name) => path == name || path.EndsWith("." + name, StringComparison.Ordinal);

    private bool InLayers(string path)
    {
        if (Layers is null or []) return true;
        // Greedy, as PEFT's: the last list of the name that is followed by an index.
        string[] lists = LayersPattern.Count > 0 ? [.. LayersPattern] : ["[^.]*"];
        foreach (string list in lists)
        {
            Match match = Regex.Match(path, $@"\A.*\.{list}\.(\d+)\.", RegexOptions.CultureInvariant);
            if (match.Success) return Layers.Contains(int.Parse(match.Groups[^1].Value, CultureInfo.InvariantCulture));
        }
        return false;
    }

    private static T Of<T>(IReadOnlyList<KeyValuePair<string, T>> patterns, string path, T otherwise)
    {
        foreach ((string pattern, T value) in patterns)
            if (Regex.IsMatch(path, $@"\A(.*\.)?({pattern})\z", RegexOptions.CultureInvariant)) return value;
        return otherwise;
    }

    private static void Compiled(string pattern)
    {
        try
        {
            _ = new Regex(pattern, RegexOptions.CultureInvariant);
        }
        catch (ArgumentException e)
        {
            throw new InputException($"LoRA: \"{pattern}\" is no regular expression: {e.Message}", e);
        }
    }
}
