namespace FineTuneKit.Text;

/// <summary>What a byte-level BPE tokeniser is to become.</summary>
public sealed record BpeTrainerOptions
{
    /// <summary>Entries with special tokens and the 256 bytes; fewer come out where the text has too few pairs.</summary>
    public int VocabularySize { get; init; } = 4096;

    /// <summary>Control tokens; they take the first ids in this order.</summary>
    public IReadOnlyList<string> SpecialTokens { get; init; } = ["<|pad|>", "<|end|>", "<|system|>", "<|user|>", "<|assistant|>"];

    /// <summary>Fills up short rows; one of the special tokens, or null.</summary>
    public string? PadToken { get; init; } = "<|pad|>";

    /// <summary>Ends an answer; one of the special tokens, or null.</summary>
    public string? EndToken { get; init; } = "<|end|>";

    /// <summary>A pair is merged only if it occurs at least so often.</summary>
    public int MinFrequency { get; init; } = 2;

    /// <summary>Every digit is a token of its own; otherwise up to three may become one.</summary>
    public bool DigitsOneByOne { get; init; } = true;
}
