using System.Text.Json.Nodes;

namespace FineTuneKit.Models;

/// <summary>The Vision Transformer (Dosovitskiy et al. 2020, arXiv:2010.11929): patches as tokens, norms before attention and feed-forward.</summary>
internal sealed class VitFamily : EncoderFamily
{
    public override string ModelType => "vit";

    public override string Stack => "vit";

    public override (string Bare, string Classifier, IReadOnlyList<string> Others) Architectures { get; } =
        ("ViTModel", "ViTForImageClassification", []);

    public override IReadOnlyList<string> Keys { get; } =
    [
        "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "hidden_act", "layer_norm_eps", "hidden_dropout_prob",
        "attention_probs_dropout_prob", "image_size", "patch_size", "num_channels", "qkv_bias", "encoder_stride", "pooler_act", "pooler_output_size",
    ];

    public override EncoderConfig Read(ConfigReader reader) => new()
    {
        ModelType = ModelType,
        HiddenSize = reader.Required("hidden_size"),
        IntermediateSize = reader.Required("intermediate_size"),
        Layers = reader.Layers("num_hidden_layers"),
        Heads = reader.Required("num_attention_heads"),
        Activation = reader.Text("hidden_act") ?? "gelu",
        NormEpsilon = reader.Number("layer_norm_eps") ?? 1e-12,
        HiddenDropout = reader.Number("hidden_dropout_prob") ?? 0,
        AttentionDropout = reader.Number("attention_probs_dropout_prob") ?? 0,
        ImageSize = reader.Whole("image_size") ?? 224,
        PatchSize = reader.Whole("patch_size") ?? 16,
        Channels = reader.Whole("num_channels") ?? 3,
        AttentionBias = reader.Flag("qkv_bias", otherwise: true),
    };

    public override void Write(EncoderConfig config, JsonObject json)
    {
        json["image_size"] = config.ImageSize;
        json["patch_size"] = config.PatchSize;
        json["num_channels"] = config.Channels;
        json["qkv_bias"] = config.AttentionBias;
        json["hidden_dropout_prob"] = config.HiddenDropout;
        json["attention_probs_dropout_prob"] = config.AttentionDropout;
    }

    public override EncoderStack MakeStack(EncoderConfig config) => new VitStack(config);

    // transformers 5; the longer ends come first.
    private static readonly (string Older, string Newer)[] RenamedEnds =
    [
        (".attention.attention.query", ".attention.q_proj"), (".attention.attention.key", ".attention.k_proj"), (".attention.attention.value", ".attention.v_proj"),
        (".attention.output.dense", ".attention.o_proj"), (".intermediate.dense", ".mlp.fc1"), (".output.dense", ".mlp.fc2"),
    ];

    public override string NewerName(string path)
    {
        foreach ((string older, string newer) in RenamedEnds)
        {
            if (path.EndsWith(older, StringComparison.Ordinal))
                return path[..^older.Length].Replace("vit.encoder.layer.", "vit.layers.", StringComparison.Ordinal) + newer;
        }
        return path;
    }

    public override bool IsRedundant(string name) => base.IsRedundant(name) || name.Contains("pooler.", StringComparison.Ordinal);
}

/// <summary>Patches and a token before them, blocks, a last norm.</summary>
internal sealed class VitStack : EncoderStack
{
    private readonly VitEmbeddings embeddings;
    private readonly EncoderBlocks encoder;
    private readonly LayerNorm layernorm;

    public VitStack(EncoderConfig config)
    {
        embeddings = new VitEmbeddings(config);
        encoder = new EncoderBlocks(config, static c => new VitBlock(c));
        layernorm = new LayerNorm(config.HiddenSize, config.NormEpsilon);
        RegisterComponents();
    }

    public override Tensor forward(EncoderInput input) => layernorm.call(encoder.forward(embeddings.forward(input.Values), input.Layout));
}

/// <summary>A projection of each patch, the class token before them, and learnt positions.</summary>
internal sealed class VitEmbeddings : nn.Module
{
    private readonly Parameter cls_token, position_embeddings;
    private readonly Patches patch_embeddings;
    private readonly Dropout _dropout;
    private readonly EncoderConfig _config;

    public VitEmbeddings(EncoderConfig config) : base("embeddings")
    {
        _config = config;
        cls_token = new Parameter(empty(1, 1, config.HiddenSize));
        position_embeddings = new Parameter(empty(1, config.ContextLength, config.HiddenSize));
        patch_embeddings = new Patches(config);
        RegisterComponents();
        register_module("dropout", _dropout = new Dropout(config.HiddenDropout));
    }

    /// <summary>Pixels (B, channels, side, side) → (B, 1 + patches, C).</summary>
    /// <exception cref="InputException">Images of another shape.</exception>
    public Tensor forward(Tensor pixels)
    {
        if (pixels.dim() != 4 || pixels.size(1) != _config.Channels || pixels.size(2) != _config.ImageSize || pixels.size(3) != _config.ImageSize)
            throw new InputException($"images of shape [{string.Join(", ", pixels.shape)}]; [rows, {_config.Channels}, {_config.ImageSize}, {_config.ImageSize}] is required");
        Tensor patches = patch_embeddings.projection.forward(pixels);
        Tensor first = cls_token.expand(pixels.size(0), 1, _config.HiddenSize);
        return _dropout.call(cat([first, patches], 1) + position_embeddings);
    }

    private sealed class Patches : nn.Module
    {
        internal readonly Projection projection;

        public Patches(EncoderConfig config) : base("patch_embeddings")
        {
            projection = new Projection(config);
            RegisterComponents();
        }
    }

    /// <summary>A convolution whose windows are the patches: one product, weight (C, channels, side, side).</summary>
    private sealed class Projection : nn.Module
    {
        private readonly Parameter weight, bias;
        private readonly int _side;

        public Projection(EncoderConfig config) : base("projection")
        {
            _side = config.PatchSize;
            weight = new Parameter(empty(config.HiddenSize, config.Channels, _side, _side));
            bias = new Parameter(empty(config.HiddenSize));
            RegisterComponents();
        }

        /// <summary>(B, channels, H, W) → (B, patches, C), row by row.</summary>
        public Tensor forward(Tensor pixels)
        {
            long rows = pixels.size(0), channels = pixels.size(1), down = pixels.size(2) / _side, across = pixels.size(3) / _side;
            Tensor patches = pixels.reshape(rows, channels, down, _side, across, _side).permute(0, 2, 4, 1, 3, 5).reshape(rows, down * across, channels * _side * _side);
            return nn.functional.linear(patches, weight.reshape(weight.size(0), -1), bias);
        }
    }
}

/// <summary>Attention, then feed-forward, each on the normed input and added to it.</summary>
internal sealed class VitBlock : EncoderBlock
{
    private readonly LayerNorm layernorm_before, layernorm_after;
    private readonly Attention attention;
    private readonly Dense intermediate, output;
    private readonly string _activation;

    public VitBlock(EncoderConfig config)
    {
        _activation = config.Activation;
        layernorm_before = new LayerNorm(config.HiddenSize, config.NormEpsilon);
        layernorm_after = new LayerNorm(config.HiddenSize, config.NormEpsilon);
        attention = new Attention(config);
        intermediate = new Dense(config.HiddenSize, config.IntermediateSize);
        output = new Dense(config.IntermediateSize, config.HiddenSize, config.HiddenDropout);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, TokenLayout layout)
    {
        x = x + attention.forward(layernorm_before.call(x), layout);
        return x + output.call(Activations.Apply(_activation, intermediate.call(layernorm_after.call(x))));
    }

    private sealed class Attention : nn.Module
    {
        private readonly EncoderAttention attention;
        private readonly Dense output;

        public Attention(EncoderConfig config) : base("attention")
        {
            attention = new EncoderAttention(config);
            output = new Dense(config.HiddenSize, config.HiddenSize, config.HiddenDropout);
            RegisterComponents();
        }

        public Tensor forward(Tensor x, TokenLayout layout) => output.call(attention.forward(x, layout));
    }
}
