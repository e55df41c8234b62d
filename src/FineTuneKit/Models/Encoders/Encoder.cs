namespace FineTuneKit.Models;

/// <summary>
/// An encoder of texts or images, with a classifier or without: every token sees every other. Modules carry the
/// checkpoint's names. B rows, T tokens, C components.
/// </summary>
public sealed class Encoder : nn.Module, IAdaptable
{
    private const string ClassifierName = "classifier";

    private readonly EncoderStack _stack;
    private readonly nn.Module<Tensor, Tensor>? _classifier;
    private readonly Dropout _dropout;

    /// <summary>An encoder with unset weights: load or <see cref="Initialize"/> them.</summary>
    public Encoder(EncoderConfig config) : base(nameof(Encoder))
    {
        Config = config;
        EncoderFamily family = EncoderFamily.Of(config);
        register_module(family.Stack, _stack = family.MakeStack(config));
        register_module("dropout", _dropout = new Dropout(config.ClassifierDropout));
        if (config.Labels.Count > 0) register_module(ClassifierName, _classifier = family.MakeClassifier(config));
    }

    /// <summary>The shape of this encoder.</summary>
    public EncoderConfig Config { get; }

    /// <summary>Number of weights.</summary>
    public long ParameterCount => parameters().Sum(parameter => parameter.numel());

    /// <summary>Every projection with the name that its weight has in the checkpoint, without <c>.weight</c>.</summary>
    public IEnumerable<KeyValuePair<string, Linear>> Projections()
    {
        foreach ((string name, nn.Module module) in named_modules())
            if (module is Linear linear) yield return KeyValuePair.Create(name, linear);
    }

    /// <summary>Every table of embeddings with the name that its weight has in the checkpoint, without <c>.weight</c>.</summary>
    public IEnumerable<KeyValuePair<string, TokenEmbedding>> Embeddings()
    {
        foreach ((string name, nn.Module module) in named_modules())
            if (module is TokenEmbedding table) yield return KeyValuePair.Create(name, table);
    }

    nn.Module IAdaptable.Module => this;

    TokenEmbedding? IAdaptable.TiedTable => null;

    string IAdaptable.NewerName(string path) => EncoderFamily.Of(Config).NewerName(path);

    /// <summary>Whether a projection belongs to the classifier.</summary>
    public bool IsHead(Linear projection) => Projections().Any(p => ReferenceEquals(p.Value, projection) && IsOfClassifier(p.Key + "."));

    /// <summary>→ logits (B, labels).</summary>
    /// <exception cref="InvalidOperationException">The encoder has no classifier.</exception>
    public Tensor forward(EncoderInput input) => Classify(Pooled(Hidden(input)));

    /// <summary>What <see cref="Pooled"/> gives, (B, C) → logits (B, labels).</summary>
    /// <exception cref="InvalidOperationException">The encoder has no classifier.</exception>
    public Tensor Classify(Tensor pooled)
    {
        if (_classifier is null) throw new InvalidOperationException("this encoder has no classifier: its configuration names no labels");
        return _classifier.call(_dropout.call(pooled));
    }

    /// <summary>→ the last states (B, T, C).</summary>
    public Tensor Hidden(EncoderInput input) => _stack.forward(input);

    /// <summary>States (B, T, C) → (B, C): through the pooler where the family has one, else the first token's.</summary>
    public Tensor Pooled(Tensor states) => _stack.Pooled(states) ?? states.select(1, 0);

    /// <summary>
    /// One vector of length 1 a text, (B, C): the mean of its real tokens' states (Reimers and Gurevych 2019,
    /// arXiv:1908.10084), as sentence-transformers' mean pooling and normalisation give it.
    /// </summary>
    public Tensor Embed(EncoderInput input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor states = Hidden(input);
        Tensor token = arange(input.Layout.Tokens).view(1, -1, 1);
        Tensor end = tensor(input.Layout.Ends.Select(e => (long)e).ToArray(), [input.Layout.Rows, 1, 1]);
        Tensor real = token.lt(end);
        if (input.Layout.KeyStart is { } start) real = real.logical_and(token.ge(start.select(1, 0).to(ScalarType.Int64).view(-1, 1, 1)));
        Tensor sum = states.masked_fill(real.logical_not(), 0).sum(1);
        // The mean's divisor goes with the length.
        return nn.functional.normalize(sum, p: 2, dim: -1).MoveToOuterDisposeScope();
    }

    /// <summary>Fresh weights: normal with the configuration's deviation, norms 1, biases 0.</summary>
    /// <param name="seed">Each weight draws from its own stream under this seed.</param>
    /// <param name="wanted">Which, by name; null for all.</param>
    public void Initialize(long seed, Predicate<string>? wanted = null)
    {
        using DisposeScope scope = NewDisposeScope();
        using (no_grad())
        {
            foreach ((string name, Parameter parameter) in named_parameters())
            {
                if (wanted is not null && !wanted(name)) continue;
                if (name.EndsWith(".bias", StringComparison.Ordinal)) parameter.zero_();
                else if (parameter.dim() == 1) parameter.fill_(1);
                else parameter.copy_(FreshWeights.Normal(name, seed, parameter.shape, Config.InitializerRange));
            }
        }
    }

    /// <summary>Whether a weight is of the pooler or the classifier, which a checkpoint without this head lacks.</summary>
    internal static bool IsOfHead(string name) => IsOfClassifier(name) || name.Contains(".pooler.", StringComparison.Ordinal);

    /// <summary>Whether a weight is of the classifier.</summary>
    internal static bool IsOfClassifier(string name) => name.StartsWith(ClassifierName + ".", StringComparison.Ordinal);
}
