using System.Text.Json;

namespace FineTuneKit.Data;

/// <summary><c>input</c> with <c>messages</c> and <c>tools</c>, <c>preferred_output</c> and <c>non_preferred_output</c> (OpenAI).</summary>
internal sealed class OpenAiPreferenceShape : RowShape
{
    public override DataShape Shape => DataShape.OpenAiPreference;

    public override IReadOnlyList<string> Keys { get; } = ["input", "preferred_output", "non_preferred_output"];

    public override IReadOnlyList<string> Optional { get; } = [];

    public override RowContent Read(RowFields fields)
    {
        RowFields input = fields.Inner("input");
        if (!input.Has("messages")) throw fields.Error("\"input\" has no \"messages\"; they are required");
        return new(RequireAnswer([.. input.Turns("messages", "user"), Only(fields, "preferred_output")], fields)) { Rejected = Only(fields, "non_preferred_output") };
    }

    public override string? Refuses(Row row) => RequireKind(row, RowKind.Preference);

    public override void Write(Utf8JsonWriter json, Row row)
    {
        json.WriteStartObject("input");
        MessageJson.WriteArray(json, "messages", row.Messages.SkipLast(1));
        if (row.Tools is not null)
        {
            json.WritePropertyName("tools");
            json.WriteRawValue(row.Tools);
        }
        json.WriteEndObject();
        MessageJson.WriteArray(json, "preferred_output", row.Messages.TakeLast(1));
        MessageJson.WriteArray(json, "non_preferred_output", [row.Rejected!]);
    }

    private static ChatMessage Only(RowFields fields, string key)
    {
        List<ChatMessage> messages = fields.Turns(key, "assistant");
        return messages is [{ Role: "assistant" } only] ? only
            : throw fields.Error($"\"{key}\" has {messages.Count} messages ({string.Join(", ", messages.Select(m => m.Role))}); one of the assistant is required");
    }
}
