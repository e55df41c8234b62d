using System.Text.Json.Nodes;

namespace FineTuneKit.Models;

/// <summary>The names of a decoder's parts in its family's checkpoints.</summary>
/// <param name="Stack">Embedding, blocks and last norm together.</param>
/// <param name="Embedding">The token embedding, below the stack.</param>
/// <param name="Blocks">The list of blocks.</param>
/// <param name="Norm">The last norm.</param>
/// <param name="Head">The head over the vocabulary, beside the stack.</param>
/// <param name="Positions">The learnt positions; null for rotary ones.</param>
internal sealed record DecoderParts(string Stack, string Embedding, string Blocks, string Norm, string Head, string? Positions = null)
{
    /// <summary>The head that classifies, in every family.</summary>
    public const string Classifier = "score";

    /// <summary>Projections whose output is added to the residual stream.</summary>
    public static IReadOnlyList<string> IntoTheStream { get; } = ["o_proj", "down_proj", "c_proj", "attention.dense", "dense_4h_to_h"];
}

/// <summary>The keys under which a family's <c>config.json</c> has its shares of dropout; null for what it never drops.</summary>
/// <param name="Attention">Of attention weights.</param>
/// <param name="Embedding">Of the embedding.</param>
/// <param name="Residual">Of what a block adds to the stream.</param>
/// <param name="Default">The share where the file does not say.</param>
internal sealed record DropoutKeys(string Attention, string? Embedding = null, string? Residual = null, double Default = 0)
{
    /// <summary>The keys there are.</summary>
    public IEnumerable<string> All => new[] { Attention, Embedding, Residual }.OfType<string>();

    /// <summary>The configuration with the shares that the file has.</summary>
    public DecoderConfig Read(DecoderConfig config, ConfigReader reader)
    {
        double Share(string? key) => key is null ? 0 : reader.Number(key) ?? Default;
        return config with { AttentionDropout = Share(Attention), EmbeddingDropout = Share(Embedding), ResidualDropout = Share(Residual) };
    }

    /// <summary>Writes the shares.</summary>
    public void Write(DecoderConfig config, JsonObject json)
    {
        json[Attention] = config.AttentionDropout;
        if (Embedding is not null) json[Embedding] = config.EmbeddingDropout;
        if (Residual is not null) json[Residual] = config.ResidualDropout;
    }
}

/// <summary>What makes a family of decoders: the keys of its <c>config.json</c>, the names in its checkpoints, its blocks.</summary>
internal abstract class DecoderFamily
{
    private static readonly DecoderFamily[] All =
    [
        new LlamaFamily(), new MistralFamily(), new Qwen2Family(), new Qwen3Family(), new GemmaFamily(), new Gemma2Family(), new Gemma3Family(),
        new Phi3Family(), new Gpt2Family(), new GptNeoXFamily(),
    ];

    /// <summary>What <c>model_type</c> may be.</summary>
    public static IEnumerable<string> Names => All.Select(family => family.ModelType);

    /// <summary>What <c>model_type</c> calls it.</summary>
    public abstract string ModelType { get; }

    /// <summary>The keys that it reads, beside those that all families share.</summary>
    public abstract IReadOnlyList<string> Keys { get; }

    /// <summary>Where it has its shares of dropout.</summary>
    public virtual DropoutKeys Dropouts { get; } = new("attention_dropout");

    /// <summary>The names of its parts.</summary>
    public virtual DecoderParts Parts { get; } = new("model", "embed_tokens", "layers", "norm", "lm_head");

    /// <summary>The family of a <c>model_type</c>, or null.</summary>
    public static DecoderFamily? Named(string modelType) => Array.Find(All, family => family.ModelType == modelType);

    /// <summary>The family of a configuration.</summary>
    public static DecoderFamily Of(DecoderConfig config) =>
        Named(config.ModelType) ?? throw new InputException($"model_type \"{config.ModelType}\" is not supported; supported are {string.Join(", ", Names)}");

    /// <summary>The name of transformers' class with such a head.</summary>
    public abstract string Architecture(DecoderHead head);

    /// <summary>Reads the shape.</summary>
    public abstract DecoderConfig Read(ConfigReader reader);

    /// <summary>Writes the shape, under the names of 2023.</summary>
    public abstract void Write(DecoderConfig config, JsonObject json);

    /// <summary>One block.</summary>
    public abstract DecoderBlock Block(DecoderConfig config, int layer);

    /// <summary>The last norm.</summary>
    public abstract nn.Module<Tensor, Tensor> Norm(DecoderConfig config);

    /// <summary>What the embedding is multiplied by.</summary>
    public virtual double EmbeddingScale(DecoderConfig config) => 1;

    /// <summary>Whether the table alone is scaled, so that embeddings which stand beside its rows are not.</summary>
    public virtual bool ScalesTableOnly => false;

    /// <summary>Whether a tensor of a checkpoint may be passed over: a mask or frequencies that the model computes.</summary>
    public virtual bool IsRedundant(string name) => name.EndsWith("rotary_emb.inv_freq", StringComparison.Ordinal);
}
