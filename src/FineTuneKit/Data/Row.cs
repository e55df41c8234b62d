namespace FineTuneKit.Data;

/// <summary>Where a row was read: the file and the 1-based line on which the row begins.</summary>
public readonly record struct RowOrigin(string File, int Line)
{
    /// <summary>The 1-based place in a JSON array, where several rows can share a line; 0 in other files.</summary>
    public int Element { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Element > 0 ? $"{File}:{Line} (row {Element})" : $"{File}:{Line}";
}

/// <summary>What a row teaches.</summary>
public enum RowKind
{
    /// <summary>A conversation whose last message is the answer to learn.</summary>
    Conversation,

    /// <summary>A text without roles, all of it to learn.</summary>
    Text,

    /// <summary>An answer that is better than another one to the same prompt.</summary>
    Preference,

    /// <summary>An answer that is said to be good or bad by itself.</summary>
    Unpaired,
}

/// <summary>A row of training data: a conversation whose last message is the assistant's answer.</summary>
public sealed record Row
{
    /// <summary>The file and line that the row came from.</summary>
    public required RowOrigin Origin { get; init; }

    /// <summary>
    /// The conversation; the last message is the answer to learn, of a preference the better one. A text without roles
    /// is one message of the assistant.
    /// </summary>
    public required IReadOnlyList<ChatMessage> Messages { get; init; }

    /// <summary>Rows of one group never stand on two sides of a split; null where the data has none.</summary>
    public string? Group { get; init; }

    /// <summary>The class by which a split is stratified; null where the data has none.</summary>
    public string? Label { get; init; }

    /// <summary>The language by which a split is stratified, such as <c>en</c> or <c>ja</c>; null where the data has none.</summary>
    public string? Language { get; init; }

    /// <summary>The worse answer of a preference, null in other rows.</summary>
    public ChatMessage? Rejected { get; init; }

    /// <summary>Whether the answer of an unpaired row is good; null in other rows.</summary>
    public bool? Desirable { get; init; }

    /// <summary>Whether this is a text without roles.</summary>
    public bool IsText { get; init; }

    /// <summary>The tools that the assistant may call, a JSON array as it was read; null where there are none.</summary>
    public string? Tools { get; init; }

    /// <summary>The file's other keys with their values as JSON, in its order; nothing is learned from them.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Extra { get; init; } = [];

    /// <summary>What the row teaches.</summary>
    public RowKind Kind => Rejected is not null ? RowKind.Preference : Desirable is not null ? RowKind.Unpaired : IsText ? RowKind.Text : RowKind.Conversation;

    /// <summary>The last user message.</summary>
    public string Prompt => Messages.LastOrDefault(m => m.Role == "user")?.Content ?? "";

    /// <summary>The last assistant message.</summary>
    public string Answer => Messages.LastOrDefault(m => m.Role == "assistant")?.Content ?? "";
}
