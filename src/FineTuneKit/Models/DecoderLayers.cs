namespace FineTuneKit.Models;

/// <summary>How a block attends, whatever its projections: positions, cache, window, caps.</summary>
internal sealed class AttentionRule(DecoderConfig config, int layer)
{
    private readonly int? _window = config.WindowOf(layer);
    private readonly double _scale = config.AttentionScale ?? 1 / Math.Sqrt(config.HeadDim);

    /// <summary>Queries (B, T, H, D), keys and values (B, T, Hkv, D) → (B, T, H · D).</summary>
    public Tensor Attend(Tensor q, Tensor k, Tensor v, BlockInput input)
    {
        TokenLayout layout = input.Layout;
        if ((_window is null ? input.Rotary : input.WindowRotary ?? input.Rotary) is { } angles)
        {
            q = Fused.Rotary(q, angles.Cos, angles.Sin, layout.Positions);
            k = Fused.Rotary(k, angles.Cos, angles.Sin, layout.Positions);
        }
        if (input.Virtual?.OfBlock(layer) is { } before) (k, v) = (Behind(before.Keys, k), Behind(before.Values, v));
        if (input.Cache is not null) (k, v) = input.Cache.Append(layer, k, v);
        Tensor mixed = input.AttentionDropout > 0
            ? StoredAttention.Attend(q, k, v, layout.Hidden(_window, layout.Causal), _scale, config.AttentionSoftCap, input.AttentionDropout)
            : Fused.Attention(q, k, v, _scale, layout.Causal, layout.Causal ? _window ?? 0 : 0, layout.FirstKeys(_window), layout.KeyEnd, config.AttentionSoftCap);
        return mixed.reshape(mixed.size(0), mixed.size(1), (long)config.Heads * config.HeadDim);
    }

    // The same keys before those of every row.
    private static Tensor Behind(Tensor before, Tensor rows) => cat([before.unsqueeze(0).expand(rows.size(0), -1, -1, -1), rows], 1);
}

/// <summary>Drops a share of the components in training.</summary>
internal sealed class Dropout(double share) : nn.Module<Tensor, Tensor>("dropout")
{
    public override Tensor forward(Tensor input) => training && share > 0 ? Fused.Dropout(input, share) : input;
}

/// <summary>Attention whose key heads each serve several query heads (Ainslie et al., 2023), with or without norms on queries and keys.</summary>
internal sealed class GroupedQueryAttention : nn.Module
{
    private readonly Linear q_proj, k_proj, v_proj, o_proj;
    private readonly nn.Module<Tensor, Tensor>? q_norm, k_norm;
    private readonly AttentionRule _rule;
    private readonly int _heads, _keyHeads, _headDim;

    public GroupedQueryAttention(DecoderConfig config, int layer, Func<nn.Module<Tensor, Tensor>>? headNorm = null) : base("self_attn")
    {
        _rule = new AttentionRule(config, layer);
        (_heads, _keyHeads, _headDim) = (config.Heads, config.KeyHeads, config.HeadDim);
        q_proj = new Linear(config.HiddenSize, (long)_heads * _headDim, config.AttentionBias);
        k_proj = new Linear(config.HiddenSize, (long)_keyHeads * _headDim, config.AttentionBias);
        v_proj = new Linear(config.HiddenSize, (long)_keyHeads * _headDim, config.AttentionBias);
        o_proj = new Linear((long)_heads * _headDim, config.HiddenSize, config.OutputBias);
        q_norm = headNorm?.Invoke();
        k_norm = headNorm?.Invoke();
        RegisterComponents();
    }

    public Tensor forward(Tensor x, BlockInput input)
    {
        long rows = x.size(0), tokens = x.size(1);
        Tensor q = q_proj.call(x).view(rows, tokens, _heads, _headDim);    // (B, T, H, D)
        Tensor k = k_proj.call(x).view(rows, tokens, _keyHeads, _headDim); // (B, T, Hkv, D)
        Tensor v = v_proj.call(x).view(rows, tokens, _keyHeads, _headDim);
        if (q_norm is not null) q = q_norm.call(q);
        if (k_norm is not null) k = k_norm.call(k);
        return o_proj.call(_rule.Attend(q, k, v, input)); // (B, T, C)
    }
}

/// <summary>Gated feed-forward (Shazeer, 2020): down(f(gate x) · up x).</summary>
internal sealed class GatedFeedForward : nn.Module
{
    private readonly Linear gate_proj, up_proj, down_proj;
    private readonly string _activation;

    public GatedFeedForward(DecoderConfig config) : base("mlp")
    {
        _activation = config.Activation;
        gate_proj = new Linear(config.HiddenSize, config.IntermediateSize, config.MlpBias);
        up_proj = new Linear(config.HiddenSize, config.IntermediateSize, config.MlpBias);
        down_proj = new Linear(config.IntermediateSize, config.HiddenSize, config.MlpBias);
        RegisterComponents();
    }

    public Tensor forward(Tensor x) => down_proj.call(Activations.Gated(_activation, gate_proj.call(x), up_proj.call(x)));
}

/// <summary>x / rms(x) · weight (Zhang and Sennrich, 2019), or · (1 + weight) as Gemma stores it.</summary>
internal sealed class RmsNorm : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly double _epsilon;
    private readonly bool _addsOne;

    public RmsNorm(long size, double epsilon, bool addsOne = false) : base("norm")
    {
        weight = new Parameter(addsOne ? zeros(size) : ones(size));
        (_epsilon, _addsOne) = (epsilon, addsOne);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => Fused.RmsNorm(input, _addsOne ? weight + 1 : weight, _epsilon);
}

/// <summary>(x − mean) / deviation · weight + bias (Ba et al., 2016).</summary>
internal sealed class LayerNorm : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight, bias;
    private readonly double _epsilon;

    public LayerNorm(long size, double epsilon) : base("norm")
    {
        weight = new Parameter(ones(size));
        bias = new Parameter(zeros(size));
        _epsilon = epsilon;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => nn.functional.layer_norm(input, [weight.size(0)], weight, bias, _epsilon);
}
