using FineTuneKit.Models;

namespace FineTuneKit.Adapters;

/// <summary>
/// IA3 (Liu et al., 2022, arXiv 2205.05638): a vector l of ones at first scales what flows through a projection. Elsewhere
/// than in feed-forward blocks it scales the output, y = l · (x Wᵀ + b); there the input, y = (l · x) Wᵀ + b.
/// </summary>
public sealed class Ia3 : ProjectionAdapter
{
    /// <summary>(1, in) in feed-forward blocks, (out, 1) elsewhere.</summary>
    public readonly Parameter ia3_l;

    /// <summary>A fresh adapter.</summary>
    /// <param name="layer">The projection that it will sit beside.</param>
    /// <param name="isFeedforward">Whether the input is scaled.</param>
    public Ia3(Linear layer, bool isFeedforward) : base(nameof(Ia3))
    {
        IsFeedforward = isFeedforward;
        ia3_l = new Parameter(isFeedforward ? ones(1, layer.InFeatures) : ones(layer.OutFeatures, 1));
        RegisterComponents();
    }

    /// <summary>Whether the input is scaled.</summary>
    public bool IsFeedforward { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input, Linear layer)
    {
        Tensor scale = ia3_l.reshape(-1);
        return IsFeedforward ? layer.Plain(input * scale) : layer.Plain(input) * scale;
    }

    internal override IEnumerable<AdapterTensor> Tensors(AdaptedName name) => [name.Tensor("ia3_l", ia3_l)];

    internal override void Merge(Linear layer, Action<Parameter, Tensor> replace) => Scale(layer, ia3_l, replace);

    internal override void Unmerge(Linear layer, Action<Parameter, Tensor> replace)
    {
        if (ia3_l.eq(0).any().item<bool>()) throw new InputException("IA3 cannot be taken out of a merged weight: one of its scales is 0, so that what it scaled is gone");
        Scale(layer, 1 / ia3_l, replace);
    }

    private void Scale(Linear layer, Tensor scale, Action<Parameter, Tensor> replace)
    {
        replace(layer.weight, AsStored(layer, layer.Matrix.to(ScalarType.Float32) * scale));
        if (!IsFeedforward && layer.bias is not null) replace(layer.bias, layer.bias.to(ScalarType.Float32) * scale.reshape(-1));
    }
}
