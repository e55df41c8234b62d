using FineTuneKit.Models;

namespace FineTuneKit.Adapters;

/// <summary>Where a block has its bottleneck adapters.</summary>
public enum BottleneckPlacement
{
    /// <summary>After the attention and after the feed-forward part.</summary>
    Houlsby,

    /// <summary>After the feed-forward part alone: half the weights.</summary>
    Pfeiffer,
}

/// <summary>Bottleneck adapters (<see cref="Bottleneck"/>): how wide, and where.</summary>
public sealed record BottleneckOptions : AdapterOptions
{
    private static readonly string[] EndsOfAttention = ["o_proj", "attn.c_proj", "attention.dense"], EndsOfFeedForward = ["down_proj", "mlp.c_proj", "dense_4h_to_h"];

    /// <summary>Default 16. Width of the narrow layer, 1 or more.</summary>
    public int Size { get; init; } = 16;

    /// <inheritdoc/>
    public override string PeftType => BottleneckConfigFile.Kind;

    internal override string Method => "bottleneck adapters";

    /// <summary>The projections of a decoder that write into the residual stream, as the placement says.</summary>
    /// <exception cref="InputException">The model has none of the usual names.</exception>
    public static BottleneckOptions For(IAdaptable model, BottleneckPlacement placement = BottleneckPlacement.Houlsby, int size = 16)
    {
        string[] names = placement == BottleneckPlacement.Houlsby ? [.. EndsOfAttention, .. EndsOfFeedForward] : EndsOfFeedForward;
        string[] present = [.. names.Where(name => model.Projections().Any(projection => IsNamed(projection.Key, name)))];
        if (present.Length == 0) throw new InputException($"bottleneck adapters: the model has none of {string.Join(", ", names)}; name the targets");
        return new BottleneckOptions { Targets = present, Size = size };
    }

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        if (Size < 1) throw new InputException($"bottleneck adapters: {nameof(Size)} is {Size}; it must be 1 or more");
    }

    internal override ProjectionAdapter MakeAdapter(string path, Linear layer, FreshAdapters fresh) => new Bottleneck(path, layer, Size, fresh.Seed);
}
