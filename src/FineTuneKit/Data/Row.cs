namespace FineTuneKit.Data;

/// <summary>Where a row was read: the file and the 1-based line on which the row begins.</summary>
public readonly record struct RowOrigin(string File, int Line)
{
    /// <summary>The 1-based place in a JSON array, where several rows can share a line; 0 in other files.</summary>
    public int Element { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Element > 0 ? $"{File}:{Line} (row {Element})" : $"{File}:{Line}";
}

/// <summary>One turn of a conversation; the role is <c>system</c>, <c>user</c> or <c>assistant</c>.</summary>
public sealed record ChatMessage(string Role, string Content);

/// <summary>A row of training data: a conversation whose last message is the assistant's answer.</summary>
public sealed record Row
{
    /// <summary>The file and line that the row came from.</summary>
    public required RowOrigin Origin { get; init; }

    /// <summary>The conversation; the last message is the answer to learn.</summary>
    public required IReadOnlyList<ChatMessage> Messages { get; init; }

    /// <summary>Rows of one group never stand on two sides of a split; null where the data has none.</summary>
    public string? Group { get; init; }

    /// <summary>The class by which a split is stratified; null where the data has none.</summary>
    public string? Label { get; init; }

    /// <summary>The language by which a split is stratified, such as <c>en</c> or <c>ja</c>; null where the data has none.</summary>
    public string? Language { get; init; }

    /// <summary>The last user message.</summary>
    public string Prompt => Messages.LastOrDefault(m => m.Role == "user")?.Content ?? "";

    /// <summary>The last assistant message.</summary>
    public string Answer => Messages.LastOrDefault(m => m.Role == "assistant")?.Content ?? "";
}
