namespace FineTuneKit.Data;

/// <summary>A fact that answers have to agree with.</summary>
/// <param name="Subject">Text that has to occur in the answer for the fact to apply, such as a product's name; empty for any answer.</param>
/// <param name="Pattern">Regular expression with a group named <c>value</c> that finds what the answer says of the subject.</param>
/// <param name="Value">What it has to say.</param>
public sealed record Fact(string Subject, string Pattern, string Value);

/// <summary>What <see cref="DataAudit"/> looks for and how strictly.</summary>
public sealed record AuditOptions
{
    /// <summary>Prompts and answers both at least so similar make near-duplicates (Jaccard over <see cref="Shingles.Of"/>); in (0, 1].</summary>
    public double NearDuplicateThreshold { get; init; } = 0.8;

    /// <summary>Prompts at least so similar should have the same labels; in (0, 1].</summary>
    public double ContradictionThreshold { get; init; } = 0.9;

    /// <summary>A label, language or length this many times as common as the median of the others is out of balance; above 1.</summary>
    public double ImbalanceRatio { get; init; } = 2;

    /// <summary>Dates in answers before this day are stale; null to accept all.</summary>
    public DateOnly? OldestDate { get; init; }

    /// <summary>Facts that answers have to agree with.</summary>
    public IReadOnlyList<Fact> Facts { get; init; } = [];

    /// <summary>Default null. Other data, such as the training rows of a base, in which none of the audited rows may occur.</summary>
    public IEnumerable<Row>? Against { get; init; }

    internal void Check()
    {
        foreach ((string name, double value) in new[] { (nameof(NearDuplicateThreshold), NearDuplicateThreshold), (nameof(ContradictionThreshold), ContradictionThreshold) })
        {
            if (!(value is > 0 and <= 1)) throw new InputException($"{name} is {value}; more than 0 and at most 1 is required");
        }
        if (!(ImbalanceRatio > 1)) throw new InputException($"{nameof(ImbalanceRatio)} is {ImbalanceRatio}; more than 1 is required");
    }
}
