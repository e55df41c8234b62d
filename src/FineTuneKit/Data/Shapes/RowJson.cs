using System.Text.Json;

namespace FineTuneKit.Data;

/// <summary>Rows as JSON objects: the keys of a shape, then <c>group</c>, <c>label</c> and <c>language</c> where the row has them, then its other keys.</summary>
internal static class RowJson
{
    /// <summary>
    /// The one form that the kit writes and hashes: the shape of the row's kind, no white space, characters as they are;
    /// one line of UTF-8 without its line end.
    /// </summary>
    public static ReadOnlySpan<byte> Line(Row row)
    {
        DataShape shape = RowShapes.Of(row.Kind);
        if (row.Label is not null && row.Kind is RowKind.Text or RowKind.Unpaired)
            throw new InputException($"{row.Origin}: a {row.Kind.ToString().ToLowerInvariant()} row with a label; such rows have none");
        return Bytes(row, shape, out _).Span;
    }

    /// <summary>The row in a shape that does not refuse it, and those of its other keys that the shape uses itself and so are left out.</summary>
    public static ReadOnlyMemory<byte> Bytes(Row row, DataShape shape, out IReadOnlyList<string> leftOut)
    {
        RequireWholeCharacters(row);
        IReadOnlySet<string> taken = RowShapes.KeysOf(shape);
        leftOut = row.Extra.Count == 0 ? [] : [.. row.Extra.Select(e => e.Key).Where(taken.Contains)];
        return MessageJson.Bytes(json =>
        {
            json.WriteStartObject();
            RowShapes.Of(shape).Write(json, row);
            if (row.Group is not null) json.WriteString("group", row.Group);
            if (row.Label is not null) json.WriteString("label", row.Label);
            if (row.Language is not null) json.WriteString("language", row.Language);
            foreach ((string key, string value) in row.Extra)
            {
                if (taken.Contains(key)) continue;
                json.WritePropertyName(key);
                json.WriteRawValue(value);
            }
            json.WriteEndObject();
        });
    }

    // The writer would put U+FFFD in their place, and what is read back would differ.
    private static void RequireWholeCharacters(Row row)
    {
        foreach (ChatMessage message in row.Messages) RequireWholeCharacters(message, row);
        if (row.Rejected is not null) RequireWholeCharacters(row.Rejected, row);
        RequireWholeCharacters("group", row.Group, row);
        RequireWholeCharacters("label", row.Label, row);
        RequireWholeCharacters("language", row.Language, row);
    }

    private static void RequireWholeCharacters(ChatMessage message, Row row)
    {
        RequireWholeCharacters("content", message.Content, row);
        RequireWholeCharacters("reasoning_content", message.Reasoning, row);
        RequireWholeCharacters("name", message.Name, row);
        foreach (ToolCall call in message.ToolCalls) RequireWholeCharacters("arguments", call.Arguments, row);
    }

    private static void RequireWholeCharacters(string key, string? text, Row row)
    {
        for (int i = 0; text is not null && i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                throw new InputException($"{row.Origin}: \"{key}\" holds half of a surrogate pair at place {i + 1}, which is no character");
            i++;
        }
    }
}
