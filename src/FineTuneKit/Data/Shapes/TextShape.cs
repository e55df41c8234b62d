using System.Text.Json;

namespace FineTuneKit.Data;

/// <summary><c>text</c> alone, all of it to learn (TRL's language modelling, mlx-lm).</summary>
internal sealed class TextShape : RowShape
{
    // Beside these a text is no row by itself.
    private static readonly string[] OfOthers =
        ["label", "messages", "conversations", "prompt", "completion", "instruction", "output", "question", "answer", "chosen", "rejected"];

    public override DataShape Shape => DataShape.Text;

    public override IReadOnlyList<string> Keys { get; } = ["text"];

    public override IReadOnlyList<string> Optional { get; } = [];

    public override bool HasClass => false;

    public override bool Fits(RowFields fields) => base.Fits(fields) && !OfOthers.Any(fields.Has);

    public override RowContent Read(RowFields fields) => new([new ChatMessage("assistant", fields.Text("text"))]) { IsText = true };

    public override string? Refuses(Row row) => RequireKind(row, RowKind.Text);

    public override void Write(Utf8JsonWriter json, Row row) => json.WriteString("text", row.Messages[0].Content);
}
