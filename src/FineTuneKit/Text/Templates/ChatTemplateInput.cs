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

    /// <summary>A conversation of plain texts.</summary>
    public static ChatTemplateInput Of(IEnumerable<ChatMessage> messages) => new()
    {
        Messages = [.. messages.Select(m => (object?)new Dictionary<string, object?>(StringComparer.Ordinal) { ["role"] = m.Role, ["content"] = m.Content })],
    };
}

/// <summary>Which answers of a conversation are learned.</summary>
public enum LearnedTurns
{
    /// <summary>Every answer.</summary>
    All,

    /// <summary>The last answer only.</summary>
    Last,
}
