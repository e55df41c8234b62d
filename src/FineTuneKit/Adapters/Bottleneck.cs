using FineTuneKit.Models;

namespace FineTuneKit.Adapters;

/// <summary>
/// A bottleneck adapter (Houlsby et al. 2019, arXiv 1902.00751; placed as there or as by Pfeiffer et al. 2021, arXiv
/// 2005.00247): what a projection writes into the residual stream passes through a narrow layer beside itself,
/// y = h + U f(D h + d) + u with h = x Wᵀ + b. U and u are zero at first, so training starts from the base's own output.
/// </summary>
public sealed class Bottleneck : ProjectionAdapter
{
    /// <summary>D, (size, out).</summary>
    public readonly Parameter down_weight;

    /// <summary>d, (size).</summary>
    public readonly Parameter down_bias;

    /// <summary>U, (out, size).</summary>
    public readonly Parameter up_weight;

    /// <summary>u, (out).</summary>
    public readonly Parameter up_bias;

    /// <summary>A fresh adapter.</summary>
    /// <param name="path">The projection's path, which names its random stream.</param>
    /// <param name="layer">The projection.</param>
    /// <param name="size">Width of the narrow layer.</param>
    /// <param name="seed">The seed of D.</param>
    public Bottleneck(string path, Linear layer, int size, long seed) : base(nameof(Bottleneck))
    {
        long width = layer.OutFeatures;
        down_weight = new Parameter(FreshWeights.Normal("bottleneck/" + path, seed, [size, width], 1 / Math.Sqrt(width)));
        down_bias = new Parameter(zeros(size));
        up_weight = new Parameter(zeros(width, size));
        up_bias = new Parameter(zeros(width));
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input, Linear layer)
    {
        Tensor h = layer.Plain(input);
        Tensor narrow = nn.functional.relu(nn.functional.linear(h, down_weight, down_bias));
        return h + nn.functional.linear(narrow, up_weight, up_bias);
    }

    internal override IEnumerable<AdapterTensor> Tensors(AdaptedName name) =>
    [
        name.Tensor("bottleneck_down.weight", down_weight), name.Tensor("bottleneck_down.bias", down_bias),
        name.Tensor("bottleneck_up.weight", up_weight), name.Tensor("bottleneck_up.bias", up_bias),
    ];

    internal override void Merge(Linear layer, Action<Parameter, Tensor> replace) =>
        throw new InputException("bottleneck adapters cannot be merged: what stands between their two layers is not linear; keep them beside the base");
}
