using FineTuneKit.Models;

namespace FineTuneKit.Adapters;

/// <summary>How the matrices of a low-rank adapter start.</summary>
public enum LoraInitialization
{
    /// <summary>A uniform as Kaiming's, B zero: training starts from the base's own output.</summary>
    Default,

    /// <summary>A normal with deviation 1 / r, B zero.</summary>
    Gaussian,

    /// <summary>The weight's largest singular vectors, which are taken out of the base (<see cref="Adapters.Pissa"/>).</summary>
    Pissa,

    /// <summary>The first columns of the weight's QR decomposition, which are taken out of the base (<see cref="Adapters.Olora"/>).</summary>
    Olora,

    /// <summary>What a 4-bit base lacks of the weight (<see cref="Adapters.LoftQ"/>).</summary>
    LoftQ,
}

/// <summary>Which of the base's biases are trained beside the adapter.</summary>
public enum TrainedBiases
{
    /// <summary>None.</summary>
    None,

    /// <summary>Those of the adapted projections.</summary>
    LoraOnly,

    /// <summary>Those of every module.</summary>
    All,
}

/// <summary>Low-rank adapters (<see cref="Lora"/>, <see cref="Dora"/>, <see cref="LoraEmbedding"/>): of what size, and how they start.</summary>
public sealed record LoraOptions : AdapterOptions
{
    /// <summary>Default 8. The rank r of the update, 1 or more.</summary>
    public int Rank { get; init; } = 8;

    /// <summary>Default 16. The update is scaled by alpha / r; above 0.</summary>
    public double Alpha { get; init; } = 16;

    /// <summary>Default 0. Share of the adapter's inputs dropped in training, in [0, 1).</summary>
    public double Dropout { get; init; }

    /// <summary>Default false. Scale by alpha / √r instead (rsLoRA, arXiv 2312.03732).</summary>
    public bool RankStabilized { get; init; }

    /// <summary>Default false. Learn the length of each row of the weight apart from its direction (<see cref="Dora"/>).</summary>
    public bool UseDora { get; init; }

    /// <summary>Default as in the paper: B zero.</summary>
    public LoraInitialization Initialization { get; init; }

    /// <summary>Default 1. Rounds of quantising and decomposing under <see cref="LoraInitialization.LoftQ"/>, 1 or more.</summary>
    public int LoftQIterations { get; init; } = 1;

    /// <summary>Default none. Which biases of the base are trained.</summary>
    public TrainedBiases Bias { get; init; }

    /// <summary>Default none. Ranks of single projections: the first pattern that the end of the name matches counts.</summary>
    public IReadOnlyList<KeyValuePair<string, int>> RankPattern { get; init; } = [];

    /// <summary>Default none. Alphas of single projections, matched as ranks are.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> AlphaPattern { get; init; } = [];

    /// <inheritdoc/>
    public override string PeftType => "LORA";

    internal override string Method => "LoRA";

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        foreach ((string name, int rank) in RankPattern.Prepend(KeyValuePair.Create(nameof(Rank), Rank)))
            if (rank < 1) throw new InputException($"LoRA: {name} is {rank}; a rank must be 1 or more");
        foreach ((string name, double alpha) in AlphaPattern.Prepend(KeyValuePair.Create(nameof(Alpha), Alpha)))
            if (!(alpha > 0) || !double.IsFinite(alpha)) throw new InputException($"LoRA: {name} is {alpha}; an alpha must be above 0");
        if (Dropout is not (>= 0 and < 1)) throw new InputException($"LoRA: {nameof(Dropout)} is {Dropout}; it must be in [0, 1)");
        if (LoftQIterations < 1) throw new InputException($"LoRA: {nameof(LoftQIterations)} is {LoftQIterations}; it must be 1 or more");
        foreach (string pattern in RankPattern.Select(p => p.Key).Concat(AlphaPattern.Select(p => p.Key))) RequireExpression(pattern);
    }

    /// <summary>The rank of a projection's adapter.</summary>
    public int RankOf(string path) => ByPattern(RankPattern, path, Rank);

    /// <summary>The alpha of a projection's adapter.</summary>
    public double AlphaOf(string path) => ByPattern(AlphaPattern, path, Alpha);

    /// <summary>What a projection's update is multiplied by.</summary>
    /// <param name="path">The projection.</param>
    /// <param name="rank">Its rank; null for the configured one.</param>
    public double ScaleOf(string path, long? rank = null) => AlphaOf(path) / (RankStabilized ? Math.Sqrt(rank ?? RankOf(path)) : rank ?? RankOf(path));

    internal override ProjectionAdapter MakeAdapter(string path, Linear layer, FreshAdapters fresh)
    {
        int rank = RankOf(path);
        RequireRank(path, rank, Math.Min(layer.InFeatures, layer.OutFeatures), fresh.AnyRank && Initialization is LoraInitialization.Default or LoraInitialization.Gaussian);
        LoraStart start = LoraStart.Of(this, path, layer, rank, ScaleOf(path), fresh.Seed);
        return UseDora ? new Dora(layer, start, ScaleOf(path), Dropout, fresh.Draws) : new Lora(start, ScaleOf(path), Dropout, fresh.Draws);
    }

    internal override TableAdapter MakeAdapter(string path, TokenEmbedding table, FreshAdapters fresh)
    {
        if (UseDora) throw new InputException($"LoRA: {path} is an embedding, beside which there is no DoRA; adapt it without use_dora");
        if (Initialization is not (LoraInitialization.Default or LoraInitialization.Gaussian))
            throw new InputException($"LoRA: {path} is an embedding, which cannot start as {Initialization}; start it by default");
        int rank = RankOf(path);
        RequireRank(path, rank, Math.Min(table.Rows, table.Size), fresh.AnyRank);
        return new LoraEmbedding(path, table, rank, ScaleOf(path), fresh.Seed);
    }

    internal override IEnumerable<string> TrainedBiases(IReadOnlyList<string> biases, IReadOnlySet<string> adapted) => Bias switch
    {
        Adapters.TrainedBiases.All => biases,
        Adapters.TrainedBiases.LoraOnly => biases.Where(name => adapted.Contains(name[..^".bias".Length])),
        _ => [],
    };

    private static void RequireRank(string path, int rank, long most, bool any)
    {
        if (rank > most && !any) throw new InputException($"LoRA: rank {rank} is larger than {path} allows: its smaller side is {most}");
    }
}
