using System.Text.Json.Nodes;

namespace FineTuneKit.Models;

/// <summary>The shape of an encoder of texts or images.</summary>
public sealed record EncoderConfig
{
    /// <summary>The family: <c>bert</c>, <c>roberta</c>, <c>xlm-roberta</c> or <c>vit</c>.</summary>
    public required string ModelType { get; init; }

    /// <summary>Rows of the token embedding; 0 for images.</summary>
    public int VocabularySize { get; init; }

    /// <summary>Kinds of text that tokens are marked with, as first and second of a pair.</summary>
    public int TypeVocabularySize { get; init; }

    /// <summary>Components of a token's vector.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Components inside a feed-forward block.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>Blocks.</summary>
    public required int Layers { get; init; }

    /// <summary>Attention heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Rows of the position embedding; 0 for images.</summary>
    public int PositionRows { get; init; }

    /// <summary>The row of the first token's position: RoBERTa's positions begin behind the padding token's id.</summary>
    public int FirstPosition { get; init; }

    /// <summary>The function inside feed-forward blocks.</summary>
    public string Activation { get; init; } = "gelu";

    /// <summary>Added to the variance in norms.</summary>
    public double NormEpsilon { get; init; } = 1e-12;

    /// <summary>Share of embeddings and of blocks' outputs dropped in training.</summary>
    public double HiddenDropout { get; init; }

    /// <summary>Share of attention weights dropped in training.</summary>
    public double AttentionDropout { get; init; }

    /// <summary>Share of the classifier's input dropped in training.</summary>
    public double ClassifierDropout { get; init; }

    /// <summary>Side of the square images, in pixels; 0 for texts.</summary>
    public int ImageSize { get; init; }

    /// <summary>Side of a patch, in pixels.</summary>
    public int PatchSize { get; init; }

    /// <summary>Channels of the images.</summary>
    public int Channels { get; init; }

    /// <summary>Whether queries, keys and values have a bias.</summary>
    public bool AttentionBias { get; init; } = true;

    /// <summary>The classes; none for an encoder without a classifier.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>The standard deviation of fresh weights.</summary>
    public double InitializerRange { get; init; } = 0.02;

    /// <summary>Fills up short rows; null where the file names none.</summary>
    public int? PadId { get; init; }

    /// <summary>What <c>config.json</c> held when it was read; kept when it is written.</summary>
    public JsonObject? Source { get; init; }

    /// <summary>Components of a head.</summary>
    public int HeadDim => HiddenSize / Heads;

    /// <summary>Whether it reads images.</summary>
    public bool IsVision => ImageSize > 0;

    /// <summary>Tokens that a text may have, or patches of an image and the token before them.</summary>
    public int ContextLength => IsVision ? (ImageSize / PatchSize * (ImageSize / PatchSize)) + 1 : PositionRows - FirstPosition;

    /// <summary>Weights that a model of this shape has at least, as <see cref="DecoderConfig.LeastWeights"/>.</summary>
    internal Int128 LeastWeights =>
        ((Int128)HiddenSize * (IsVision ? (Int128)PatchSize * PatchSize : (Int128)VocabularySize + PositionRows)) + ((Int128)Layers * HiddenSize * ((Int128)IntermediateSize + HiddenSize));

    /// <exception cref="InputException">Numbers that do not fit together; names the file.</exception>
    internal EncoderConfig Checked(string file)
    {
        Require(HiddenSize > 0 && Heads > 0 && HiddenSize % Heads == 0, $"hidden_size {HiddenSize} must be a multiple of num_attention_heads {Heads}");
        Require(IntermediateSize > 0, $"intermediate_size is {IntermediateSize}; above 0 is required");
        Require(Layers > 0, $"num_hidden_layers is {Layers}; above 0 is required");
        Require(Activations.IsKnown(Activation), $"hidden_act \"{Activation}\" is not supported; supported are {string.Join(", ", Activations.Names)}");
        Require(!IsVision || (PatchSize > 0 && ImageSize % PatchSize == 0), $"image_size {ImageSize} must be a multiple of patch_size {PatchSize}");
        Require(ContextLength > 0, $"max_position_embeddings is {PositionRows}; more than {FirstPosition} is required");
        return this;

        void Require(bool holds, string otherwise)
        {
            if (!holds) throw new InputException($"{file}: {otherwise}");
        }
    }
}
