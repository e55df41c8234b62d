using System.Text.Json;

namespace FineTuneKit.Data;

/// <summary>
/// <c>conversations</c> of <c>from</c> and <c>value</c> with <c>system</c> and <c>tools</c> (ShareGPT as LLaMA-Factory
/// reads it); with <c>chosen</c> and <c>rejected</c> a preference, with <c>kto_tag</c> an unpaired row.
/// </summary>
internal sealed class ShareGptShape(DataShape shape) : RowShape
{
    public override DataShape Shape => shape;

    public override IReadOnlyList<string> Keys { get; } = shape switch
    {
        DataShape.ShareGptPreference => ["conversations", "chosen", "rejected"],
        DataShape.ShareGptUnpaired => ["conversations", "kto_tag"],
        _ => ["conversations"],
    };

    public override bool Fits(RowFields fields) => base.Fits(fields) && shape switch
    {
        DataShape.ShareGpt => !fields.Has("kto_tag") && !(fields.Has("chosen") && fields.Has("rejected")),
        _ => true,
    };

    public override RowContent Read(RowFields fields)
    {
        List<ChatMessage> messages = [.. System(fields), .. fields.Spoken("conversations")];
        if (shape == DataShape.ShareGptPreference) messages.Add(fields.SpokenTurn("chosen"));
        return new(RequireAnswer(messages, fields))
        {
            Rejected = shape == DataShape.ShareGptPreference ? fields.SpokenTurn("rejected") : null,
            Desirable = shape == DataShape.ShareGptUnpaired ? fields.Truth("kto_tag") ?? throw fields.Error("\"kto_tag\" has to be true or false") : null,
        };
    }

    public override string? Refuses(Row row) => RequireKind(row, shape switch
    {
        DataShape.ShareGptPreference => RowKind.Preference,
        DataShape.ShareGptUnpaired => RowKind.Unpaired,
        _ => RowKind.Conversation,
    });

    public override void Write(Utf8JsonWriter json, Row row)
    {
        bool system = row.Messages[0] is { Role: "system", Content.Length: > 0 };
        json.WriteStartArray("conversations");
        foreach (ChatMessage message in row.Messages.Skip(system ? 1 : 0).SkipLast(row.Rejected is null ? 0 : 1)) MessageJson.WriteSpoken(json, message);
        json.WriteEndArray();
        if (row.Rejected is not null)
        {
            json.WritePropertyName("chosen");
            MessageJson.WriteSpoken(json, row.Messages[^1]);
            json.WritePropertyName("rejected");
            MessageJson.WriteSpoken(json, row.Rejected);
        }
        if (row.Desirable is { } good) json.WriteBoolean("kto_tag", good);
        if (system) json.WriteString("system", row.Messages[0].Content);
        if (row.Tools is not null) json.WriteString("tools", row.Tools);
    }
}
