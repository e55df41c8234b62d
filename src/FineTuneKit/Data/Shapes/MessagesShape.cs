using System.Text.Json;

namespace FineTuneKit.Data;

/// <summary><c>messages</c> with <c>tools</c> (OpenAI, TRL, mlx-lm).</summary>
internal sealed class MessagesShape : RowShape
{
    public override DataShape Shape => DataShape.Messages;

    public override IReadOnlyList<string> Keys { get; } = ["messages"];

    public override IReadOnlyList<string> Optional { get; } = ["tools"];

    public override RowContent Read(RowFields fields) => new(RequireAnswer(fields.Turns("messages", "user"), fields));

    public override string? Refuses(Row row) => RequireKind(row, RowKind.Conversation);

    public override void Write(Utf8JsonWriter json, Row row)
    {
        MessageJson.WriteArray(json, "messages", row.Messages);
        if (row.Tools is not null)
        {
            json.WritePropertyName("tools");
            json.WriteRawValue(row.Tools);
        }
    }
}
