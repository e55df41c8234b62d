using System.Text.Json;
using FineTuneKit.Data;

namespace FineTuneKit.Text.Templates;

/// <summary>What a chat template is given: the arguments of transformers' <c>apply_chat_template</c>.</summary>
public sealed record ChatTemplateInput
{
    /// <summary>
    /// The messages, each a dictionary with <c>role</c>, <c>content</c> and what else the template reads
    /// (<c>tool_calls</c>, <c>reasoning_content</c> …), or a JSON object.
    /// </summary>
    public required IReadOnlyList<object?> Messages { get; init; }

    /// <summary>JSON schemas of the tools; null for none at all.</summary>
    public IReadOnlyList<object?>? Tools { get; init; }

    /// <summary>Documents to answer from, with <c>title</c> and <c>text</c>; null for none at all.</summary>
    public IReadOnlyList<object?>? Documents { get; init; }

    /// <summary>Whether the text ends where the next answer begins.</summary>
    public bool AddGenerationPrompt { get; init; }

    /// <summary>
    /// The field of the last message that is to be gone on with, <c>content</c> as a rule: the text ends within that
    /// message. Null for none.
    /// </summary>
    public string? ContinueFinalMessage { get; init; }

    /// <summary>Further variables of the template, such as <c>enable_thinking</c>.</summary>
    public IReadOnlyDictionary<string, object?> Variables { get; init; } = new Dictionary<string, object?>(StringComparer.Ordinal);

    /// <summary>
    /// Default false: keys of a message whose value is null are dropped, and the names <c>reasoning_content</c>,
    /// <c>reasoning</c> and <c>thinking</c> stand for one another, as in <c>apply_chat_template</c>. True leaves messages
    /// as they are, as <c>render_jinja_template</c> does.
    /// </summary>
    public bool KeepMessages { get; init; }

    /// <summary>Which answers of a conversation are learned.</summary>
    public LearnedTurns Learned { get; init; }

    /// <summary>A row with all that it has: tools, calls of them, reasoning, and weights of messages.</summary>
    /// <exception cref="InputException">The row's tools are no JSON array.</exception>
    public static ChatTemplateInput Of(Row row) => Of(row.Messages) with
    {
        Messages = [.. row.Messages.Select(message => (object?)Fields(message))],
        Tools = row.Tools is { } tools ? Schemas(tools, row.Origin) : null,
    };

    /// <summary>A conversation of plain texts.</summary>
    public static ChatTemplateInput Of(IEnumerable<ChatMessage> messages) => new()
    {
        Messages = [.. messages.Select(m => (object?)new Dictionary<string, object?>(StringComparer.Ordinal) { ["role"] = m.Role, ["content"] = m.Content })],
    };

    private static Dictionary<string, object?> Fields(ChatMessage message)
    {
        var fields = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["role"] = message.Role,
            ["content"] = message.Content.Length == 0 && message.ToolCalls.Count > 0 ? null : message.Content,
        };
        if (message.Reasoning is not null) fields["reasoning_content"] = message.Reasoning;
        if (message.ToolCalls.Count > 0) fields["tool_calls"] = message.ToolCalls.Select(call => (object?)Fields(call)).ToList();
        if (message.ToolCallId is not null) fields["tool_call_id"] = message.ToolCallId;
        if (message.Name is not null) fields["name"] = message.Name;
        if (message.Weight != 1) fields["weight"] = message.Weight;
        return fields;
    }

    private static Dictionary<string, object?> Fields(ToolCall call)
    {
        var fields = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["type"] = "function",
            ["function"] = new Dictionary<string, object?>(StringComparer.Ordinal) { ["name"] = call.Name, ["arguments"] = Arguments(call.Arguments) },
        };
        if (call.Id is not null) fields["id"] = call.Id;
        return fields;
    }

    // Templates write arguments as JSON themselves: a text would be quoted once more.
    private static object Arguments(string text)
    {
        try
        {
            JsonElement arguments = Parsed(text);
            return arguments.ValueKind == JsonValueKind.Object ? arguments : text;
        }
        catch (JsonException)
        {
            return text;
        }
    }

    private static List<object?> Schemas(string tools, RowOrigin origin)
    {
        try
        {
            return [.. Parsed(tools).EnumerateArray().Select(tool => (object?)tool)];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InputException($"{origin}: the tools are no JSON array: {e.Message}", e);
        }
    }

    private static JsonElement Parsed(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}

/// <summary>Which answers of a conversation are learned.</summary>
public enum LearnedTurns
{
    /// <summary>Every answer.</summary>
    All,

    /// <summary>The last answer only.</summary>
    Last,
}
