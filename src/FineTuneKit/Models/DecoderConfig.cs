using System.Text.Json.Nodes;
using FineTuneKit.Records;

namespace FineTuneKit.Models;

/// <summary>What sits on top of a decoder.</summary>
public enum DecoderHead
{
    /// <summary>Logits over the vocabulary for the next token.</summary>
    LanguageModel,

    /// <summary>Logits over labels, from the last token of the row.</summary>
    Classification,
}

/// <summary>
/// The shape of a decoder: what <c>config.json</c> says, under the names of this library. Reading and writing the
/// file is <see cref="ConfigFile"/>'s.
/// </summary>
public sealed record DecoderConfig
{
    /// <summary>The family, as <c>model_type</c> names it: <c>llama</c>, <c>gpt2</c> …</summary>
    public string ModelType { get; init; } = "llama";

    /// <summary>Rows of the embedding.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Components of a token's vector.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Components inside the feed-forward block.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>Blocks.</summary>
    public required int Layers { get; init; }

    /// <summary>Query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Key and value heads; each serves Heads / KeyHeads query heads.</summary>
    public required int KeyHeads { get; init; }

    /// <summary>Components of a head; need not be HiddenSize / Heads.</summary>
    public required int HeadDim { get; init; }

    /// <summary>The longest sequence, in tokens.</summary>
    public int ContextLength { get; init; } = 2048;

    /// <summary>The function inside the feed-forward block, as transformers names it: <c>silu</c>, <c>gelu</c>, <c>gelu_new</c> …</summary>
    public string Activation { get; init; } = "silu";

    /// <summary>Added to the mean square in RMSNorm, to the variance in LayerNorm.</summary>
    public double NormEpsilon { get; init; } = 1e-6;

    /// <summary>Base of the rotary frequencies.</summary>
    public double RotaryBase { get; init; } = 10_000;

    /// <summary>The share of a head's components that turn with the position; 0 for learnt positions.</summary>
    public double RotaryShare { get; init; } = 1;

    /// <summary>Components of a head that turn with the position, even.</summary>
    public int RotaryDim => (int)(HeadDim * RotaryShare);

    /// <summary>Base of the rotary frequencies in blocks with a window, unstretched; null where it is that of the others.</summary>
    public double? WindowRotaryBase { get; init; }

    /// <summary>Keys that a token sees in blocks with a window, its own included; null for no windows.</summary>
    public int? Window { get; init; }

    /// <summary>For each block whether it has the window; empty where all have it.</summary>
    public IReadOnlyList<bool> WindowedLayers { get; init; } = [];

    /// <summary>What scores are multiplied by; null for 1 / √HeadDim.</summary>
    public double? AttentionScale { get; init; }

    /// <summary>Scores become cap · tanh(score / cap); 0 for none.</summary>
    public double AttentionSoftCap { get; init; }

    /// <summary>Logits become cap · tanh(logit / cap); 0 for none.</summary>
    public double LogitSoftCap { get; init; }

    /// <summary>Whether attention and feed-forward read the same state and are added together.</summary>
    public bool ParallelResidual { get; init; }

    /// <summary>The share of the embedding's components dropped in training.</summary>
    public double EmbeddingDropout { get; init; }

    /// <summary>The share of attention weights dropped in training.</summary>
    public double AttentionDropout { get; init; }

    /// <summary>The share of components dropped in training from what a block adds to the residual stream.</summary>
    public double ResidualDropout { get; init; }

    /// <summary>Stretch of the rotary frequencies, or null.</summary>
    public RotaryScaling? RotaryScaling { get; init; }

    /// <summary>Biases on q, k and v.</summary>
    public bool AttentionBias { get; init; }

    /// <summary>A bias on the projection behind the attention.</summary>
    public bool OutputBias { get; init; }

    /// <summary>Biases in the feed-forward block.</summary>
    public bool MlpBias { get; init; }

    /// <summary>True when the head is the embedding.</summary>
    public bool TiedHead { get; init; }

    /// <summary>What sits on top.</summary>
    public DecoderHead Head { get; init; }

    /// <summary>Names of the labels of a classification head, by index.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Standard deviation of fresh weights.</summary>
    public double InitializerRange { get; init; } = 0.02;

    /// <summary>Begin-of-text token, if any.</summary>
    public int? BosId { get; init; }

    /// <summary>Tokens that end a text.</summary>
    public IReadOnlyList<int> EosIds { get; init; } = [];

    /// <summary>Padding token, if any.</summary>
    public int? PadId { get; init; }

    /// <summary>The JSON that was read, so that saving keeps what the kit does not use; null for a fresh model.</summary>
    public JsonObject? Source { get; init; }

    /// <summary>The window of a block, or null where it sees everything before.</summary>
    internal int? WindowOf(int layer) => WindowedLayers.Count == 0 || WindowedLayers[layer] ? Window : null;

    /// <summary>Throws when the numbers do not fit each other.</summary>
    /// <param name="origin">The file they came from, for the message.</param>
    /// <exception cref="InputException">A size below 1, heads that do not divide, an odd head, ids outside the vocabulary.</exception>
    public DecoderConfig Checked(string origin)
    {
        foreach ((string name, long value) in new[]
        {
            ("vocab_size", (long)VocabularySize), ("hidden_size", HiddenSize), ("intermediate_size", IntermediateSize),
            ("num_hidden_layers", Layers), ("num_attention_heads", Heads), ("num_key_value_heads", KeyHeads),
            ("head_dim", HeadDim), ("max_position_embeddings", ContextLength),
        })
        {
            if (value < 1) throw new InputException($"{origin}: {name} is {value}; at least 1 is required");
        }
        if (Heads % KeyHeads != 0)
            throw new InputException($"{origin}: num_attention_heads {Heads} is no multiple of num_key_value_heads {KeyHeads}");
        foreach ((string part, double share) in new[] { ("embedding", EmbeddingDropout), ("attention", AttentionDropout), ("residual", ResidualDropout) })
        {
            if (share is not (>= 0 and < 1)) throw new InputException($"{origin}: the {part} dropout is {share}; from 0 to below 1 is required");
        }
        if (RotaryShare is not (>= 0 and <= 1)) throw new InputException($"{origin}: the rotary share of a head is {RotaryShare}; from 0 to 1 is required");
        if (RotaryDim % 2 != 0) throw new InputException($"{origin}: {RotaryDim} components of a head (head_dim {HeadDim}) turn with the position; an even number is required");
        if (NormEpsilon < 0 || !double.IsFinite(NormEpsilon)) throw new InputException($"{origin}: the epsilon of the norms is {NormEpsilon}; a number from 0 is required");
        if (!Activations.IsKnown(Activation)) throw new InputException($"{origin}: the activation \"{Activation}\" is not supported; supported are {string.Join(", ", Activations.Names)}");
        if (Window < 1) throw new InputException($"{origin}: sliding_window is {Window}; at least 1 is required");
        if (WindowedLayers.Count > 0 && WindowedLayers.Count != Layers) throw new InputException($"{origin}: layer_types names {WindowedLayers.Count} layers; num_hidden_layers is {Layers}");
        if (!(RotaryBase > 0)) throw new InputException($"{origin}: rope_theta is {RotaryBase}; a positive number is required");
        if (Head == DecoderHead.Classification && Labels.Count == 0) throw new InputException($"{origin}: a classification head needs labels (id2label)");
        return this;
    }

    /// <summary>Weights that a model of this shape has at least: its embedding, and of each layer one projection of the feed-forward block and one of attention.</summary>
    internal Int128 LeastWeights(bool learntPositions) =>
        ((Int128)HiddenSize * (VocabularySize + (learntPositions ? (Int128)ContextLength : 0)))
        + ((Int128)Layers * HiddenSize * (IntermediateSize + ((Int128)Heads * HeadDim)));
}
