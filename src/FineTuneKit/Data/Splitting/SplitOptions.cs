namespace FineTuneKit.Data;

/// <summary>The three sides of a split.</summary>
public enum SplitSide
{
    /// <summary>Rows to learn from.</summary>
    Train,

    /// <summary>Rows that choose: when to stop, which learning rate.</summary>
    Validation,

    /// <summary>Rows that are looked at once, for the figures.</summary>
    Test,
}

/// <summary>What decides on which side a row stands.</summary>
public enum SplitMethod
{
    /// <summary>Units are dealt out so that sizes, labels and languages come as near to their shares as they can.</summary>
    Balanced,

    /// <summary>The hash of a row's group or text, so that rows that are added move none; sizes come near their shares with many rows.</summary>
    Hash,

    /// <summary>Time: the oldest rows train, the newest test.</summary>
    Time,
}

/// <summary>How <see cref="DataSplit"/> divides rows.</summary>
public sealed record SplitOptions
{
    /// <summary>Share of the rows to learn from, above 0.</summary>
    public double Train { get; init; } = 0.8;

    /// <summary>Share of the rows for validation; 0 leaves that side out.</summary>
    public double Validation { get; init; } = 0.1;

    /// <summary>Share of the rows for the test; 0 leaves that side out.</summary>
    public double Test { get; init; } = 0.1;

    /// <summary>Seed of the order in which groups are dealt out.</summary>
    public long Seed { get; init; }

    /// <summary>Default <see cref="SplitMethod.Balanced"/>.</summary>
    public SplitMethod Method { get; init; }

    /// <summary>Default null. The other key (<see cref="Row.Extra"/>) that holds a row's time, for <see cref="SplitMethod.Time"/>: an ISO 8601 date or time, or seconds since 1970.</summary>
    public string? TimeKey { get; init; }

    /// <summary>Default null. Sides that rows had before (<see cref="SplitFile"/>), for <see cref="SplitMethod.Hash"/>: they keep them.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public IReadOnlyDictionary<string, SplitSide>? Keep { get; init; }

    /// <summary>Default false. Whether each side also gets its share of short, middling and long answers.</summary>
    public bool StratifyByLength { get; init; }

    /// <summary>Whether each side gets its share of every label and language that the rows name.</summary>
    public bool Stratify { get; init; } = true;

    /// <summary>Rows whose texts are at least so similar (Jaccard over <see cref="Shingles.Of"/>) stay on one side; in (0, 1].</summary>
    public double NearDuplicateThreshold { get; init; } = 0.8;

    /// <summary>Which text makes two rows near-duplicates.</summary>
    public CompareBy CompareBy { get; init; } = CompareBy.Prompt;

    /// <summary>The share of a side.</summary>
    public double Share(SplitSide side) => side switch
    {
        SplitSide.Train => Train,
        SplitSide.Validation => Validation,
        _ => Test,
    };

    /// <summary>The sides that get rows.</summary>
    internal SplitSide[] Sides => Enum.GetValues<SplitSide>().Where(s => Share(s) > 0).ToArray();

    internal void Check()
    {
        foreach (SplitSide side in Enum.GetValues<SplitSide>())
        {
            if (!(Share(side) >= 0)) throw new InputException($"a {side} share of {Share(side)}; 0 or more is required");
        }
        if (Method == SplitMethod.Time && TimeKey is null) throw new InputException("a split by time needs the key that holds a row's time; TimeKey is required");
        if (!(Train > 0)) throw new InputException("a Train share of 0; more is required");
        if (!(Math.Abs(Train + Validation + Test - 1) < 1e-9))
            throw new InputException($"shares of {Train} + {Validation} + {Test} = {Train + Validation + Test}; a sum of 1 is required");
    }
}
