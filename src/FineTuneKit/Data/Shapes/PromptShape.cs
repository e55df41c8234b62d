using System.Text.Json;

namespace FineTuneKit.Data;

/// <summary><c>prompt</c> with <c>completion</c> (TRL, mlx-lm) or <c>answer</c>; a <c>label</c> that is true or false makes it TRL's unpaired row.</summary>
internal sealed class PromptShape(DataShape shape, string answerKey) : RowShape
{
    private bool Unpaired => Shape == DataShape.Unpaired;

    public override DataShape Shape => shape;

    public override IReadOnlyList<string> Keys { get; } = shape == DataShape.Unpaired ? ["prompt", answerKey, "label"] : ["prompt", answerKey];

    public override bool HasClass => !Unpaired;

    public override bool Fits(RowFields fields) =>
        base.Fits(fields) && (Unpaired == fields.Truth("label") is not null || (answerKey == "answer" && !Unpaired));

    public override RowContent Read(RowFields fields) =>
        new(RequireAnswer([.. System(fields), .. fields.Turns("prompt", "user"), .. fields.Turns(answerKey, "assistant")], fields))
        {
            Desirable = Unpaired ? fields.Truth("label") : null,
        };

    public override string? Refuses(Row row) => RequireKind(row, Unpaired ? RowKind.Unpaired : RowKind.Conversation);

    public override void Write(Utf8JsonWriter json, Row row)
    {
        if (RequirePair(row) is null)
        {
            json.WriteString("prompt", row.Messages[0].Content);
            json.WriteString(answerKey, row.Messages[1].Content);
        }
        else
        {
            MessageJson.WriteArray(json, "prompt", row.Messages.SkipLast(1));
            MessageJson.WriteArray(json, answerKey, row.Messages.TakeLast(1));
        }
        if (row.Desirable is { } good) json.WriteBoolean("label", good);
        if (row.Tools is null) return;
        json.WritePropertyName("tools");
        json.WriteRawValue(row.Tools);
    }
}
