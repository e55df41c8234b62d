namespace FineTuneKit.Models;

/// <summary>What a block is given beside the states.</summary>
/// <param name="Layout">Positions and visible keys.</param>
/// <param name="Rotary">Angles by position; null where positions are learnt.</param>
/// <param name="WindowRotary">Those of blocks with a window.</param>
/// <param name="Cache">Where generation keeps keys and values; null in training.</param>
/// <param name="AttentionDropout">The share of attention weights to drop; 0 outside training.</param>
/// <param name="Virtual">Keys and values that stand before the first token; null for none.</param>
internal readonly record struct BlockInput(
    TokenLayout Layout, RotaryAngles? Rotary, RotaryAngles? WindowRotary, KeyValueCache? Cache, double AttentionDropout, VirtualTokens? Virtual = null);

/// <summary>One block of a decoder: states (B, T, C) → (B, T, C).</summary>
internal abstract class DecoderBlock() : nn.Module("layer")
{
    public abstract Tensor forward(Tensor x, BlockInput input);
}

/// <summary>Embedding, blocks and last norm, under the names of the family's checkpoints.</summary>
internal sealed class DecoderStack : nn.Module
{
    private readonly TokenEmbedding? _positions;
    private readonly Dropout _dropout;
    private readonly DecoderBlocks _blocks;
    private readonly nn.Module<Tensor, Tensor> _norm;
    private readonly RotaryTable? _rotary, _windowRotary;
    private readonly double _embeddingScale, _attentionDropout;
    private readonly bool _scalesTableOnly;

    public DecoderStack(DecoderConfig config, DecoderFamily family) : base("model")
    {
        DecoderParts parts = family.Parts;
        (_embeddingScale, _scalesTableOnly) = (family.EmbeddingScale(config), family.ScalesTableOnly);
        register_module(parts.Embedding, Embedding = new TokenEmbedding(config.VocabularySize, config.HiddenSize));
        if (parts.Positions is not null) register_module(parts.Positions, _positions = new TokenEmbedding(config.ContextLength, config.HiddenSize));
        register_module("drop", _dropout = new Dropout(config.EmbeddingDropout));
        _attentionDropout = config.AttentionDropout;
        register_module(parts.Blocks, _blocks = nn.ModuleList(Enumerable.Range(0, config.Layers).Select(i => family.Block(config, i)).ToArray()));
        register_module(parts.Norm, _norm = family.Norm(config));
        if (config.RotaryDim > 0) _rotary = new RotaryTable(config);
        if (config.WindowRotaryBase is { } theta) _windowRotary = new RotaryTable(config with { RotaryBase = theta, RotaryScaling = null });
    }

    /// <summary>The table that a tied head shares.</summary>
    public TokenEmbedding Embedding { get; }

    public bool GradientCheckpointing { get; set; }

    /// <summary>What stands before the first token of every row; null for nothing.</summary>
    public VirtualTokens? Virtual { get; set; }

    /// <summary>→ the states of the tokens, behind those of virtual embeddings where there are any: (B, V + T, C).</summary>
    public Tensor forward(Tensor ids, TokenLayout layout, KeyValueCache? cache)
    {
        // In a step the cache holds them already.
        if (Virtual is not { } before || !layout.Causal) return Run(Embed(ids, null), layout, cache, null);
        if (before.Embeddings() is { } embeddings)
        {
            using TokenLayout longer = layout.WithFirst(before.Count);
            return Run(Embed(ids, embeddings), longer, cache, null);
        }
        using TokenLayout behind = layout.Behind(before.Count);
        return Run(Embed(ids, null), behind, cache, before);
    }

    // (B, T, C), or (B, V + T, C) behind embeddings (V, C).
    private Tensor Embed(Tensor ids, Tensor? before)
    {
        Tensor x = Embedding.call(ids);
        Tensor Scaled(Tensor rows) => _embeddingScale == 1 ? rows : rows * _embeddingScale;
        if (before is null) return Scaled(x);
        Tensor first = before.unsqueeze(0).expand(ids.size(0), -1, -1);
        return _scalesTableOnly ? cat([first, Scaled(x)], 1) : Scaled(cat([first, x], 1));
    }

    private Tensor Run(Tensor x, TokenLayout layout, KeyValueCache? cache, VirtualTokens? before)
    {
        var input = new BlockInput(layout, _rotary?.For(layout.Longest), _windowRotary?.For(layout.Longest), cache, training ? _attentionDropout : 0, before);
        if (_positions is not null) x = x + _positions.call(layout.Positions.to(ScalarType.Int64));
        x = _dropout.call(x);
        for (int i = 0; i < _blocks.Count; i++)
        {
            // What no backward pass will read goes back to the pool after each block.
            using DisposeScope scope = NewDisposeScope();
            DecoderBlock block = _blocks[i];
            Tensor next = GradientCheckpointing && cache is null ? Checkpointed(block, x, input) : block.forward(x, input);
            x = next.MoveToOuterDisposeScope();
        }
        return _norm.call(x);
    }

    private static Tensor Checkpointed(DecoderBlock block, Tensor x, BlockInput input)
    {
        TokenLayout held = input.Layout.Share();
        return Fused.Checkpoint(state => block.forward(state, input with { Layout = held }), x, held);
    }
}
