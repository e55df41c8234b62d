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
    /// <summary>The family: <c>llama</c>.</summary>
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

    /// <summary>Components of a head, even; need not be HiddenSize / Heads.</summary>
    public required int HeadDim { get; init; }

    /// <summary>The longest sequence, in tokens.</summary>
    public int ContextLength { get; init; } = 2048;

    /// <summary>Added to the mean square in RMSNorm.</summary>
    public double NormEpsilon { get; init; } = 1e-6;

    /// <summary>Base of the rotary frequencies.</summary>
    public double RotaryBase { get; init; } = 10_000;

    /// <summary>Stretch of the rotary frequencies, or null.</summary>
    public RotaryScaling? RotaryScaling { get; init; }

    /// <summary>Biases on q, k, v and o.</summary>
    public bool AttentionBias { get; init; }

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

    /// <summary>Number of weights, a tied head counted once.</summary>
    public long ParameterCount
    {
        get
        {
            long width = (long)Heads * HeadDim, keyWidth = (long)KeyHeads * HeadDim, hidden = HiddenSize;
            long attention = hidden * (2 * width + 2 * keyWidth) + (AttentionBias ? width + 2 * keyWidth + hidden : 0);
            long feedForward = 3 * hidden * IntermediateSize + (MlpBias ? 2L * IntermediateSize + hidden : 0);
            long head = Head == DecoderHead.Classification ? hidden * Labels.Count : TiedHead ? 0 : hidden * VocabularySize;
            return hidden * VocabularySize + Layers * (attention + feedForward + 2 * hidden) + hidden + head;
        }
    }

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
        if (HeadDim % 2 != 0) throw new InputException($"{origin}: head_dim is {HeadDim}; rotary positions require an even number");
        if (NormEpsilon < 0 || !double.IsFinite(NormEpsilon)) throw new InputException($"{origin}: rms_norm_eps is {NormEpsilon}; a number from 0 is required");
        if (!(RotaryBase > 0)) throw new InputException($"{origin}: rope_theta is {RotaryBase}; a positive number is required");
        if (Head == DecoderHead.Classification && Labels.Count == 0) throw new InputException($"{origin}: a classification head needs labels (id2label)");
        return this;
    }
}
