using System.Text.Json.Nodes;

namespace FineTuneKit.Models;

/// <summary>Phi-3 (Abdin et al., 2024): Llama whose q, k and v, and whose gate and up, are one projection each.</summary>
internal sealed class Phi3Family : LlamaFamily
{
    public override string ModelType => "phi3";

    protected override string Prefix => "Phi3";

    protected override IReadOnlyList<string> OwnKeys => ["sliding_window", "original_max_position_embeddings", "partial_rotary_factor"];

    public override DropoutKeys Dropouts { get; } = new("attention_dropout", Residual: "resid_pdrop");

    protected override int DefaultContext => 4096;

    public override DecoderConfig Read(ConfigReader reader) => base.Read(reader) with
    {
        Window = reader.Whole("sliding_window"),
        RotaryShare = (GlobalRotary(reader) is { } rotary ? reader.Number(rotary, "partial_rotary_factor") : null) ?? reader.Number("partial_rotary_factor") ?? 1,
    };

    public override void Write(DecoderConfig config, JsonObject json)
    {
        base.Write(config, json);
        json["partial_rotary_factor"] = config.RotaryShare;
    }

    public override DecoderBlock Block(DecoderConfig config, int layer) => new Phi3Block(config, layer);
}

/// <summary>A Llama block with fused projections.</summary>
internal sealed class Phi3Block : DecoderBlock
{
    private readonly RmsNorm input_layernorm, post_attention_layernorm;
    private readonly FusedAttention self_attn;
    private readonly FusedFeedForward mlp;
    private readonly Dropout resid_attn_dropout, resid_mlp_dropout;

    public Phi3Block(DecoderConfig config, int layer)
    {
        input_layernorm = new RmsNorm(config.HiddenSize, config.NormEpsilon);
        self_attn = new FusedAttention(config, layer);
        post_attention_layernorm = new RmsNorm(config.HiddenSize, config.NormEpsilon);
        mlp = new FusedFeedForward(config);
        resid_attn_dropout = new Dropout(config.ResidualDropout);
        resid_mlp_dropout = new Dropout(config.ResidualDropout);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, BlockInput input)
    {
        x = x + resid_attn_dropout.call(self_attn.forward(input_layernorm.call(x), input));
        return x + resid_mlp_dropout.call(mlp.forward(post_attention_layernorm.call(x)));
    }

    private sealed class FusedAttention : nn.Module
    {
        private readonly Linear qkv_proj, o_proj;
        private readonly AttentionRule _rule;
        private readonly int _heads, _keyHeads, _headDim;

        public FusedAttention(DecoderConfig config, int layer) : base("self_attn")
        {
            _rule = new AttentionRule(config, layer);
            (_heads, _keyHeads, _headDim) = (config.Heads, config.KeyHeads, config.HeadDim);
            qkv_proj = new Linear(config.HiddenSize, (_heads + 2L * _keyHeads) * _headDim, config.AttentionBias);
            o_proj = new Linear((long)_heads * _headDim, config.HiddenSize, config.OutputBias);
            RegisterComponents();
        }

        public Tensor forward(Tensor x, BlockInput input)
        {
            Tensor all = qkv_proj.call(x).view(x.size(0), x.size(1), _heads + 2 * _keyHeads, _headDim); // queries, keys, values
            Tensor q = all.narrow(2, 0, _heads), k = all.narrow(2, _heads, _keyHeads), v = all.narrow(2, _heads + _keyHeads, _keyHeads);
            return o_proj.call(_rule.Attend(q, k, v, input));
        }
    }

    private sealed class FusedFeedForward : nn.Module
    {
        private readonly Linear gate_up_proj, down_proj;
        private readonly string _activation;
        private readonly int _width;

        public FusedFeedForward(DecoderConfig config) : base("mlp")
        {
            (_activation, _width) = (config.Activation, config.IntermediateSize);
            gate_up_proj = new Linear(config.HiddenSize, 2L * _width, config.MlpBias);
            down_proj = new Linear(_width, config.HiddenSize, config.MlpBias);
            RegisterComponents();
        }

        public Tensor forward(Tensor x)
        {
            Tensor both = gate_up_proj.call(x);
            return down_proj.call(Activations.Gated(_activation, both.narrow(-1, 0, _width), both.narrow(-1, _width, _width)));
        }
    }
}
