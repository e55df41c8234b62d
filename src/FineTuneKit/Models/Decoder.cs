namespace FineTuneKit.Models;

/// <summary>
/// A Llama-style decoder (Touvron et al., 2023): RMSNorm, rotary positions, grouped-query attention, SwiGLU, a tied
/// or untied head, or a classification head. Fields carry the checkpoint's names. B rows, T tokens, C components.
/// </summary>
public sealed class Decoder : nn.Module<Tensor, Tensor>
{
    private readonly DecoderStack model;
    private readonly Linear? lm_head;
    private readonly Linear? score;

    /// <summary>A decoder with unset weights: load or <see cref="Initialize"/> them.</summary>
    public Decoder(DecoderConfig config) : base(nameof(Decoder))
    {
        Config = config;
        model = new DecoderStack(config);
        if (config.Head == DecoderHead.Classification) score = new Linear(config.HiddenSize, config.Labels.Count);
        else if (!config.TiedHead) lm_head = new Linear(config.HiddenSize, config.VocabularySize);
        RegisterComponents();
    }

    /// <summary>The shape of this decoder.</summary>
    public DecoderConfig Config { get; }

    /// <summary>
    /// Whether a block's inner values are computed again in the backward pass instead of kept: less memory, about a third
    /// more time, the same bits.
    /// </summary>
    public bool GradientCheckpointing
    {
        get => model.GradientCheckpointing;
        set => model.GradientCheckpointing = value;
    }

    /// <summary>
    /// Keeps the projections in another type, which halves their memory; products are computed in float32 whatever the
    /// type. For a frozen base: what is trained must be float32. Weights that were stored in that type lose nothing.
    /// </summary>
    /// <param name="type">Float32, BFloat16 or Float16.</param>
    public void StoreProjections(ScalarType type)
    {
        foreach ((_, Linear layer) in Projections()) layer.to(type);
    }

    /// <summary>Every projection with the name that its weight has in the checkpoint, without <c>.weight</c>.</summary>
    public IEnumerable<KeyValuePair<string, Linear>> Projections()
    {
        foreach ((string name, nn.Module module) in named_modules())
            if (module is Linear linear) yield return KeyValuePair.Create(name, linear);
    }

    /// <summary>Switches between training and use; adapters, which are no children, follow their layers.</summary>
    public override void train(bool on = true)
    {
        base.train(on);
        foreach ((_, Linear layer) in Projections()) layer.Adapter?.train(on);
    }

    /// <summary>Ids (B, T) int64 without padding → logits: (B, T, V), or (B, labels) from a classification head.</summary>
    public override Tensor forward(Tensor input)
    {
        using TokenLayout layout = TokenLayout.Full((int)input.shape[0], (int)input.shape[1]);
        return forward(input, layout);
    }

    /// <summary>Ids (B, T) int64 → logits: (B, T, V), or (B, labels) from a classification head.</summary>
    /// <exception cref="InputException">More tokens than the model's context.</exception>
    public Tensor forward(Tensor ids, TokenLayout layout)
    {
        Tensor hidden = Hidden(ids, layout);
        return Config.Head == DecoderHead.Classification ? score!.call(LastTokens(hidden, layout.Ends)) : Logits(hidden);
    }

    /// <summary>Ids (B, T) int64 → the normed states (B, T, C) that the head reads.</summary>
    /// <param name="ids">Token ids.</param>
    /// <param name="layout">Positions and visible keys.</param>
    /// <param name="cache">Where generation keeps keys and values; its layout is <paramref name="layout"/>.</param>
    public Tensor Hidden(Tensor ids, TokenLayout layout, KeyValueCache? cache = null) => model.forward(ids, layout, cache);

    /// <summary>States (…, C) → logits over the vocabulary (…, V).</summary>
    public Tensor Logits(Tensor hidden)
    {
        if (Config.Head == DecoderHead.Classification) throw new InvalidOperationException("a classification head has no logits over the vocabulary");
        // The tied head is the embedding: its gradient comes from both ends.
        return lm_head is null ? nn.functional.linear(hidden, model.embed_tokens.weight) : lm_head.call(hidden);
    }

    /// <summary>The states of each row's last real token: (B, T, C) → (B, C).</summary>
    public static Tensor LastTokens(Tensor hidden, IReadOnlyList<int> ends)
    {
        long tokens = hidden.shape[1];
        long[] last = [.. ends.Select((end, row) => row * tokens + end - 1)];
        return hidden.reshape(-1, hidden.shape[2]).index_select(0, tensor(last));
    }

    /// <summary>
    /// Fresh weights for pretraining: normal with the configuration's deviation, projections into the residual
    /// stream scaled by 1/√(2 · layers) (Radford et al., 2019), norms 1, biases 0.
    /// </summary>
    /// <param name="seed">Each weight draws from its own stream under this seed.</param>
    public void Initialize(long seed)
    {
        using DisposeScope scope = NewDisposeScope();
        using (no_grad())
        {
            foreach ((string name, Parameter parameter) in named_parameters())
            {
                if (name.EndsWith(".bias", StringComparison.Ordinal)) parameter.zero_();
                else if (parameter.dim() == 1) parameter.fill_(1);
                else parameter.copy_(Normal(new NamedRandom("initialize/" + name, seed), parameter.shape, Deviation(name)));
            }
        }
    }

    private double Deviation(string name) =>
        name.EndsWith("o_proj.weight", StringComparison.Ordinal) || name.EndsWith("down_proj.weight", StringComparison.Ordinal)
            ? Config.InitializerRange / Math.Sqrt(2.0 * Config.Layers)
            : Config.InitializerRange;

    private static Tensor Normal(NamedRandom random, long[] shape, double deviation)
    {
        var values = new float[shape.Aggregate(1L, (count, size) => count * size)];
        for (int i = 0; i < values.Length; i++)
        {
            // Box and Muller; 1 − u keeps the logarithm finite.
            double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            values[i] = (float)(deviation * radius * Math.Cos(2 * Math.PI * random.NextDouble()));
        }
        return tensor(values, shape);
    }
}

/// <summary>Embedding, blocks and last norm: the part under <c>model.</c></summary>
internal sealed class DecoderStack : nn.Module
{
    internal readonly TokenEmbedding embed_tokens;
    private readonly DecoderBlocks layers;
    private readonly RmsNorm norm;
    private readonly RotaryTable _rotary;

    public DecoderStack(DecoderConfig config) : base("model")
    {
        embed_tokens = new TokenEmbedding(config.VocabularySize, config.HiddenSize);
        layers = nn.ModuleList(Enumerable.Range(0, config.Layers).Select(i => new DecoderBlock(config, i)).ToArray());
        norm = new RmsNorm(config.HiddenSize, config.NormEpsilon);
        _rotary = new RotaryTable(config);
        RegisterComponents();
    }

    public bool GradientCheckpointing { get; set; }

    public Tensor forward(Tensor ids, TokenLayout layout, KeyValueCache? cache)
    {
        (Tensor cos, Tensor sin) = _rotary.For(layout.Longest);
        Tensor x = embed_tokens.call(ids); // (B, T, C)
        foreach (DecoderBlock layer in layers)
        {
            // What no backward pass will read goes back to the pool after each block.
            using DisposeScope scope = NewDisposeScope();
            Tensor next = GradientCheckpointing && cache is null ? Checkpointed(layer, x, layout, cos, sin) : layer.forward(x, layout, cos, sin, cache);
            x = next.MoveToOuterDisposeScope();
        }
        return norm.call(x);
    }

    private static Tensor Checkpointed(DecoderBlock layer, Tensor x, TokenLayout layout, Tensor cos, Tensor sin)
    {
        TokenLayout held = layout.Share();
        return Fused.Checkpoint(input => layer.forward(input, held, cos, sin, cache: null), x, held);
    }
}

/// <summary>Attention, then feed-forward, each on the normed input and added to it.</summary>
internal sealed class DecoderBlock : nn.Module
{
    private readonly RmsNorm input_layernorm;
    private readonly GroupedQueryAttention self_attn;
    private readonly RmsNorm post_attention_layernorm;
    private readonly GatedFeedForward mlp;

    public DecoderBlock(DecoderConfig config, int index) : base("layer")
    {
        input_layernorm = new RmsNorm(config.HiddenSize, config.NormEpsilon);
        self_attn = new GroupedQueryAttention(config, index);
        post_attention_layernorm = new RmsNorm(config.HiddenSize, config.NormEpsilon);
        mlp = new GatedFeedForward(config);
        RegisterComponents();
    }

    public Tensor forward(Tensor x, TokenLayout layout, Tensor cos, Tensor sin, KeyValueCache? cache)
    {
        x = x + self_attn.forward(input_layernorm.call(x), layout, cos, sin, cache);
        return x + mlp.forward(post_attention_layernorm.call(x));
    }
}

/// <summary>Attention whose key heads each serve several query heads (Ainslie et al., 2023).</summary>
internal sealed class GroupedQueryAttention : nn.Module
{
    private readonly Linear q_proj, k_proj, v_proj, o_proj;
    private readonly int _heads, _keyHeads, _headDim, _layer;

    public GroupedQueryAttention(DecoderConfig config, int layer) : base("self_attn")
    {
        (_heads, _keyHeads, _headDim, _layer) = (config.Heads, config.KeyHeads, config.HeadDim, layer);
        q_proj = new Linear(config.HiddenSize, (long)_heads * _headDim, config.AttentionBias);
        k_proj = new Linear(config.HiddenSize, (long)_keyHeads * _headDim, config.AttentionBias);
        v_proj = new Linear(config.HiddenSize, (long)_keyHeads * _headDim, config.AttentionBias);
        o_proj = new Linear((long)_heads * _headDim, config.HiddenSize, config.AttentionBias);
        RegisterComponents();
    }

    public Tensor forward(Tensor x, TokenLayout layout, Tensor cos, Tensor sin, KeyValueCache? cache)
    {
        long rows = x.shape[0], tokens = x.shape[1];
        Tensor q = q_proj.call(x).view(rows, tokens, _heads, _headDim);    // (B, T, H, D)
        Tensor k = k_proj.call(x).view(rows, tokens, _keyHeads, _headDim); // (B, T, Hkv, D)
        Tensor v = v_proj.call(x).view(rows, tokens, _keyHeads, _headDim);
        q = Fused.Rotary(q, cos, sin, layout.Positions);
        k = Fused.Rotary(k, cos, sin, layout.Positions);
        if (cache is not null) (k, v) = cache.Append(_layer, k, v);
        Tensor mixed = Fused.Attention(q, k, v, 1 / Math.Sqrt(_headDim), layout.Causal, layout.KeyStart, layout.KeyEnd);
        return o_proj.call(mixed.reshape(rows, tokens, (long)_heads * _headDim)); // (B, T, C)
    }
}

/// <summary>SwiGLU (Shazeer, 2020): down(silu(gate x) · up x).</summary>
internal sealed class GatedFeedForward : nn.Module
{
    private readonly Linear gate_proj, up_proj, down_proj;

    public GatedFeedForward(DecoderConfig config) : base("mlp")
    {
        gate_proj = new Linear(config.HiddenSize, config.IntermediateSize, config.MlpBias);
        up_proj = new Linear(config.HiddenSize, config.IntermediateSize, config.MlpBias);
        down_proj = new Linear(config.IntermediateSize, config.HiddenSize, config.MlpBias);
        RegisterComponents();
    }

    public Tensor forward(Tensor x) => down_proj.call(Fused.SwiGlu(gate_proj.call(x), up_proj.call(x)));
}

/// <summary>x / rms(x) · weight (Zhang and Sennrich, 2019).</summary>
internal sealed class RmsNorm : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly double _epsilon;

    public RmsNorm(long size, double epsilon) : base("norm")
    {
        weight = new Parameter(ones(size));
        _epsilon = epsilon;
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => Fused.RmsNorm(input, weight, _epsilon);
}

/// <summary>Rows of a table by token id; the table is also the tied head.</summary>
internal sealed class TokenEmbedding : nn.Module<Tensor, Tensor>
{
    internal readonly Parameter weight;

    public TokenEmbedding(long vocabulary, long size) : base("embed_tokens")
    {
        weight = new Parameter(empty(vocabulary, size));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => nn.functional.embedding(input, weight);
}
