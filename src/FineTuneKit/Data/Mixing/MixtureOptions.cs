namespace FineTuneKit.Data;

/// <summary>Rows of one origin in a mixture.</summary>
/// <param name="Name">The name in reports.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Share">Its part of the mixture; the parts of all sources are taken in relation.</param>
public sealed record MixtureSource(string Name, IReadOnlyList<Row> Rows, double Share)
{
    /// <summary>Default 1. How many times a row may come at most; 2.5 gives half of the rows a third time.</summary>
    public double MostRepeats { get; init; } = 1;
}

/// <summary>How sources are mixed.</summary>
public sealed record MixtureOptions
{
    /// <summary>Default null: shares are of rows. Else they are of tokens, counted by this.</summary>
    public Func<Row, int>? CountTokens { get; init; }

    /// <summary>Default null: until a source has no more. Rows, or tokens where they are counted.</summary>
    public long? Total { get; init; }

    /// <summary>The seed of the order within each source.</summary>
    public long Seed { get; init; }
}

/// <summary>What a source gave to a mixture.</summary>
/// <param name="Name">The source.</param>
/// <param name="Rows">Rows given.</param>
/// <param name="Tokens">Their tokens; 0 where they are not counted.</param>
/// <param name="Share">Its part of the rows or tokens.</param>
/// <param name="Wanted">The part that was asked for.</param>
/// <param name="Passes">Times through its rows.</param>
public sealed record MixturePart(string Name, long Rows, long Tokens, double Share, double Wanted, double Passes);
