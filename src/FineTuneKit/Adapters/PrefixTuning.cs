using FineTuneKit.Models;

namespace FineTuneKit.Adapters;

/// <summary>How prefix tuning is done.</summary>
public sealed record PrefixTuningOptions : PromptLearningOptions
{
    /// <summary>Default false. Whether a small network gives keys and values while they are learnt; the file holds what it gave.</summary>
    public bool Projection { get; init; }

    /// <summary>Default null: the keys' size. Width of that network.</summary>
    public int? EncoderHiddenSize { get; init; }

    /// <inheritdoc/>
    public override string PeftType => "PREFIX_TUNING";

    internal override PromptLearningOptions ForReading => this with { Projection = false };

    internal override VirtualTokens Make(Decoder decoder, long seed, Func<string, int[]>? encode) => new PrefixTuning(decoder, this, seed);

    internal override void Validate()
    {
        base.Validate();
        if (EncoderHiddenSize is < 1) throw new InputException($"prefix tuning: {nameof(EncoderHiddenSize)} is {EncoderHiddenSize}; it must be 1 or more");
    }
}

/// <summary>
/// Prefix tuning (Li and Liang 2021, arXiv 2101.00190): in every block V learnt keys and values stand before those of the
/// tokens, softmax(q [K_P; K]ᵀ) [V_P; V], and everything else is frozen. One row a virtual token holds its keys and values
/// of all blocks. With a projection the rows are W₂ tanh(W₁ P + b₁) + b₂ of smaller ones while they are learnt.
/// </summary>
public sealed class PrefixTuning : VirtualTokens
{
    private readonly Parameter _embedding;
    private readonly (Parameter Weight, Parameter Bias)[] _transform;
    private readonly int _keyHeads, _headDim;

    internal PrefixTuning(Decoder decoder, PrefixTuningOptions options, long seed) : base("prompt_encoder")
    {
        DecoderConfig config = decoder.Config;
        (_keyHeads, _headDim) = (config.KeyHeads, config.HeadDim);
        long size = (long)_keyHeads * _headDim, all = 2L * config.Layers * size, width = options.EncoderHiddenSize ?? size;
        _embedding = Fresh("embedding", seed, [options.VirtualTokens, options.Projection ? size : all], 1);
        _transform = options.Projection ? [Layer("transform.0", seed, size, width), Layer("transform.2", seed, width, all)] : [];
    }

    /// <inheritdoc/>
    public override int Count => (int)_embedding.size(0);

    /// <summary>(V, layers · 2 · Hkv · D): for each block its keys, then its values. What the file holds.</summary>
    public Tensor Rows()
    {
        if (_transform is not [var first, var second]) return _embedding;
        return nn.functional.linear(tanh(nn.functional.linear(_embedding, first.Weight, first.Bias)), second.Weight, second.Bias);
    }

    /// <inheritdoc/>
    public override (Tensor Keys, Tensor Values)? OfBlock(int layer)
    {
        long size = (long)_keyHeads * _headDim;
        Tensor rows = RowsOf(layer, 2 * size);
        Tensor Part(int part) => rows.narrow(1, part * size, size).reshape(Count, _keyHeads, _headDim);
        return (Part(0), Part(1));
    }

    // The block's columns alone, so that a projection is not computed anew for all blocks in each.
    private Tensor RowsOf(int layer, long columns)
    {
        if (_transform is not [var first, var second]) return _embedding.narrow(1, layer * columns, columns);
        Tensor inner = tanh(nn.functional.linear(_embedding, first.Weight, first.Bias));
        return nn.functional.linear(inner, second.Weight.narrow(0, layer * columns, columns), second.Bias.narrow(0, layer * columns, columns));
    }

    /// <inheritdoc/>
    public override IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
    {
        yield return ("embedding.weight", _embedding);
        for (int i = 0; i < _transform.Length; i++)
        {
            yield return ($"transform.{2 * i}.weight", _transform[i].Weight);
            yield return ($"transform.{2 * i}.bias", _transform[i].Bias);
        }
    }

    private static (Parameter, Parameter) Layer(string name, long seed, long inputs, long outputs) =>
        (Fresh(name + ".weight", seed, [outputs, inputs], 1 / Math.Sqrt(inputs)), new Parameter(zeros(outputs)));

    private static Parameter Fresh(string name, long seed, long[] shape, double deviation) => new(FreshWeights.Normal("prompt_encoder." + name, seed, shape, deviation));
}
