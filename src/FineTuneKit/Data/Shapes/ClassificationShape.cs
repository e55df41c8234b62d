using System.Text.Json;

namespace FineTuneKit.Data;

/// <summary><c>text</c> with <c>label</c>: the label is the answer and the class.</summary>
internal sealed class ClassificationShape : RowShape
{
    public override DataShape Shape => DataShape.Classification;

    public override IReadOnlyList<string> Keys { get; } = ["text", "label"];

    public override IReadOnlyList<string> Optional { get; } = ["system"];

    public override RowContent Read(RowFields fields) =>
        new([.. System(fields), new("user", fields.Text("text")), new("assistant", fields.Scalar("label") ?? throw fields.Error("\"label\" is null; a value is required"))]);

    public override string? Refuses(Row row) => RequireKind(row, RowKind.Conversation) ?? RequirePair(row)
        ?? (row.Label == row.Answer ? null : "the answer is not the label");

    public override void Write(Utf8JsonWriter json, Row row) => json.WriteString("text", row.Messages[0].Content);
}
