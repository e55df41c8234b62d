namespace FineTuneKit.Models;

/// <summary>
/// A decoder: token embedding, blocks as its family makes them, a last norm, and a tied or untied head or one that
/// classifies. Modules carry the checkpoint's names. B rows, T tokens, C components.
/// </summary>
public sealed class Decoder : nn.Module<Tensor, Tensor>, IAdaptable
{
    private readonly DecoderStack model;
    private readonly Linear? _head, _classifier;

    /// <summary>A decoder with unset weights: load or <see cref="Initialize"/> them.</summary>
    public Decoder(DecoderConfig config) : base(nameof(Decoder))
    {
        Config = config;
        DecoderFamily family = DecoderFamily.Of(config);
        model = new DecoderStack(config, family);
        register_module(family.Parts.Stack, model);
        if (config.Head == DecoderHead.Classification) register_module(DecoderParts.Classifier, _classifier = new Linear(config.HiddenSize, config.Labels.Count));
        else if (!config.TiedHead) register_module(family.Parts.Head, _head = new Linear(config.HiddenSize, config.VocabularySize));
    }

    /// <summary>The shape of this decoder.</summary>
    public DecoderConfig Config { get; }

    /// <summary>Number of weights, a tied head counted once.</summary>
    public long ParameterCount => parameters().Sum(parameter => parameter.numel())
        + Projections().Sum(p => p.Value.Packed is null ? 0 : (p.Value.InFeatures * p.Value.OutFeatures) - p.Value.weight.numel());

    nn.Module IAdaptable.Module => this;

    TokenEmbedding? IAdaptable.TiedTable => Config.Head != DecoderHead.Classification && _head is null ? model.Embedding : null;

    string IAdaptable.NewerName(string path) => path;

    /// <summary>Whether a projection is the head, of either kind.</summary>
    public bool IsHead(Linear projection) => ReferenceEquals(projection, _head) || ReferenceEquals(projection, _classifier);

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

    /// <summary>How the projections are packed in four bits a number; null where none is.</summary>
    public QuantizationOptions? Quantization => Projections().Select(p => p.Value.Packed?.Options).FirstOrDefault(options => options is not null);

    /// <summary>Packs every projection but the head in four bits a number, for a frozen base.</summary>
    /// <exception cref="InputException">Weights that are not finite, or a block size that is not supported.</exception>
    public void PackProjections(QuantizationOptions options)
    {
        foreach ((string path, Linear layer) in Projections())
        {
            if (layer.Packed is not null || IsHead(layer) || options.IsSkipped(path)) continue;
            using DisposeScope scope = NewDisposeScope();
            layer.Pack(FourBitWeight.Quantize(layer.Matrix, options, path + ".weight"));
        }
        Fused.GiveBackMemory();
    }

    /// <summary>Makes every packed projection float32 again, with the numbers that its codes stand for.</summary>
    public void UnpackProjections()
    {
        foreach ((_, Linear layer) in Projections()) layer.Unpack();
    }

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

    /// <summary>Ids (B, T) int64 without padding → logits: (B, T, V), or (B, labels) from a classification head.</summary>
    public override Tensor forward(Tensor input)
    {
        using TokenLayout layout = TokenLayout.Full((int)input.size(0), (int)input.size(1));
        return forward(input, layout);
    }

    /// <summary>Ids (B, T) int64 → logits: (B, T, V), or (B, labels) from a classification head.</summary>
    /// <exception cref="InputException">More tokens than the model's context.</exception>
    public Tensor forward(Tensor ids, TokenLayout layout)
    {
        Tensor hidden = Hidden(ids, layout);
        return Config.Head == DecoderHead.Classification ? _classifier!.call(LastTokens(hidden, layout.Ends)) : Logits(hidden);
    }

    /// <summary>Ids (B, T) int64 → the normed states (B, T, C) that the head reads.</summary>
    /// <param name="ids">Token ids.</param>
    /// <param name="layout">Positions and visible keys.</param>
    /// <param name="cache">Where generation keeps keys and values; its layout is <paramref name="layout"/>.</param>
    public Tensor Hidden(Tensor ids, TokenLayout layout, KeyValueCache? cache = null)
    {
        Tensor states = States(ids, layout, cache);
        int before = (int)states.size(1) - layout.Tokens;
        return before == 0 ? states : states.narrow(1, before, layout.Tokens);
    }

    /// <summary>The same behind the states of virtual embeddings, where there are any: (B, V + T, C).</summary>
    internal Tensor States(Tensor ids, TokenLayout layout, KeyValueCache? cache = null) => model.forward(ids, layout, cache);

    /// <summary>What stands before the first token of every row, as prompt and prefix tuning learn it; null for nothing.</summary>
    public VirtualTokens? Virtual
    {
        get => model.Virtual;
        set => model.Virtual = value;
    }

    /// <summary>Tokens that a row may have: the model's context less the virtual ones.</summary>
    public int ContextLength => Config.ContextLength - (Virtual?.Count ?? 0);

    /// <summary>States (…, C) → logits over the vocabulary (…, V).</summary>
    public Tensor Logits(Tensor hidden)
    {
        if (Config.Head == DecoderHead.Classification) throw new InvalidOperationException("a classification head has no logits over the vocabulary");
        // The tied head is the embedding: its gradient comes from both ends.
        Tensor logits = _head is null ? nn.functional.linear(hidden, model.Embedding.weight) : _head.call(hidden);
        return Config.LogitSoftCap > 0 ? tanh(logits / Config.LogitSoftCap) * Config.LogitSoftCap : logits;
    }

    /// <summary>Sum of −log p(target) over states (N, C) and their targets (N) int64, of which −100 do not count.</summary>
    /// <param name="hidden">What <see cref="Hidden"/> gives, row by row.</param>
    /// <param name="targets">The token that follows each.</param>
    /// <param name="labelSmoothing">Share of the target spread over the vocabulary.</param>
    public Tensor LossSum(Tensor hidden, Tensor targets, double labelSmoothing) =>
        PlainHead is { } weight
            ? Fused.LinearCrossEntropySum(hidden, weight, targets, labelSmoothing)
            : Fused.CrossEntropySum(Logits(hidden), targets, labelSmoothing);

    // The head's weight (V, C) where logits are the plain product with it.
    private Tensor? PlainHead => this switch
    {
        { Config.LogitSoftCap: > 0 } or { _classifier: not null } => null,
        { _head: null } => model.Embedding.weight,
        { _head: { Adapter: null, bias: null } head } => head.Matrix,
        _ => null,
    };

    /// <summary>The states of each row's last real token: (B, T, C) → (B, C).</summary>
    public static Tensor LastTokens(Tensor hidden, IReadOnlyList<int> ends)
    {
        long tokens = hidden.size(1);
        long[] last = [.. ends.Select((end, row) => row * tokens + end - 1)];
        return hidden.reshape(-1, hidden.size(2)).index_select(0, tensor(last));
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
                else parameter.copy_(FreshWeights.Normal(name, seed, parameter.shape, Deviation(name)));
            }
        }
    }

    private double Deviation(string name) =>
        DecoderParts.IntoTheStream.Any(end => name.EndsWith(end + ".weight", StringComparison.Ordinal))
            ? Config.InitializerRange / Math.Sqrt(2.0 * Config.Layers)
            : Config.InitializerRange;
}
