using System.Text.Json;

namespace FineTuneKit.Text;

/// <summary>The special tokens that a <c>tokenizer_config.json</c> names; null where it names none.</summary>
public sealed record TokenizerConfig
{
    /// <summary>Begins a text.</summary>
    public string? BeginToken { get; init; }

    /// <summary>Ends an answer.</summary>
    public string? EndToken { get; init; }

    /// <summary>Fills up short rows of a batch.</summary>
    public string? PadToken { get; init; }

    /// <summary>Stands for what the vocabulary lacks.</summary>
    public string? UnknownToken { get; init; }

    /// <summary>The chat template, where it is kept here and not in a file of its own.</summary>
    public string? ChatTemplate { get; init; }

    internal static TokenizerConfig Read(byte[]? json)
    {
        if (json is null) return new();
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement root = document.RootElement;
        return new()
        {
            BeginToken = Token(root, "bos_token"),
            EndToken = Token(root, "eos_token"),
            PadToken = Token(root, "pad_token"),
            UnknownToken = Token(root, "unk_token"),
            ChatTemplate = root.Text("chat_template"),
        };
    }

    /// <summary>A token is written as a string, or as an object with its flags.</summary>
    private static string? Token(JsonElement root, string name) => root.Text(name) ?? root.Field(name).Field("content").AsText();
}
