namespace FineTuneKit.Models;

/// <summary>
/// A projection of any model: y = x Wᵀ + b, weight (out, in). An adapter may sit beside it; the base's
/// parameter names never change by that.
/// </summary>
public sealed class Linear : nn.Module<Tensor, Tensor>
{
    /// <summary>(out, in), or (in, out) where it is stored transposed.</summary>
    public readonly Parameter weight;

    /// <summary>(out), or null.</summary>
    public readonly Parameter? bias;

    /// <summary>A projection with unset weights: load or initialise them.</summary>
    /// <param name="inFeatures">Components of the input.</param>
    /// <param name="outFeatures">Components of the output.</param>
    /// <param name="hasBias">Whether a bias is added.</param>
    /// <param name="storedTransposed">Whether the weight is kept as (in, out), as GPT-2's checkpoints have it.</param>
    public Linear(long inFeatures, long outFeatures, bool hasBias = false, bool storedTransposed = false) : base(nameof(Linear))
    {
        (InFeatures, OutFeatures, StoredTransposed) = (inFeatures, outFeatures, storedTransposed);
        weight = new Parameter(storedTransposed ? empty(inFeatures, outFeatures) : empty(outFeatures, inFeatures));
        bias = hasBias ? new Parameter(empty(outFeatures)) : null;
        RegisterComponents();
    }

    /// <summary>Components of the input.</summary>
    public long InFeatures { get; }

    /// <summary>Components of the output.</summary>
    public long OutFeatures { get; }

    /// <summary>Whether the weight is (in, out).</summary>
    public bool StoredTransposed { get; }

    /// <summary>The weight as (out, in), whichever way it is stored.</summary>
    public Tensor Matrix => StoredTransposed ? weight.t() : weight;

    /// <summary>What is computed instead of the plain projection; null for none.</summary>
    public LinearAdapter? Adapter { get; set; }

    /// <summary>(…, in) → (…, out), through the adapter where there is one.</summary>
    public override Tensor forward(Tensor input) => Adapter is null ? Plain(input) : Adapter.forward(input, this);

    /// <summary>(…, in) → (…, out), without the adapter.</summary>
    public Tensor Plain(Tensor input) => nn.functional.linear(input, Matrix, bias);
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
