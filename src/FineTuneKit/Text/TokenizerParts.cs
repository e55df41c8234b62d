namespace FineTuneKit.Text;

/// <summary>What a tokenizer is made of, in the order in which a text passes through it.</summary>
internal sealed record TokenizerParts
{
    public INormalizer? Normalizer { get; init; }

    public IPreTokenizer? PreTokenizer { get; init; }

    public required ITokenModel Model { get; init; }

    public IPostProcessor? PostProcessor { get; init; }

    public IDecoder? Decoder { get; init; }

    /// <summary>Tokens that are sought in the text before the model sees it.</summary>
    public IReadOnlyList<AddedToken> AddedTokens { get; init; } = [];

    public TruncationOptions? Truncation { get; init; }

    public PaddingOptions? Padding { get; init; }
}
