using System.Globalization;
using System.Text.Json;
using FineTuneKit.Data;

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

    /// <summary>The chat templates by name, where there are several here.</summary>
    public IReadOnlyDictionary<string, string> NamedChatTemplates { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether encoding puts <see cref="BeginToken"/> first; null where it does not say.</summary>
    public bool? AddBeginToken { get; init; }

    /// <summary>Whether encoding puts <see cref="EndToken"/> last; null where it does not say.</summary>
    public bool? AddEndToken { get; init; }

    /// <summary>The class of transformers that it was saved by.</summary>
    public string? TokenizerClass { get; init; }

    /// <summary>Tokens beside those of the vocabulary, by id (<c>added_tokens_decoder</c>).</summary>
    public IReadOnlyDictionary<int, AddedToken> AddedTokens { get; init; } = new Dictionary<int, AddedToken>();

    /// <exception cref="InputException">It is not JSON, or holds something else than it should.</exception>
    internal static TokenizerConfig Read(byte[]? json, string file)
    {
        if (json is null) return new();
        try
        {
            StrictJson.RequireUtf8(json, file, 1);
            using JsonDocument document = JsonDocument.Parse(json);
            return Read(document.RootElement);
        }
        catch (Exception e) when (JsonReading.IsMalformed(e))
        {
            throw new InputException($"{file}: {Tokenizer.ConfigFileName} cannot be read: {e.Message}", e);
        }
    }

    private static TokenizerConfig Read(JsonElement root) => new()
    {
        BeginToken = Token(root, "bos_token"),
        EndToken = Token(root, "eos_token"),
        PadToken = Token(root, "pad_token"),
        UnknownToken = Token(root, "unk_token"),
        ChatTemplate = root.Text("chat_template"),
        NamedChatTemplates = Named(root.Field("chat_template")),
        AddBeginToken = Maybe(root, "add_bos_token"),
        AddEndToken = Maybe(root, "add_eos_token"),
        TokenizerClass = root.Text("tokenizer_class"),
        AddedTokens = Added(root.Field("added_tokens_decoder")),
    };

    private static Dictionary<string, string> Named(JsonElement json) => json.ValueKind != JsonValueKind.Array ? []
        : json.EnumerateArray().ToDictionary(t => t.GetProperty("name").GetString()!, t => t.GetProperty("template").GetString()!, StringComparer.Ordinal);

    private static bool? Maybe(JsonElement root, string name) =>
        root.Field(name).ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null };

    private static Dictionary<int, AddedToken> Added(JsonElement json) => json.ValueKind != JsonValueKind.Object ? []
        : json.EnumerateObject().ToDictionary(p => int.Parse(p.Name, CultureInfo.InvariantCulture), p => AddedToken.Read(p.Value));

    /// <summary>A token is written as a string, or as an object with its flags.</summary>
    private static string? Token(JsonElement root, string name) => root.Text(name) ?? root.Field(name).Field("content").AsText();
}
