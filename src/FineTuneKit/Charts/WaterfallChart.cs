using FineTuneKit.Evaluation;

namespace FineTuneKit.Charts;

/// <summary>One step of a waterfall: what changed and by how much.</summary>
public sealed record WaterfallStep(string Name, Estimate Change);

/// <summary>How a value comes from its start to its end, change by change, such as the steps from an untuned to a tuned score.</summary>
public sealed record WaterfallChart : Chart
{
    /// <summary>The axis of the values.</summary>
    public required Axis Value { get; init; }

    /// <summary>What the value is at first.</summary>
    public required string StartName { get; init; }

    /// <summary>The value at first.</summary>
    public required double Start { get; init; }

    /// <summary>The changes, top to bottom.</summary>
    public required IReadOnlyList<WaterfallStep> Steps { get; init; }

    /// <summary>What the value is at the end.</summary>
    public required string EndName { get; init; }

    /// <summary>The value at the end.</summary>
    public double End => Start + Steps.Sum(s => s.Change.Value);

    /// <summary>Bars with their ends: the start, each change from where the one before it ended, the end.</summary>
    internal IEnumerable<(string Name, double From, double To, Estimate? Change)> Bars()
    {
        yield return (StartName, 0, Start, null);
        double at = Start;
        foreach (WaterfallStep step in Steps)
        {
            yield return (step.Name, at, at + step.Change.Value, step.Change);
            at += step.Change.Value;
        }
        yield return (EndName, 0, at, null);
    }
}
