namespace FineTuneKit.Charts;

/// <summary>A token as it is shown.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Value">A number such as its loss; null where it has none.</param>
public sealed record StripToken(string Text, double? Value = null)
{
    /// <summary>Whether the loss counts it, as it does an answer's tokens and not a question's.</summary>
    public bool Learned { get; init; }
}

/// <summary>Tokens one after another as they are read, those that are learned from marked, or shaded by a number.</summary>
public sealed record TokenStrip : Chart
{
    /// <summary>The tokens.</summary>
    public required IReadOnlyList<StripToken> Tokens { get; init; }

    /// <summary>What the number of a token measures; null where they have none.</summary>
    public Axis? Value { get; init; }

    /// <summary>A token's text with its blanks and line ends to be seen.</summary>
    internal static string Visible(string text) => text.Length == 0 ? "∅" : text.Replace("\n", "⏎").Replace("\t", "⇥").Replace(' ', '␣');

    /// <summary>Where a value stands between the smallest and the largest, 0 to 1.</summary>
    internal Func<double, double> Shade()
    {
        double[] values = [.. Tokens.Where(t => t.Value is { } v && double.IsFinite(v)).Select(t => t.Value!.Value)];
        double low = Value?.Minimum ?? (values.Length > 0 ? values.Min() : 0), high = Value?.Maximum ?? (values.Length > 0 ? values.Max() : 1);
        return value => high > low ? (value - low) / (high - low) : 0;
    }
}
