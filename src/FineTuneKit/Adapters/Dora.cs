using FineTuneKit.Models;

namespace FineTuneKit.Adapters;

/// <summary>
/// Weight-decomposed low-rank adaptation (Liu et al., 2024, arXiv 2402.09353). Length and direction of each row of the
/// weight are learnt apart: W′ = m · (W + s B A) / ‖W + s B A‖, the norm by rows, m (out) trained and ‖W‖ at first. The norm
/// counts as a constant in the backward pass (section 4.3). With g = m / ‖W + s B A‖ the output is
/// y = g · (x Wᵀ + s · (x Aᵀ) Bᵀ) + b; under dropout, as in PEFT, what is dropped passes the bare W:
/// y = (x − x′) Wᵀ + g · (x′ Wᵀ + s · (x′ Aᵀ) Bᵀ) + b.
/// </summary>
public sealed class Dora : Lora
{
    /// <summary>m, (out).</summary>
    public readonly Parameter lora_magnitude_vector;

    private ((int A, int B, int Weight, FourBitWeight? Packed) Of, Tensor Norms)? _norms;
    private (int Weight, FourBitWeight? Packed, Tensor Squares)? _squares;

    internal Dora(Linear layer, LoraStart start, double scale, double dropout, Generator draws) : base(start, scale, dropout, draws)
    {
        using (no_grad())
            lora_magnitude_vector = new Parameter(RowNorms(layer).clone());
        RegisterComponents();
    }

    internal override bool IsPlain => false;

    internal override bool IsSum => false;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input, Linear layer)
    {
        Tensor gain = lora_magnitude_vector / RowNorms(layer); // (out)
        Tensor? dropped = Dropped(input);
        Tensor output = Base.WithUpdate(dropped ?? input, layer, bias: null, this, dropped: null) * gain;
        if (dropped is not null) output = output + Base.Product(input - dropped, layer);
        return layer.bias is null ? output : output + layer.bias;
    }

    internal override IEnumerable<AdapterTensor> Tensors(AdaptedName name)
    {
        AdapterTensor magnitude = name.Tensor("lora_magnitude_vector", lora_magnitude_vector);
        // PEFT's layer holds it as a weight, its files leave that out.
        return [.. base.Tensors(name), magnitude with { Name = magnitude.Name + ".weight" }];
    }

    internal override void Merge(Linear layer, Action<Parameter, Tensor> replace)
    {
        Tensor weight = Base.Matrix(layer) + Update();
        Tensor gain = lora_magnitude_vector / weight.norm(2, 1);
        replace(layer.weight, AsStored(layer, weight * gain.unsqueeze(1)));
    }

    internal override void Unmerge(Linear layer, Action<Parameter, Tensor> replace) =>
        throw new InputException("DoRA cannot be taken out of a merged weight: the length that the rows had before is gone; keep the base beside the merged model");

    /// <summary>
    /// ‖W + s B A‖ by rows, (out), without its gradient. The sum is never formed:
    /// ‖w + s u‖² = ‖w‖² + 2 s w·u + s² ‖u‖², where w·u of all rows needs W Aᵀ (out, r) and ‖u‖² needs A Aᵀ (r, r).
    /// </summary>
    private Tensor RowNorms(Linear layer)
    {
        var of = (Fused.Writes(lora_A), Fused.Writes(lora_B), Base.Writes(layer), layer.Packed);
        if (_norms is { } known && known.Of == of) return known.Norms;
        using (no_grad())
        using (DisposeScope scope = NewDisposeScope())
        {
            Tensor products = Base.Product(lora_A, layer).t(); // (out, r)
            Tensor crossed = (lora_B * products).sum(1), squares = (matmul(lora_B, matmul(lora_A, lora_A.t())) * lora_B).sum(1);
            Tensor norms = sqrt(RowSquares(layer) + crossed * (2 * Scale) + squares * (Scale * Scale));
            _norms = (of, norms.DetachFromDisposeScope());
            return norms;
        }
    }

    // ‖w‖² by rows, which stays while the base does.
    private Tensor RowSquares(Linear layer)
    {
        (int Weight, FourBitWeight? Packed) of = (Base.Writes(layer), layer.Packed);
        if (_squares is { } known && (known.Weight, known.Packed) == of) return known.Squares;
        Tensor squares = Base.Matrix(layer).square().sum(1).DetachFromDisposeScope();
        _squares = (of.Weight, of.Packed, squares);
        return squares;
    }
}
