using FineTuneKit.Models;

namespace FineTuneKit.Adapters;

/// <summary>IA3 (<see cref="Ia3"/>): which projections are scaled, and which of them at their input.</summary>
public sealed record Ia3Options : AdapterOptions
{
    /// <summary>Default none. Those of the targets that end a feed-forward block, whose input is scaled; matched as targets are.</summary>
    public IReadOnlyList<string> Feedforward { get; init; } = [];

    /// <summary>Default null. A regular expression that the whole name of such a target matches, instead of <see cref="Feedforward"/>.</summary>
    public string? FeedforwardPattern { get; init; }

    /// <inheritdoc/>
    public override string PeftType => "IA3";

    internal override string Method => "IA3";

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        if (FeedforwardPattern is not null) RequireExpression(FeedforwardPattern);
        if (TargetPattern is not null || Targets.Contains(AllLinear)) return;
        if (Feedforward.FirstOrDefault(name => !Targets.Contains(name)) is { } stray)
            throw new InputException($"IA3: {stray} is a feed-forward module but no target; targets are {string.Join(", ", Targets)}");
    }

    internal override ProjectionAdapter MakeAdapter(string path, Linear layer, FreshAdapters fresh) =>
        new Ia3(layer, FeedforwardPattern is { } pattern ? IsWhole(pattern, path) : Feedforward.Any(name => IsNamed(path, name)));
}
