using System.Text.Json.Nodes;

namespace FineTuneKit.Models;

/// <summary>GPT-NeoX (Black et al., 2022): LayerNorm, partly rotary heads, one projection for q, k and v head by head, parallel parts.</summary>
internal sealed class GptNeoXFamily : DecoderFamily
{
    public override string ModelType => "gpt_neox";

    public override IReadOnlyList<string> Keys { get; } =
    [
        "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "max_position_embeddings", "hidden_act", "layer_norm_eps",
        "rotary_pct", "rotary_emb_base", "rope_theta", "rope_scaling", "rope_parameters", "partial_rotary_factor", "use_parallel_residual", "attention_bias", "classifier_dropout",
    ];

    public override DropoutKeys Dropouts { get; } = new("attention_dropout", "hidden_dropout", "hidden_dropout");

    public override DecoderParts Parts { get; } = new("gpt_neox", "embed_in", "layers", "final_layer_norm", "embed_out");

    public override string Architecture(DecoderHead head) => head == DecoderHead.Classification ? "GPTNeoXForSequenceClassification" : "GPTNeoXForCausalLM";

    public override DecoderConfig Read(ConfigReader reader)
    {
        int hidden = reader.Required("hidden_size"), heads = reader.Required("num_attention_heads");
        if (heads < 1 || hidden % heads != 0) throw reader.Bad($"hidden_size {hidden} is no multiple of num_attention_heads {heads}");
        int context = reader.Whole("max_position_embeddings") ?? 2048;
        JsonObject? rotary = reader.Object("rope_parameters") ?? reader.Object("rope_scaling");
        double? Rotary(string key) => rotary is null ? null : reader.Number(rotary, key);
        bool bias = reader.Flag("attention_bias", otherwise: true);
        return new DecoderConfig
        {
            VocabularySize = reader.Required("vocab_size"),
            HiddenSize = hidden,
            IntermediateSize = reader.Required("intermediate_size"),
            Layers = reader.Layers("num_hidden_layers"),
            Heads = heads,
            KeyHeads = heads,
            HeadDim = hidden / heads,
            ContextLength = context,
            Activation = reader.Text("hidden_act") ?? "gelu",
            NormEpsilon = reader.Number("layer_norm_eps") ?? 1e-5,
            RotaryShare = Rotary("partial_rotary_factor") ?? reader.Number("rotary_pct") ?? reader.Number("partial_rotary_factor") ?? 0.25,
            RotaryBase = Rotary("rope_theta") ?? reader.Number("rotary_emb_base") ?? reader.Number("rope_theta") ?? 10_000,
            RotaryScaling = rotary is null ? null : reader.Scaling(rotary, context),
            AttentionBias = bias,
            OutputBias = bias,
            MlpBias = true,
            ParallelResidual = reader.Flag("use_parallel_residual", otherwise: true),
            TiedHead = reader.Flag("tie_word_embeddings"),
        };
    }

    public override void Write(DecoderConfig config, JsonObject json)
    {
        json["hidden_size"] = config.HiddenSize;
        json["intermediate_size"] = config.IntermediateSize;
        json["num_hidden_layers"] = config.Layers;
        json["num_attention_heads"] = config.Heads;
        json["max_position_embeddings"] = config.ContextLength;
        json["hidden_act"] = config.Activation;
        json["layer_norm_eps"] = config.NormEpsilon;
        json["rotary_pct"] = config.RotaryShare;
        json["rotary_emb_base"] = config.RotaryBase;
        json["rope_scaling"] = ConfigFile.ScalingJson(config.RotaryScaling);
        json["use_parallel_residual"] = config.ParallelResidual;
        json["attention_bias"] = config.AttentionBias;
    }

    public override DecoderBlock Block(DecoderConfig config, int layer) => new GptNeoXBlock(config, layer);

    public override nn.Module<Tensor, Tensor> Norm(DecoderConfig config) => new LayerNorm(config.HiddenSize, config.NormEpsilon);

    // Old files carry masks and frequencies along.
    public override bool IsRedundant(string name) => base.IsRedundant(name)
        || name.EndsWith(".attention.bias", StringComparison.Ordinal) || name.EndsWith(".attention.masked_bias", StringComparison.Ordinal);
}

/// <summary>Attention and feed-forward, side by side on the same state or one after the other.</summary>
internal sealed class GptNeoXBlock : DecoderBlock
{
    private readonly LayerNorm input_layernorm, post_attention_layernorm;
    private readonly Attention attention;
    private readonly FeedForward mlp;
    private readonly Dropout post_attention_dropout, post_mlp_dropout;
    private readonly bool _parallel;

    public GptNeoXBlock(DecoderConfig config, int layer)
    {
        input_layernorm = new LayerNorm(config.HiddenSize, config.NormEpsilon);
        post_attention_layernorm = new LayerNorm(config.HiddenSize, config.NormEpsilon);
        attention = new Attention(config, layer);
        mlp = new FeedForward(config);
        post_attention_dropout = new Dropout(config.ResidualDropout);
        post_mlp_dropout = new Dropout(config.ResidualDropout);
        _parallel = config.ParallelResidual;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, BlockInput input)
    {
        Tensor attended = post_attention_dropout.call(attention.forward(input_layernorm.call(x), input));
        if (_parallel) return post_mlp_dropout.call(mlp.forward(post_attention_layernorm.call(x))) + attended + x;
        x = attended + x;
        return post_mlp_dropout.call(mlp.forward(post_attention_layernorm.call(x))) + x;
    }

    private sealed class Attention : nn.Module
    {
        private readonly Linear query_key_value, dense;
        private readonly AttentionRule _rule;
        private readonly int _heads, _headDim;

        public Attention(DecoderConfig config, int layer) : base("attention")
        {
            _rule = new AttentionRule(config, layer);
            (_heads, _headDim) = (config.Heads, config.HeadDim);
            query_key_value = new Linear(config.HiddenSize, 3L * config.HiddenSize, config.AttentionBias);
            dense = new Linear(config.HiddenSize, config.HiddenSize, config.OutputBias);
            RegisterComponents();
        }

        public Tensor forward(Tensor x, BlockInput input)
        {
            // Head by head: its query, its key, its value.
            Tensor all = query_key_value.call(x).view(x.size(0), x.size(1), _heads, 3 * _headDim);
            return dense.call(_rule.Attend(all.narrow(3, 0, _headDim), all.narrow(3, _headDim, _headDim), all.narrow(3, 2 * _headDim, _headDim), input));
        }
    }

    private sealed class FeedForward : nn.Module
    {
        private readonly Linear dense_h_to_4h, dense_4h_to_h;
        private readonly string _activation;

        public FeedForward(DecoderConfig config) : base("mlp")
        {
            _activation = config.Activation;
            dense_h_to_4h = new Linear(config.HiddenSize, config.IntermediateSize, hasBias: true);
            dense_4h_to_h = new Linear(config.IntermediateSize, config.HiddenSize, hasBias: true);
            RegisterComponents();
        }

        public Tensor forward(Tensor x) => dense_4h_to_h.call(Activations.Apply(_activation, dense_h_to_4h.call(x)));
    }
}
