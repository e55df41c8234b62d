using System.Text.Json;

namespace FineTuneKit.Data;

/// <summary>A row as the object of a shape, or the reason why the shape cannot hold it.</summary>
internal readonly record struct HeldRow
{
    private HeldRow(ReadOnlyMemory<byte> json, IReadOnlyList<string> leftOut, string? refusal) => (Json, LeftOut, Refusal) = (json, leftOut, refusal);

    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>The row's other keys that the shape uses itself.</summary>
    public IReadOnlyList<string> LeftOut { get; }

    public string? Refusal { get; }

    /// <summary>Writes the row and reads it back: only that tells whether the shape holds all of it.</summary>
    public static HeldRow Of(Row row, DataShape shape)
    {
        if (RowShapes.Of(shape).Refuses(row) is { } reason) return new(default, [], reason);
        try
        {
            ReadOnlyMemory<byte> json = RowJson.Bytes(row, shape, out IReadOnlyList<string> leftOut);
            return new(json, leftOut, Difference(row, json, shape));
        }
        catch (InputException e)
        {
            return new(default, [], WithoutOrigin(e, row));
        }
    }

    /// <summary>What of a row an object does not give back, null where it gives all.</summary>
    public static string? Difference(Row row, ReadOnlyMemory<byte> json, DataShape shape)
    {
        try
        {
            using JsonDocument document = StrictJson.Parse(json, row.Origin.File, row.Origin.Line);
            // The shape is told anew, as a reader would.
            (Row read, DataShape found) = RowShapes.Read(document.RootElement, row.Origin);
            return found != shape ? $"read back as the shape {RowShapes.NameOf(found)}" : Difference(row, read);
        }
        catch (InputException e)
        {
            return WithoutOrigin(e, row);
        }
    }

    private static string? Difference(Row a, Row b)
    {
        string? part = !a.Messages.SequenceEqual(b.Messages) ? "messages" : a.Kind != b.Kind || a.Desirable != b.Desirable ? "kind" : a.Rejected != b.Rejected ? "rejected answer"
            : a.Group != b.Group ? "group" : a.Label != b.Label ? "label" : a.Language != b.Language ? "language" : a.Tools != b.Tools ? "tools" : null;
        return part is null ? null : $"the {part} would read back differently";
    }

    // Reasons are counted, so they must not differ from row to row.
    private static string WithoutOrigin(InputException e, Row row) =>
        e.Message.StartsWith($"{row.Origin}: ", StringComparison.Ordinal) ? e.Message[$"{row.Origin}: ".Length..] : e.Message;
}
