using FineTuneKit.Models;

namespace FineTuneKit.Adapters;

/// <summary>
/// Low-rank adaptation of a projection (Hu et al., 2021, arXiv 2106.09685). The base's weight W stays as it is;
/// the output is y = x Wᵀ + b + s · (x Aᵀ) Bᵀ with A (r, in), B (out, r) and s = alpha / r. B starts at zero, so that
/// training starts from the base's own output.
/// </summary>
public sealed class Lora : LinearAdapter
{
    /// <summary>(r, in).</summary>
    public readonly Parameter lora_A;

    /// <summary>(out, r).</summary>
    public readonly Parameter lora_B;

    private readonly Generator _draws;

    /// <summary>A fresh adapter: A uniform as Kaiming's with a = √5, B zero.</summary>
    /// <param name="layer">The projection that it will sit beside.</param>
    /// <param name="rank">r, 1 or more.</param>
    /// <param name="alpha">Numerator of the scale.</param>
    /// <param name="rankStabilized">Scale by alpha / √r (rsLoRA) instead of alpha / r.</param>
    /// <param name="dropout">Share of inputs dropped in training.</param>
    /// <param name="random">Where A is drawn from.</param>
    /// <param name="draws">Where dropout draws from.</param>
    public Lora(Linear layer, int rank, double alpha, bool rankStabilized, double dropout, NamedRandom random, Generator draws) : base(nameof(Lora))
    {
        lora_A = new Parameter(KaimingUniform(rank, layer.InFeatures, random));
        lora_B = new Parameter(zeros(layer.OutFeatures, rank));
        Rank = rank;
        Scale = rankStabilized ? alpha / Math.Sqrt(rank) : alpha / rank;
        Dropout = dropout;
        _draws = draws;
        RegisterComponents();
    }

    /// <summary>r.</summary>
    public int Rank { get; }

    /// <summary>s, by which the update is multiplied.</summary>
    public double Scale { get; }

    /// <summary>Share of the inputs dropped in training.</summary>
    public double Dropout { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input, Linear layer)
    {
        Tensor? dropped = training && Dropout > 0 ? Fused.Dropout(input, Dropout, _draws) : null;
        return Fused.LoraLinear(input, layer, lora_A, lora_B, Scale, dropped);
    }

    /// <summary>s · (x Aᵀ) Bᵀ: what is added to the projection's output.</summary>
    public Tensor UpdateOf(Tensor input)
    {
        Tensor seen = training && Dropout > 0 ? Fused.Dropout(input, Dropout, _draws) : input;
        return nn.functional.linear(nn.functional.linear(seen, lora_A) * Scale, lora_B);
    }

    /// <summary>s · B A, (out, in), float32: what merging adds to the weight.</summary>
    public Tensor Update() => matmul(lora_B.to(ScalarType.Float32), lora_A.to(ScalarType.Float32)) * Scale;

    // Kaiming's bound √6 / √((1 + a²) · in) with a = √5 is 1 / √in.
    private static Tensor KaimingUniform(int rank, long inFeatures, NamedRandom random)
    {
        double bound = 1 / Math.Sqrt(inFeatures);
        var values = new float[rank * inFeatures];
        for (int i = 0; i < values.Length; i++) values[i] = (float)((2 * random.NextDouble() - 1) * bound);
        return tensor(values).reshape(rank, inFeatures);
    }
}

/// <summary>A full copy of a projection that is trained in its place: PEFT's <c>modules_to_save</c>.</summary>
public sealed class TrainedCopy : LinearAdapter
{
    /// <summary>(out, in), or (in, out) where the layer keeps it so.</summary>
    public readonly Parameter weight;

    /// <summary>(out), or null.</summary>
    public readonly Parameter? bias;

    /// <summary>A copy of the layer as it stands.</summary>
    public TrainedCopy(Linear layer) : base(nameof(TrainedCopy))
    {
        weight = new Parameter(layer.Packed is null ? layer.weight.detach().clone() : layer.Matrix);
        bias = layer.bias is null ? null : new Parameter(layer.bias.detach().clone());
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input, Linear layer) => nn.functional.linear(input, layer.StoredTransposed ? weight.t() : weight, bias);
}
