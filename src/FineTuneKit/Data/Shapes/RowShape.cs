using System.Text.Json;

namespace FineTuneKit.Data;

/// <summary>What a shape's keys hold of a row; the rest (group, label, language, other keys) is alike for all shapes.</summary>
internal sealed record RowContent(IReadOnlyList<ChatMessage> Messages)
{
    public ChatMessage? Rejected { get; init; }

    public bool? Desirable { get; init; }

    public bool IsText { get; init; }
}

/// <summary>One shape of rows: how it is told, read and written.</summary>
internal abstract class RowShape
{
    public abstract DataShape Shape { get; }

    /// <summary>The keys that have to be there.</summary>
    public abstract IReadOnlyList<string> Keys { get; }

    /// <summary>Further keys that belong to the shape.</summary>
    public virtual IReadOnlyList<string> Optional => ["system", "tools"];

    /// <summary>Whether <c>label</c> is the row's class; else it belongs to the shape.</summary>
    public virtual bool HasClass => true;

    /// <summary>Whether an object is of this shape.</summary>
    public virtual bool Fits(RowFields fields) => Keys.All(fields.Has);

    /// <summary>The content of an object that fits.</summary>
    public abstract RowContent Read(RowFields fields);

    /// <summary>Why the shape cannot hold a row, null where it may; what is written is read again to be sure.</summary>
    public abstract string? Refuses(Row row);

    /// <summary>Writes the shape's keys of a row that is not refused.</summary>
    public abstract void Write(Utf8JsonWriter json, Row row);

    protected static string? RequireKind(Row row, RowKind kind) =>
        row.Kind == kind ? null : $"a {Name(row.Kind)} row; the shape holds {Name(kind)} rows";

    /// <summary>Why a conversation is not one question with one answer, both plain texts.</summary>
    protected static string? RequirePair(Row row) =>
        row.Messages is [{ Role: "user", IsPlain: true }, { Role: "assistant", IsPlain: true }] && row.Tools is null
            ? null : $"{row.Messages.Count} messages ({string.Join(", ", row.Messages.Select(m => m.IsPlain ? m.Role : m.Role + " with more than text"))}); the shape holds one of the user and one of the assistant, both texts";

    protected static IEnumerable<ChatMessage> System(RowFields fields) =>
        fields.Optional("system") is { Length: > 0 } text ? [new ChatMessage("system", text)] : [];

    protected static List<ChatMessage> RequireAnswer(List<ChatMessage> messages, RowFields fields)
    {
        if (messages.All(m => m.Role != "assistant"))
            throw fields.Error($"{messages.Count} messages and none of the assistant; the last one has to be the assistant's, for it is what is learned");
        if (messages[^1].Role != "assistant")
            throw fields.Error($"the last of {messages.Count} messages is of the role \"{messages[^1].Role}\"; it has to be the assistant's, for it is what is learned");
        return messages;
    }

    private static string Name(RowKind kind) => kind.ToString().ToLowerInvariant();
}
