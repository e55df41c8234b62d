using System.Text.Json.Nodes;

namespace FineTuneKit.Models;

/// <summary>GPT-2 (Radford et al., 2019): LayerNorm, learnt positions, one projection for q, k and v, weights stored as (in, out).</summary>
internal sealed class Gpt2Family : DecoderFamily
{
    public override string ModelType => "gpt2";

    public override IReadOnlyList<string> Keys { get; } =
    [
        "n_embd", "n_head", "n_layer", "n_inner", "n_positions", "n_ctx", "activation_function", "layer_norm_epsilon", "scale_attn_weights",
        "summary_type", "summary_use_proj", "summary_activation", "summary_proj_to_labels", "summary_first_dropout",
    ];

    public override DropoutKeys Dropouts { get; } = new("attn_pdrop", "embd_pdrop", "resid_pdrop", Default: 0.1);

    public override DecoderParts Parts { get; } = new("transformer", "wte", "h", "ln_f", "lm_head", "wpe");

    public override string Architecture(DecoderHead head) => head == DecoderHead.Classification ? "GPT2ForSequenceClassification" : "GPT2LMHeadModel";

    public override DecoderConfig Read(ConfigReader reader)
    {
        int hidden = reader.Required("n_embd"), heads = reader.Required("n_head");
        if (heads < 1 || hidden % heads != 0) throw reader.Bad($"n_embd {hidden} is no multiple of n_head {heads}");
        return new DecoderConfig
        {
            VocabularySize = reader.Required("vocab_size"),
            HiddenSize = hidden,
            IntermediateSize = reader.Whole("n_inner") ?? 4 * hidden,
            Layers = reader.Layers("n_layer"),
            Heads = heads,
            KeyHeads = heads,
            HeadDim = hidden / heads,
            ContextLength = reader.Whole("n_positions") ?? 1024,
            Activation = reader.Text("activation_function") ?? "gelu_new",
            NormEpsilon = reader.Number("layer_norm_epsilon") ?? 1e-5,
            RotaryShare = 0,
            AttentionScale = reader.Flag("scale_attn_weights", otherwise: true) ? null : 1,
            AttentionBias = true,
            OutputBias = true,
            MlpBias = true,
            TiedHead = reader.Flag("tie_word_embeddings", otherwise: true),
        };
    }

    public override void Write(DecoderConfig config, JsonObject json)
    {
        json["n_embd"] = config.HiddenSize;
        json["n_inner"] = config.IntermediateSize == 4 * config.HiddenSize ? null : config.IntermediateSize;
        json["n_layer"] = config.Layers;
        json["n_head"] = config.Heads;
        json["n_positions"] = config.ContextLength;
        json["activation_function"] = config.Activation;
        json["layer_norm_epsilon"] = config.NormEpsilon;
        json["scale_attn_weights"] = config.AttentionScale is null;
    }

    public override DecoderBlock Block(DecoderConfig config, int layer) => new Gpt2Block(config, layer);

    public override nn.Module<Tensor, Tensor> Norm(DecoderConfig config) => new LayerNorm(config.HiddenSize, config.NormEpsilon);

    // Old files carry the causal masks along.
    public override bool IsRedundant(string name) =>
        name.EndsWith(".attn.bias", StringComparison.Ordinal) || name.EndsWith(".attn.masked_bias", StringComparison.Ordinal);
}

/// <summary>Attention, then feed-forward, each on the normed input and added to it.</summary>
internal sealed class Gpt2Block : DecoderBlock
{
    private readonly LayerNorm ln_1, ln_2;
    private readonly Attention attn;
    private readonly FeedForward mlp;

    public Gpt2Block(DecoderConfig config, int layer)
    {
        ln_1 = new LayerNorm(config.HiddenSize, config.NormEpsilon);
        attn = new Attention(config, layer);
        ln_2 = new LayerNorm(config.HiddenSize, config.NormEpsilon);
        mlp = new FeedForward(config);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, BlockInput input)
    {
        x = x + attn.forward(ln_1.call(x), input);
        return x + mlp.forward(ln_2.call(x));
    }

    private sealed class Attention : nn.Module
    {
        private readonly Linear c_attn, c_proj;
        private readonly Dropout resid_dropout;
        private readonly AttentionRule _rule;
        private readonly int _heads, _headDim;

        public Attention(DecoderConfig config, int layer) : base("attn")
        {
            _rule = new AttentionRule(config, layer);
            (_heads, _headDim) = (config.Heads, config.HeadDim);
            c_attn = new Linear(config.HiddenSize, 3L * config.HiddenSize, hasBias: true, storedTransposed: true);
            c_proj = new Linear(config.HiddenSize, config.HiddenSize, hasBias: true, storedTransposed: true);
            resid_dropout = new Dropout(config.ResidualDropout);
            RegisterComponents();
        }

        public Tensor forward(Tensor x, BlockInput input)
        {
            Tensor all = c_attn.call(x).view(x.size(0), x.size(1), 3 * _heads, _headDim); // queries, keys, values
            Tensor q = all.narrow(2, 0, _heads), k = all.narrow(2, _heads, _heads), v = all.narrow(2, 2 * _heads, _heads);
            return resid_dropout.call(c_proj.call(_rule.Attend(q, k, v, input)));
        }
    }

    private sealed class FeedForward : nn.Module
    {
        private readonly Linear c_fc, c_proj;
        private readonly Dropout dropout;
        private readonly string _activation;

        public FeedForward(DecoderConfig config) : base("mlp")
        {
            _activation = config.Activation;
            c_fc = new Linear(config.HiddenSize, config.IntermediateSize, hasBias: true, storedTransposed: true);
            c_proj = new Linear(config.IntermediateSize, config.HiddenSize, hasBias: true, storedTransposed: true);
            dropout = new Dropout(config.ResidualDropout);
            RegisterComponents();
        }

        public Tensor forward(Tensor x) => dropout.call(c_proj.call(Activations.Apply(_activation, c_fc.call(x))));
    }
}
