using FineTuneKit.Models;

namespace FineTuneKit.Adapters;

/// <summary>
/// Low-rank adaptation of a projection (Hu et al., 2021, arXiv 2106.09685). The base's weight W stays as it is;
/// the output is y = x Wᵀ + b + s · (x Aᵀ) Bᵀ with A (r, in), B (out, r) and s = alpha / r, or alpha / √r under rsLoRA
/// (Kalajdzievski, 2023, arXiv 2312.03732). B starts at zero, so that training starts from the base's own output; other
/// starts (<see cref="LoraInitialization"/>) stand on another frozen matrix in the place of W.
/// </summary>
public class Lora : ProjectionAdapter
{
    /// <summary>(r, in).</summary>
    public readonly Parameter lora_A;

    /// <summary>(out, r).</summary>
    public readonly Parameter lora_B;

    private readonly Generator _draws;

    /// <summary>A fresh adapter.</summary>
    /// <param name="start">A, B and what they stand on.</param>
    /// <param name="scale">s.</param>
    /// <param name="dropout">Share of inputs dropped in training.</param>
    /// <param name="draws">Where dropout draws from.</param>
    internal Lora(LoraStart start, double scale, double dropout, Generator draws) : base(nameof(Lora))
    {
        lora_A = new Parameter(start.A);
        lora_B = new Parameter(start.B);
        (Base, Scale, Dropout, _draws) = (start.Base, scale, dropout, draws);
        RegisterComponents();
    }

    /// <summary>r.</summary>
    public int Rank => (int)lora_A.size(0);

    /// <summary>s, by which the update is multiplied.</summary>
    public double Scale { get; }

    /// <summary>Share of the inputs dropped in training.</summary>
    public double Dropout { get; }

    /// <summary>The frozen matrix that the update is added to.</summary>
    internal FrozenWeight Base { get; }

    /// <summary>Whether the update s · B A is all that the adapter does to the weight.</summary>
    internal virtual bool IsPlain => Base.IsOwn;

    internal override bool IsSum => Base is not QuantizedWeight;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input, Linear layer) => Base.WithUpdate(input, layer, layer.bias, this, Dropped(input));

    /// <summary>s · B A, (out, in), float32: what merging adds to the weight.</summary>
    public Tensor Update() => matmul(lora_B.to(ScalarType.Float32), lora_A.to(ScalarType.Float32)) * Scale;

    internal override Tensor? UpdateOf(Tensor input, Linear layer)
    {
        if (!IsSum) return null;
        Tensor update = nn.functional.linear(nn.functional.linear(Dropped(input) ?? input, lora_A) * Scale, lora_B);
        return Base.Change(input) is { } change ? update + change : update;
    }

    internal override IEnumerable<AdapterTensor> Tensors(AdaptedName name) =>
        [name.Tensor("lora_A.weight", lora_A), name.Tensor("lora_B.weight", lora_B)];

    internal override void Merge(Linear layer, Action<Parameter, Tensor> replace) =>
        replace(layer.weight, AsStored(layer, Base.Matrix(layer) + Update()));

    internal override void Unmerge(Linear layer, Action<Parameter, Tensor> replace)
    {
        if (IsPlain) replace(layer.weight, AsStored(layer, layer.Matrix.to(ScalarType.Float32) - Update()));
        else throw new InputException("an adapter that changed the base at its start cannot be taken out of a merged weight; convert it to plain LoRA on the base first (ftk adapters convert), or keep the base");
    }

    /// <summary>Sealed, because the constructor calls it.</summary>
    protected sealed override void RegisterComponents() => base.RegisterComponents();

    /// <summary>The input after dropout; null where nothing is dropped.</summary>
    protected Tensor? Dropped(Tensor input) => training && Dropout > 0 ? Fused.Dropout(input, Dropout, _draws) : null;
}
