using FineTuneKit.Models;

namespace FineTuneKit.Adapters;

/// <summary>
/// The frozen matrix W₀ (out, in) that a low-rank adapter stands on. It is the projection's own weight, or what an
/// initialisation made of it, which is kept beside the weight: the base itself never changes, so that adapters can be switched.
/// </summary>
internal abstract class FrozenWeight
{
    /// <summary>The projection's own weight.</summary>
    public static FrozenWeight Own { get; } = new OwnWeight();

    /// <summary>x W₀ᵀ + b + s · (x Aᵀ) Bᵀ; the update may read another x, after dropout.</summary>
    public abstract Tensor WithUpdate(Tensor x, Linear layer, Tensor? bias, Lora lora, Tensor? dropped);

    /// <summary>x W₀ᵀ, without bias.</summary>
    public abstract Tensor Product(Tensor x, Linear layer);

    /// <summary>W₀, float32.</summary>
    public abstract Tensor Matrix(Linear layer);

    /// <summary>x (W₀ − W)ᵀ by a product smaller than W's; null where there is none.</summary>
    public virtual Tensor? Change(Tensor x) => null;

    /// <summary>Whether this is the projection's own weight.</summary>
    public bool IsOwn => ReferenceEquals(this, Own);

    /// <summary>Counts the writes to what W₀ is made of.</summary>
    public virtual int Writes(Linear layer) => Fused.Writes(layer.weight);

    private sealed class OwnWeight : FrozenWeight
    {
        public override Tensor WithUpdate(Tensor x, Linear layer, Tensor? bias, Lora lora, Tensor? dropped) =>
            Fused.LoraLinear(x, layer, bias, lora.lora_A, lora.lora_B, lora.Scale, dropped);

        public override Tensor Product(Tensor x, Linear layer) =>
            layer.Packed is { } packed ? Fused.FourBitLinear(x, packed, bias: null) : nn.functional.linear(x, layer.Matrix);

        public override Tensor Matrix(Linear layer) => layer.Matrix.to(ScalarType.Float32);
    }
}

/// <summary>W₀ = W − s · B₀ A₀: the weight without what the adapter started from.</summary>
/// <param name="a">A₀ (r, in).</param>
/// <param name="b">B₀ (out, r).</param>
/// <param name="scale">s.</param>
internal sealed class WeightWithoutStart(Tensor a, Tensor b, double scale) : FrozenWeight
{
    /// <summary>A₀.</summary>
    public Tensor A => a;

    /// <summary>B₀.</summary>
    public Tensor B => b;

    public override Tensor WithUpdate(Tensor x, Linear layer, Tensor? bias, Lora lora, Tensor? dropped) =>
        Own.WithUpdate(x, layer, bias, lora, dropped) + Change(x);

    public override Tensor Product(Tensor x, Linear layer) => Own.Product(x, layer) + Change(x);

    public override Tensor Change(Tensor x) => nn.functional.linear(nn.functional.linear(x, a) * -scale, b);

    public override Tensor Matrix(Linear layer) => Own.Matrix(layer) - matmul(b, a) * scale;
}

/// <summary>W₀ in four bits a number, beside the float weight that it was made of.</summary>
internal sealed class QuantizedWeight(FourBitWeight weight) : FrozenWeight
{
    public override Tensor WithUpdate(Tensor x, Linear layer, Tensor? bias, Lora lora, Tensor? dropped) =>
        Fused.LoraLinear(x, weight, bias, lora.lora_A, lora.lora_B, lora.Scale, dropped);

    public override Tensor Product(Tensor x, Linear layer) => Fused.FourBitLinear(x, weight, bias: null);

    public override Tensor Matrix(Linear layer) => weight.Dequantize();

    // Its codes never change.
    public override int Writes(Linear layer) => 0;
}
