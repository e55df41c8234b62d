using System.Text.Json;

namespace FineTuneKit.Data;

/// <summary><c>question</c> and <c>context</c> with <c>answer</c>.</summary>
internal sealed class QuestionAnswerShape : RowShape
{
    public override DataShape Shape => DataShape.QuestionAnswer;

    public override IReadOnlyList<string> Keys { get; } = ["question", "answer"];

    public override IReadOnlyList<string> Optional { get; } = ["context", "system"];

    public override RowContent Read(RowFields fields)
    {
        string prompt = fields.Text("question");
        if (fields.Optional("context") is { Length: > 0 } context) prompt = context + "\n\n" + prompt;
        return new([.. System(fields), new("user", prompt), new("assistant", fields.Text("answer"))]);
    }

    public override string? Refuses(Row row) => RequireKind(row, RowKind.Conversation) ?? RequirePair(row);

    public override void Write(Utf8JsonWriter json, Row row)
    {
        json.WriteString("question", row.Messages[0].Content);
        json.WriteString("answer", row.Messages[1].Content);
    }
}
