namespace FineTuneKit.Models;

/// <summary>
/// A projection of any model: y = x Wᵀ + b, weight (out, in). An adapter may sit beside it; the base's
/// parameter names never change by that. The weight may be packed in four bits a number, for a frozen base.
/// </summary>
public sealed class Linear : nn.Module<Tensor, Tensor>
{
    /// <summary>(out, in), or (in, out) where it is stored transposed; the codes where it is packed.</summary>
    public readonly Parameter weight;

    /// <summary>(out), or null.</summary>
    public readonly Parameter? bias;

    private readonly bool _storedTransposed;

    /// <summary>A projection with unset weights: load or initialise them.</summary>
    /// <param name="inFeatures">Components of the input.</param>
    /// <param name="outFeatures">Components of the output.</param>
    /// <param name="hasBias">Whether a bias is added.</param>
    /// <param name="storedTransposed">Whether the weight is kept as (in, out), as GPT-2's checkpoints have it.</param>
    public Linear(long inFeatures, long outFeatures, bool hasBias = false, bool storedTransposed = false) : base(nameof(Linear))
    {
        (InFeatures, OutFeatures, _storedTransposed) = (inFeatures, outFeatures, storedTransposed);
        weight = new Parameter(storedTransposed ? empty(inFeatures, outFeatures) : empty(outFeatures, inFeatures));
        bias = hasBias ? new Parameter(empty(outFeatures)) : null;
        RegisterComponents();
    }

    /// <summary>Components of the input.</summary>
    public long InFeatures { get; }

    /// <summary>Components of the output.</summary>
    public long OutFeatures { get; }

    /// <summary>Whether the weight is (in, out); never so while it is packed.</summary>
    public bool StoredTransposed => _storedTransposed && Packed is null;

    /// <summary>The weight in four bits a number; null where it is float.</summary>
    public FourBitWeight? Packed { get; private set; }

    /// <summary>The weight as (out, in), whichever way it is stored; unpacked into a new tensor where it is packed.</summary>
    public Tensor Matrix => Packed is not null ? Packed.Dequantize() : StoredTransposed ? weight.t() : weight;

    /// <summary>What is computed instead of the plain projection; null for none.</summary>
    public LinearAdapter? Adapter { get; set; }

    /// <summary>Switches between training and use; the adapter, which is no child, follows its layer.</summary>
    public override void train(bool on = true)
    {
        base.train(on);
        Adapter?.train(on);
    }

    /// <summary>(…, in) → (…, out), through the adapter where there is one.</summary>
    public override Tensor forward(Tensor input) => Adapter is null ? Plain(input) : Adapter.forward(input, this);

    /// <summary>(…, in) → (…, out), without the adapter.</summary>
    public Tensor Plain(Tensor input) => Packed is null ? nn.functional.linear(input, Matrix, bias) : Fused.FourBitLinear(input, Packed, bias);

    /// <summary>Puts 4-bit codes in the place of the weight. They are frozen; the layer disposes them.</summary>
    public void Pack(FourBitWeight packed)
    {
        replace_parameter(nameof(weight), packed.Codes);
        Packed?.Dispose();
        Packed = packed;
    }

    /// <summary>Puts the float32 weight that the codes stand for in their place, stored as it was before.</summary>
    public void Unpack()
    {
        if (Packed is not { } packed) return;
        using (DisposeScope scope = NewDisposeScope())
        {
            Tensor dense = packed.Dequantize();
            replace_parameter(nameof(weight), new Parameter(_storedTransposed ? dense.t().contiguous() : dense));
        }
        Packed = null;
        packed.Dispose();
    }

    /// <summary>Gives back the weight's memory until <see cref="Pack"/>.</summary>
    internal void DropWeight() => replace_parameter(nameof(weight), new Parameter(empty(0), requires_grad: false));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing) Packed?.Dispose();
    }
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
