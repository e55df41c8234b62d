namespace FineTuneKit.Adapters;

/// <summary>How adapters are made into one, under the names of PEFT's <c>add_weighted_adapter</c>. s is an adapter's own scale.</summary>
public enum CombinationType
{
    /// <summary>A = Σ ±√|w s| A, B = Σ √|w s| B: cheap, of the same rank, not the sum of the updates.</summary>
    Linear,

    /// <summary>A and B side by side: exactly Σ w s B A, of the sum of the ranks.</summary>
    Cat,

    /// <summary>The best approximation of Σ w s B A of a given rank.</summary>
    Svd,

    /// <summary>As linear, after pruning, where each number takes the sign that the adapters elect (Yadav et al., 2023, arXiv 2306.01708).</summary>
    Ties,

    /// <summary>As linear, after pruning.</summary>
    MagnitudePrune,
}

/// <summary>How the sign of a number is elected.</summary>
public enum MajoritySign
{
    /// <summary>By the sum of the numbers.</summary>
    Total,

    /// <summary>By how many have it.</summary>
    Frequency,
}

/// <summary>How adapters are made into one.</summary>
public sealed record CombinationOptions
{
    /// <summary>Default linear.</summary>
    public CombinationType Type { get; init; }

    /// <summary>Default 1. The share of numbers, the largest of each matrix, that pruning leaves, from 0 to 1.</summary>
    public double Density { get; init; } = 1;

    /// <summary>Default null: the highest rank among the adapters. The rank of <see cref="CombinationType.Svd"/>.</summary>
    public int? SvdRank { get; init; }

    /// <summary>Default by total.</summary>
    public MajoritySign MajoritySign { get; init; }

    /// <summary>The options, checked against the adapters and their weights.</summary>
    /// <exception cref="InputException">No adapter, another number of weights, or a number out of range.</exception>
    internal CombinationOptions Validated(int adapters, IReadOnlyList<double> weights)
    {
        if (adapters == 0) throw new InputException("a combination needs one adapter or more");
        if (weights.Count != adapters) throw new InputException($"{adapters} adapters need as many weights; there are {weights.Count}");
        if (weights.FirstOrDefault(weight => !double.IsFinite(weight), 0) is var bad && !double.IsFinite(bad)) throw new InputException($"the weight {bad} of an adapter is no finite number");
        if (Density is not (>= 0 and <= 1)) throw new InputException($"the density of a combination is {Density}; from 0 to 1 is required");
        if (SvdRank < 1) throw new InputException($"the rank of a combination is {SvdRank}; 1 or more is required");
        return this;
    }
}
