using System.Text.Json.Nodes;

namespace FineTuneKit.Models;

/// <summary>Llama (Touvron et al., 2023): RMSNorm, rotary positions, grouped-query attention, SwiGLU. Most later families vary it.</summary>
internal class LlamaFamily : DecoderFamily
{
    public override string ModelType => "llama";

    public override IReadOnlyList<string> Keys =>
    [
        "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads", "head_dim", ActivationKey,
        "max_position_embeddings", "rms_norm_eps", "rope_theta", "rope_scaling", "rope_parameters", .. OwnKeys,
    ];

    /// <summary>How transformers' classes begin.</summary>
    protected virtual string Prefix => "Llama";

    /// <summary>Keys beyond those of every relative.</summary>
    protected virtual IReadOnlyList<string> OwnKeys => ["attention_bias", "mlp_bias"];

    protected virtual string ActivationKey => "hidden_act";

    protected virtual string DefaultActivation => "silu";

    protected virtual int DefaultContext => 2048;

    protected virtual bool TiedByDefault => false;

    protected virtual double DefaultRotaryBase => 10_000;

    public override string Architecture(DecoderHead head) => Prefix + (head == DecoderHead.Classification ? "ForSequenceClassification" : "ForCausalLM");

    public override DecoderConfig Read(ConfigReader reader)
    {
        int hidden = reader.Required("hidden_size"), heads = reader.Required("num_attention_heads");
        if (!reader.Has("head_dim") && (heads < 1 || hidden % heads != 0))
            throw reader.Bad($"hidden_size {hidden} is no multiple of num_attention_heads {heads}, and head_dim is missing");
        int context = reader.Whole("max_position_embeddings") ?? DefaultContext;
        JsonObject? rotary = GlobalRotary(reader);
        bool bias = OwnKeys.Contains("attention_bias") && reader.Flag("attention_bias");
        return new DecoderConfig
        {
            VocabularySize = reader.Required("vocab_size"),
            HiddenSize = hidden,
            IntermediateSize = reader.Required("intermediate_size"),
            Layers = reader.Layers("num_hidden_layers"),
            Heads = heads,
            KeyHeads = reader.Whole("num_key_value_heads") ?? heads,
            HeadDim = reader.Whole("head_dim") ?? hidden / heads,
            ContextLength = context,
            Activation = reader.Text(ActivationKey) ?? DefaultActivation,
            NormEpsilon = reader.Number("rms_norm_eps") ?? 1e-6,
            RotaryBase = (rotary is null ? null : reader.Number(rotary, "rope_theta")) ?? reader.Number("rope_theta") ?? DefaultRotaryBase,
            RotaryScaling = rotary is null ? null : reader.Scaling(rotary, context),
            AttentionBias = bias,
            OutputBias = bias,
            MlpBias = OwnKeys.Contains("mlp_bias") && reader.Flag("mlp_bias"),
            TiedHead = reader.Flag("tie_word_embeddings", TiedByDefault),
        };
    }

    public override void Write(DecoderConfig config, JsonObject json)
    {
        json["hidden_size"] = config.HiddenSize;
        json["intermediate_size"] = config.IntermediateSize;
        json["num_hidden_layers"] = config.Layers;
        json["num_attention_heads"] = config.Heads;
        json["num_key_value_heads"] = config.KeyHeads;
        json["head_dim"] = config.HeadDim;
        json[ActivationKey] = config.Activation;
        json["max_position_embeddings"] = config.ContextLength;
        json["rms_norm_eps"] = config.NormEpsilon;
        json["rope_theta"] = config.RotaryBase;
        json["rope_scaling"] = ConfigFile.ScalingJson(config.RotaryScaling);
        if (OwnKeys.Contains("attention_bias")) json["attention_bias"] = config.AttentionBias;
        if (OwnKeys.Contains("mlp_bias")) json["mlp_bias"] = config.MlpBias;
        if (OwnKeys.Contains("sliding_window")) json["sliding_window"] = config.Window;
        if (OwnKeys.Contains("layer_types"))
            json["layer_types"] = new JsonArray([.. Enumerable.Range(0, config.Layers).Select(i => JsonValue.Create(config.WindowOf(i) is null ? "full_attention" : "sliding_attention"))]);
    }

    public override DecoderBlock Block(DecoderConfig config, int layer) =>
        new LlamaBlock(config, new GroupedQueryAttention(config, layer), new GatedFeedForward(config));

    public override nn.Module<Tensor, Tensor> Norm(DecoderConfig config) => new RmsNorm(config.HiddenSize, config.NormEpsilon);

    /// <summary>The rotary parameters of blocks without a window.</summary>
    protected virtual JsonObject? GlobalRotary(ConfigReader reader) => reader.Object("rope_parameters") ?? reader.Object("rope_scaling");

    /// <summary>Which blocks have the window: <c>layer_types</c>, or a rule where the file has none.</summary>
    protected static IReadOnlyList<bool> Windows(ConfigReader reader, int layers, Func<int, bool> otherwise)
    {
        if (reader.Json["layer_types"] is not { } value) return [.. Enumerable.Range(0, layers).Select(otherwise)];
        if (value is not JsonArray types) throw reader.Bad($"layer_types is {value.ToJsonString()}; a list is required");
        return
        [
            .. types.Select(type => type?.ToString() switch
            {
                "sliding_attention" => true,
                "full_attention" => false,
                var other => throw reader.Bad($"layer_types holds \"{other}\"; supported are full_attention and sliding_attention"),
            }),
        ];
    }
}

/// <summary>Attention, then feed-forward, each on the normed input and added to it.</summary>
internal sealed class LlamaBlock : DecoderBlock
{
    private readonly nn.Module<Tensor, Tensor> input_layernorm, post_attention_layernorm;
    private readonly GroupedQueryAttention self_attn;
    private readonly GatedFeedForward mlp;

    public LlamaBlock(DecoderConfig config, GroupedQueryAttention attention, GatedFeedForward feedForward, bool normAddsOne = false)
    {
        input_layernorm = new RmsNorm(config.HiddenSize, config.NormEpsilon, normAddsOne);
        self_attn = attention;
        post_attention_layernorm = new RmsNorm(config.HiddenSize, config.NormEpsilon, normAddsOne);
        mlp = feedForward;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, BlockInput input)
    {
        x = x + self_attn.forward(input_layernorm.call(x), input);
        return x + mlp.forward(post_attention_layernorm.call(x));
    }
}
