using FineTuneKit.Models;

namespace FineTuneKit.Adapters;

/// <summary>IA3 (<see cref="Ia3"/>): which projections are scaled, and which of them at their input.</summary>
public sealed record Ia3Options : AdapterOptions
{
    // As PEFT chooses by family: keys and values, or the projection that they share with the queries, and what ends a feed-forward block.
    private static readonly string[] KeysAndValues = ["k_proj", "v_proj", "qkv_proj", "c_attn", "query_key_value", "key", "value"];
    private static readonly string[] EndsOfBlocks = ["down_proj", "mlp.c_proj", "dense_4h_to_h"];

    /// <summary>The usual targets of a model.</summary>
    /// <exception cref="InputException">None of the usual names is there.</exception>
    public static Ia3Options For(IAdaptable model)
    {
        List<string> paths = [.. model.Projections().Select(projection => projection.Key)];
        string[] Present(string[] names) => [.. names.Where(name => paths.Exists(path => IsNamed(path, name)))];
        string[] ends = Present(EndsOfBlocks), targets = [.. Present(KeysAndValues), .. ends];
        if (targets.Length == 0) throw new InputException($"IA3: the model has none of {string.Join(", ", KeysAndValues.Concat(EndsOfBlocks))}; name the targets");
        return new Ia3Options { Targets = targets, Feedforward = ends };
    }

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
