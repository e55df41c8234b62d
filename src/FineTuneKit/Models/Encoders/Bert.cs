using System.Text.Json.Nodes;

namespace FineTuneKit.Models;

/// <summary>BERT (Devlin et al. 2018, arXiv:1810.04805).</summary>
internal sealed class BertFamily : EncoderFamily
{
    public override string ModelType => "bert";

    public override string Stack => "bert";

    public override (string Bare, string Classifier, IReadOnlyList<string> Others) Architectures { get; } =
        ("BertModel", "BertForSequenceClassification", ["BertForMaskedLM", "BertForPreTraining"]);

    public override IReadOnlyList<string> Keys => BertShape.Keys;

    public override EncoderConfig Read(ConfigReader reader) => BertShape.Read(reader);

    public override void Write(EncoderConfig config, JsonObject json) => BertShape.Write(config, json);

    public override EncoderStack MakeStack(EncoderConfig config) => new BertStack(config, hasPooler: true);

    public override bool IsRedundant(string name) => base.IsRedundant(name) || name.StartsWith("cls.", StringComparison.Ordinal);
}

/// <summary>The keys of <c>config.json</c> that BERT and RoBERTa share.</summary>
internal static class BertShape
{
    public static IReadOnlyList<string> Keys { get; } =
    [
        "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "max_position_embeddings", "type_vocab_size", "hidden_act",
        "layer_norm_eps", "hidden_dropout_prob", "attention_probs_dropout_prob", "classifier_dropout", "position_embedding_type", "gradient_checkpointing",
    ];

    public static EncoderConfig Read(ConfigReader reader)
    {
        if (reader.Flag("is_decoder")) throw reader.Bad("is_decoder is true, which is not supported; an encoder is required");
        if (reader.Text("position_embedding_type") is { } positions and not "absolute") throw reader.Bad($"position_embedding_type \"{positions}\" is not supported; supported is absolute");
        double hidden = reader.Number("hidden_dropout_prob") ?? 0.1;
        return new()
        {
            ModelType = reader.Text("model_type")!,
            VocabularySize = reader.Required("vocab_size"),
            TypeVocabularySize = reader.Whole("type_vocab_size") ?? 2,
            HiddenSize = reader.Required("hidden_size"),
            IntermediateSize = reader.Required("intermediate_size"),
            Layers = reader.Layers("num_hidden_layers"),
            Heads = reader.Required("num_attention_heads"),
            PositionRows = reader.Whole("max_position_embeddings") ?? 512,
            Activation = reader.Text("hidden_act") ?? "gelu",
            NormEpsilon = reader.Number("layer_norm_eps") ?? 1e-12,
            HiddenDropout = hidden,
            AttentionDropout = reader.Number("attention_probs_dropout_prob") ?? 0.1,
            ClassifierDropout = reader.Number("classifier_dropout") ?? hidden,
        };
    }

    public static void Write(EncoderConfig config, JsonObject json)
    {
        json["vocab_size"] = config.VocabularySize;
        json["type_vocab_size"] = config.TypeVocabularySize;
        json["max_position_embeddings"] = config.PositionRows;
        json["hidden_dropout_prob"] = config.HiddenDropout;
        json["attention_probs_dropout_prob"] = config.AttentionDropout;
        json["classifier_dropout"] = config.ClassifierDropout;
        json["pad_token_id"] = config.PadId;
    }
}

/// <summary>BERT without a head: embeddings, blocks, and the pooler of the first token.</summary>
internal sealed class BertStack : EncoderStack
{
    private readonly BertEmbeddings embeddings;
    private readonly EncoderBlocks encoder;
    private readonly Pooler? pooler;

    public BertStack(EncoderConfig config, bool hasPooler)
    {
        embeddings = new BertEmbeddings(config);
        encoder = new EncoderBlocks(config, static c => new BertBlock(c));
        pooler = hasPooler ? new Pooler(config.HiddenSize) : null;
        RegisterComponents();
    }

    public override Tensor forward(EncoderInput input) => encoder.forward(embeddings.forward(input), input.Layout);

    public override Tensor? Pooled(Tensor states) => pooler?.call(states);
}

/// <summary>The sum of a token's, its position's and its text's vectors, normed.</summary>
internal sealed class BertEmbeddings : nn.Module
{
    private readonly TokenEmbedding word_embeddings, position_embeddings, token_type_embeddings;
    private readonly LayerNorm LayerNorm;
    private readonly Dropout _dropout;
    private readonly EncoderConfig _config;

    public BertEmbeddings(EncoderConfig config) : base("embeddings")
    {
        _config = config;
        word_embeddings = new TokenEmbedding(config.VocabularySize, config.HiddenSize);
        position_embeddings = new TokenEmbedding(config.PositionRows, config.HiddenSize);
        token_type_embeddings = new TokenEmbedding(config.TypeVocabularySize, config.HiddenSize);
        LayerNorm = new LayerNorm(config.HiddenSize, config.NormEpsilon);
        RegisterComponents();
        register_module("dropout", _dropout = new Dropout(config.HiddenDropout));
    }

    /// <summary>→ (B, T, C).</summary>
    /// <exception cref="InputException">More tokens than there are positions.</exception>
    public Tensor forward(EncoderInput input)
    {
        TokenLayout layout = input.Layout;
        if (layout.Tokens > _config.ContextLength) throw new InputException($"a text has {layout.Tokens} tokens; the model holds {_config.ContextLength}");
        // BERT counts columns, RoBERTa real tokens: they differ where padding comes first.
        Tensor positions = _config.FirstPosition == 0 ? arange(layout.Tokens) : layout.Positions.to(ScalarType.Int64) + _config.FirstPosition;
        Tensor types = input.Types ?? zeros_like(input.Values);
        return _dropout.call(LayerNorm.call(word_embeddings.call(input.Values) + token_type_embeddings.call(types) + position_embeddings.call(positions)));
    }
}

/// <summary>Attention, then feed-forward; what each gives is added to its input and then normed.</summary>
internal sealed class BertBlock : EncoderBlock
{
    private readonly Attention attention;
    private readonly Dense intermediate;
    private readonly AddAndNorm output;
    private readonly string _activation;

    public BertBlock(EncoderConfig config)
    {
        _activation = config.Activation;
        attention = new Attention(config);
        intermediate = new Dense(config.HiddenSize, config.IntermediateSize);
        output = new AddAndNorm(config, config.IntermediateSize);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, TokenLayout layout)
    {
        x = attention.forward(x, layout);
        return output.forward(Activations.Apply(_activation, intermediate.call(x)), x);
    }

    private sealed class Attention : nn.Module
    {
        private readonly EncoderAttention self;
        private readonly AddAndNorm output;

        public Attention(EncoderConfig config) : base("attention")
        {
            self = new EncoderAttention(config);
            output = new AddAndNorm(config, config.HiddenSize);
            RegisterComponents();
        }

        public Tensor forward(Tensor x, TokenLayout layout) => output.forward(self.forward(x, layout), x);
    }

    private sealed class AddAndNorm : nn.Module
    {
        private readonly Linear dense;
        private readonly LayerNorm LayerNorm;
        private readonly Dropout _dropout;

        public AddAndNorm(EncoderConfig config, long inFeatures) : base("output")
        {
            dense = new Linear(inFeatures, config.HiddenSize, hasBias: true);
            LayerNorm = new LayerNorm(config.HiddenSize, config.NormEpsilon);
            RegisterComponents();
            register_module("dropout", _dropout = new Dropout(config.HiddenDropout));
        }

        public Tensor forward(Tensor x, Tensor residual) => LayerNorm.call(_dropout.call(dense.call(x)) + residual);
    }
}
