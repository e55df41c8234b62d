namespace FineTuneKit.Data;

/// <summary>
/// The file <c>dropped.jsonl</c>: of each row that was changed or dropped its file, line, what was done, the rule, the
/// reason, and the row as it was.
/// </summary>
public static class DroppedRows
{
    /// <summary>The file's name.</summary>
    public const string FileName = "dropped.jsonl";

    /// <summary>One line of the file, without its end.</summary>
    public static ReadOnlyMemory<byte> Line(CleanedRow row) => MessageJson.Bytes(json =>
    {
        json.WriteStartObject();
        json.WriteString("file", row.Origin.File);
        json.WriteNumber("line", row.Origin.Line);
        if (row.Origin.Element > 0) json.WriteNumber("row", row.Origin.Element);
        json.WriteString("action", row.Dropped ? "dropped" : "changed");
        json.WriteString("rule", row.Rule);
        json.WriteString("reason", row.Reason);
        if (row.Row is not null)
        {
            json.WritePropertyName("content");
            json.WriteRawValue(RowJson.Line(row.Row));
        }
        json.WriteEndObject();
    });
}
