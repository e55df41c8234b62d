namespace FineTuneKit.Training.Supervised;

/// <summary>Which end of a row that is too long is kept.</summary>
public enum Truncation
{
    /// <summary>The first tokens.</summary>
    KeepStart,

    /// <summary>The last tokens.</summary>
    KeepEnd,
}

/// <summary>How short rows are put together.</summary>
public enum Packing
{
    /// <summary>Not at all: each row is alone and padded.</summary>
    None,

    /// <summary>Best fit, the longest first; what is too long is cut off. Rows do not see each other.</summary>
    BestFit,

    /// <summary>The same, but what is too long goes into further pieces.</summary>
    BestFitSplit,

    /// <summary>One text without borders, cut into pieces; rows see each other.</summary>
    Wrapped,
}

/// <summary>How rows become tokens and labels; the names in brackets are those of TRL's SFTConfig.</summary>
public sealed record SupervisedOptions
{
    /// <summary>Default "text". The field of plain texts (<c>dataset_text_field</c>).</summary>
    public string TextField { get; init; } = "text";

    /// <summary>Default 1024. Tokens of a row at most; null for no bound (<c>max_length</c>).</summary>
    public int? MaxTokens { get; init; } = 1024;

    /// <summary>Default <see cref="Truncation.KeepStart"/> (<c>truncation_mode</c>).</summary>
    public Truncation Truncation { get; init; }

    /// <summary>Default none (<c>packing</c>, <c>packing_strategy</c>).</summary>
    public Packing Packing { get; init; }

    /// <summary>Default false. Rows of a batch stand one behind the other instead of being padded (<c>padding_free</c>); best-fit packing always does so.</summary>
    public bool PaddingFree { get; init; }

    /// <summary>Default null. Lengths of batches are multiples of it (<c>pad_to_multiple_of</c>).</summary>
    public int? PadToMultipleOf { get; init; }

    /// <summary>Default null: only the completion is learned where rows have one (<c>completion_only_loss</c>).</summary>
    public bool? CompletionOnly { get; init; }

    /// <summary>Default false. Only what the assistant says is learned (<c>assistant_only_loss</c>).</summary>
    public bool AssistantOnly { get; init; }

    /// <summary>Default null: the tokenizer's. The token that ends a text that is no chat (<c>eos_token</c>).</summary>
    public string? EndToken { get; init; }

    /// <summary>
    /// Default false. Masks as TRL makes them, with its flaws: a span that ends in an emoji loses the last tokens of that
    /// character, control tokens in messages count as such, a template must mark the answers itself.
    /// </summary>
    public bool AsTrl { get; init; }
}
