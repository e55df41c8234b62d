namespace FineTuneKit.Models;

/// <summary>Attention in which every token sees every real one; named as in BERT's checkpoints.</summary>
internal sealed class EncoderAttention : nn.Module
{
    private readonly Linear query, key, value;
    private readonly int _heads, _headDim;
    private readonly double _scale, _dropout;

    public EncoderAttention(EncoderConfig config) : base("self")
    {
        (_heads, _headDim, _scale, _dropout) = (config.Heads, config.HeadDim, 1 / Math.Sqrt(config.HeadDim), config.AttentionDropout);
        query = new Linear(config.HiddenSize, config.HiddenSize, config.AttentionBias);
        key = new Linear(config.HiddenSize, config.HiddenSize, config.AttentionBias);
        value = new Linear(config.HiddenSize, config.HiddenSize, config.AttentionBias);
        RegisterComponents();
    }

    /// <summary>(B, T, C) → (B, T, C).</summary>
    public Tensor forward(Tensor x, TokenLayout layout)
    {
        Tensor q = Heads(query, x), k = Heads(key, x), v = Heads(value, x);
        Tensor mixed = training && _dropout > 0
            ? StoredAttention.Attend(q, k, v, layout.Hidden(null, causal: false), _scale, softCap: 0, _dropout)
            : Fused.Attention(q, k, v, _scale, causal: false, window: 0, layout.KeyStart, layout.KeyEnd);
        return mixed.reshape(x.size(0), x.size(1), (long)_heads * _headDim);
    }

    private Tensor Heads(Linear projection, Tensor x) => projection.call(x).view(x.size(0), x.size(1), _heads, _headDim); // (B, T, H, D)
}

/// <summary>A projection under the name <c>dense</c>, then dropout.</summary>
internal sealed class Dense : nn.Module<Tensor, Tensor>
{
    private readonly Linear dense;
    private readonly Dropout _dropout;

    public Dense(long inFeatures, long outFeatures, double dropout = 0) : base("dense")
    {
        dense = new Linear(inFeatures, outFeatures, hasBias: true);
        RegisterComponents();
        register_module("dropout", _dropout = new Dropout(dropout));
    }

    public override Tensor forward(Tensor input) => _dropout.call(dense.call(input));
}

/// <summary>The first token through a projection and tanh.</summary>
internal sealed class Pooler : nn.Module<Tensor, Tensor>
{
    private readonly Linear dense;

    public Pooler(long size) : base("pooler")
    {
        dense = new Linear(size, size, hasBias: true);
        RegisterComponents();
    }

    /// <summary>(B, T, C) → (B, C).</summary>
    public override Tensor forward(Tensor input) => dense.call(input.select(1, 0)).tanh();
}
