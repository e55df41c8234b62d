namespace FineTuneKit.Data;

/// <summary>A call of a tool by the assistant.</summary>
/// <param name="Name">The tool's name.</param>
/// <param name="Arguments">Its arguments as a JSON text.</param>
/// <param name="Id">What the tool's answer refers to; null where the data has none.</param>
public sealed record ToolCall(string Name, string Arguments, string? Id = null);

/// <summary>One turn of a conversation; the role is <c>system</c>, <c>user</c>, <c>assistant</c> or <c>tool</c>.</summary>
public sealed record ChatMessage(string Role, string Content)
{
    /// <summary>The tools that the assistant calls in this turn.</summary>
    public IReadOnlyList<ToolCall> ToolCalls { get; init; } = [];

    /// <summary>The call that a tool's message answers; null where the data has none.</summary>
    public string? ToolCallId { get; init; }

    /// <summary>The name of who speaks, such as the tool's; null where the data has none.</summary>
    public string? Name { get; init; }

    /// <summary>What the assistant thought before it answered; null where the data has none.</summary>
    public string? Reasoning { get; init; }

    /// <summary>How much of the assistant's message is learned, as in OpenAI's format: 1, or 0 for not at all.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Whether role and text say everything.</summary>
    internal bool IsPlain => ToolCalls.Count == 0 && ToolCallId is null && Name is null && Reasoning is null && Weight == 1;

    /// <inheritdoc/>
    public bool Equals(ChatMessage? other) =>
        other is not null && (Role, Content, ToolCallId, Name, Reasoning, Weight) == (other.Role, other.Content, other.ToolCallId, other.Name, other.Reasoning, other.Weight)
        && ToolCalls.SequenceEqual(other.ToolCalls);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Role, Content, ToolCallId, Name, Reasoning, Weight, ToolCalls.Count);
}
