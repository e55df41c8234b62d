using System.Text.Json.Nodes;

namespace FineTuneKit.Models;

/// <summary>What makes a family of encoders: the keys of its <c>config.json</c>, the names in its checkpoints, its parts.</summary>
internal abstract class EncoderFamily
{
    private static readonly EncoderFamily[] All = [new BertFamily(), new RobertaFamily("roberta", "Roberta"), new RobertaFamily("xlm-roberta", "XLMRoberta"), new VitFamily()];

    /// <summary>What <c>model_type</c> may be.</summary>
    public static IEnumerable<string> Names => All.Select(family => family.ModelType);

    /// <summary>What <c>model_type</c> calls it.</summary>
    public abstract string ModelType { get; }

    /// <summary>The name of everything but the classifier in its checkpoints.</summary>
    public abstract string Stack { get; }

    /// <summary>transformers' classes: without a head, with one that classifies, and others whose heads are passed over.</summary>
    public abstract (string Bare, string Classifier, IReadOnlyList<string> Others) Architectures { get; }

    /// <summary>The keys that it reads, beside those that all families share.</summary>
    public abstract IReadOnlyList<string> Keys { get; }

    /// <summary>The family of a <c>model_type</c>, or null.</summary>
    public static EncoderFamily? Named(string modelType) => Array.Find(All, family => family.ModelType == modelType);

    /// <summary>The family of a configuration.</summary>
    public static EncoderFamily Of(EncoderConfig config) =>
        Named(config.ModelType) ?? throw new InputException($"model_type \"{config.ModelType}\" is no encoder; encoders are {string.Join(", ", Names)}");

    /// <summary>Reads the shape.</summary>
    public abstract EncoderConfig Read(ConfigReader reader);

    /// <summary>Writes the shape.</summary>
    public abstract void Write(EncoderConfig config, JsonObject json);

    /// <summary>Embedding, blocks and what stands behind them.</summary>
    public abstract EncoderStack MakeStack(EncoderConfig config);

    /// <summary>What was pooled, or the first token's state, (B, C) → logits (B, labels).</summary>
    public virtual nn.Module<Tensor, Tensor> MakeClassifier(EncoderConfig config) => new Linear(config.HiddenSize, config.Labels.Count, hasBias: true);

    /// <inheritdoc cref="IAdaptable.NewerName"/>
    public virtual string NewerName(string path) => path;

    /// <summary>Whether a tensor of a checkpoint may be passed over: another head, or positions that the model computes.</summary>
    public virtual bool IsRedundant(string name) => name.EndsWith("embeddings.position_ids", StringComparison.Ordinal);
}

/// <summary>What an encoder reads: a batch of texts, or of images.</summary>
public sealed class EncoderInput : IDisposable
{
    private EncoderInput(Tensor values, TokenLayout layout, Tensor? types) => (Values, Layout, Types) = (values, layout, types);

    /// <summary>Ids (B, T) int64, or pixels (B, channels, height, width).</summary>
    public Tensor Values { get; }

    /// <summary>Which tokens are real.</summary>
    public TokenLayout Layout { get; }

    /// <summary>(B, T) int64: first or second text of a pair; null for the first alone.</summary>
    public Tensor? Types { get; }

    /// <summary>Texts, padded at the end or the beginning as the layout says. Takes everything over.</summary>
    public static EncoderInput Texts(Tensor ids, TokenLayout layout, Tensor? types = null) => new(ids, layout, types);

    /// <summary>Images, resized and normalised as their model asks.</summary>
    /// <param name="pixels">(B, channels, height, width) float32; taken over.</param>
    /// <param name="config">The model's shape, which says how many patches there are.</param>
    public static EncoderInput Images(Tensor pixels, EncoderConfig config) => new(pixels, TokenLayout.Full((int)pixels.size(0), config.ContextLength), null);

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        Values.Dispose();
        Layout.Dispose();
        Types?.Dispose();
    }
}

/// <summary>Everything but the classifier.</summary>
internal abstract class EncoderStack() : nn.Module("encoder")
{
    /// <summary>→ states (B, T, C).</summary>
    public abstract Tensor forward(EncoderInput input);

    /// <summary>States (B, T, C) → (B, C), through the pooler; null where the family has none.</summary>
    public virtual Tensor? Pooled(Tensor states) => null;
}

/// <summary>One block of an encoder: states (B, T, C) → (B, T, C).</summary>
internal abstract class EncoderBlock() : nn.Module("layer")
{
    public abstract Tensor forward(Tensor x, TokenLayout layout);
}

/// <summary>The blocks, one after another, under the name that they have in the checkpoint.</summary>
internal sealed class EncoderBlocks : nn.Module
{
    private readonly EncoderBlockList layer;

    public EncoderBlocks(EncoderConfig config, Func<EncoderConfig, EncoderBlock> make) : base("encoder")
    {
        layer = nn.ModuleList(Enumerable.Range(0, config.Layers).Select(_ => make(config)).ToArray());
        RegisterComponents();
    }

    public Tensor forward(Tensor x, TokenLayout layout)
    {
        foreach (EncoderBlock block in layer)
        {
            // What no backward pass will read goes back to the pool after each block.
            using DisposeScope scope = NewDisposeScope();
            x = block.forward(x, layout).MoveToOuterDisposeScope();
        }
        return x;
    }
}
