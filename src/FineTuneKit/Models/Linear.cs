namespace FineTuneKit.Models;

/// <summary>
/// A projection of any model: y = x Wᵀ + b, weight (out, in). An adapter may sit beside it; the base's
/// parameter names never change by that.
/// </summary>
public sealed class Linear : nn.Module<Tensor, Tensor>
{
    /// <summary>(out, in).</summary>
    public readonly Parameter weight;

    /// <summary>(out), or null.</summary>
    public readonly Parameter? bias;

    /// <summary>A projection with unset weights: load or initialise them.</summary>
    public Linear(long inFeatures, long outFeatures, bool hasBias = false) : base(nameof(Linear))
    {
        (InFeatures, OutFeatures) = (inFeatures, outFeatures);
        weight = new Parameter(empty(outFeatures, inFeatures));
        bias = hasBias ? new Parameter(empty(outFeatures)) : null;
        RegisterComponents();
    }

    /// <summary>Components of the input.</summary>
    public long InFeatures { get; }

    /// <summary>Components of the output.</summary>
    public long OutFeatures { get; }

    /// <summary>What is computed instead of the plain projection; null for none.</summary>
    public LinearAdapter? Adapter { get; set; }

    /// <summary>(…, in) → (…, out), through the adapter where there is one.</summary>
    public override Tensor forward(Tensor input) => Adapter is null ? Plain(input) : Adapter.forward(input, this);

    /// <summary>(…, in) → (…, out), without the adapter.</summary>
    public Tensor Plain(Tensor input) => nn.functional.linear(input, weight, bias);
}

/// <summary>What an adapter is to a projection: it sees the input and the layer, and gives the output.</summary>
public abstract class LinearAdapter : nn.Module
{
    /// <summary>An adapter under a name.</summary>
    protected LinearAdapter(string name) : base(name)
    {
    }

    /// <summary>(…, in) → (…, out); <see cref="Linear.Plain"/> gives the base's part.</summary>
    public abstract Tensor forward(Tensor input, Linear layer);
}
