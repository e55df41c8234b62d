using System.Text.Json;

namespace FineTuneKit.Data;

/// <summary><c>instruction</c> and <c>input</c> with <c>output</c>, before them <c>system</c> and the pairs of <c>history</c> (Alpaca).</summary>
internal sealed class AlpacaShape : RowShape
{
    public override DataShape Shape => DataShape.Alpaca;

    public override IReadOnlyList<string> Keys { get; } = ["instruction", "output"];

    public override IReadOnlyList<string> Optional { get; } = ["input", "system", "history"];

    public override RowContent Read(RowFields fields)
    {
        List<ChatMessage> messages = [.. System(fields)];
        foreach ((string question, string answer) in fields.History())
            messages.AddRange([new("user", question), new("assistant", answer)]);
        string prompt = fields.Text("instruction");
        if (fields.Optional("input") is { Length: > 0 } input) prompt += "\n\n" + input;
        return new([.. messages, new("user", prompt), new("assistant", fields.Text("output"))]);
    }

    public override string? Refuses(Row row)
    {
        if (RequireKind(row, RowKind.Conversation) is { } reason) return reason;
        if (row.Tools is not null) return "tools; the shape has no place for them";
        ChatMessage[] turns = [.. Turns(row)];
        bool alternate = turns.Length > 0 && turns.Length % 2 == 0 && turns.Select((m, i) => m.Role == (i % 2 == 0 ? "user" : "assistant")).All(right => right);
        return alternate && row.Messages.All(m => m.IsPlain) ? null : "the turns do not alternate between user and assistant, or hold more than text";
    }

    public override void Write(Utf8JsonWriter json, Row row)
    {
        ChatMessage[] turns = [.. Turns(row)];
        if (turns.Length < row.Messages.Count) json.WriteString("system", row.Messages[0].Content);
        json.WriteString("instruction", turns[^2].Content);
        json.WriteString("input", "");
        json.WriteString("output", turns[^1].Content);
        if (turns.Length == 2) return;
        json.WriteStartArray("history");
        for (int i = 0; i + 2 < turns.Length; i += 2)
        {
            json.WriteStartArray();
            json.WriteStringValue(turns[i].Content);
            json.WriteStringValue(turns[i + 1].Content);
            json.WriteEndArray();
        }
        json.WriteEndArray();
    }

    private static IEnumerable<ChatMessage> Turns(Row row) => row.Messages.Skip(row.Messages[0].Role == "system" ? 1 : 0);
}
