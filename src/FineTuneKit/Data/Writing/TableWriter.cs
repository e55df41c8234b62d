using System.Text.Json;
using CsvHelper;

namespace FineTuneKit.Data;

/// <summary>
/// Rows as CSV or TSV. The columns are the keys of the first thousand rows; a later row with a further key of its own
/// loses that key, and is refused where the key belongs to its content.
/// </summary>
internal sealed class TableWriter(Stream stream, char separator, Action<Row, string> refuse, Action<string> leaveOut)
{
    private const int RowsForColumns = 1000;

    public void Write(IEnumerable<(Row Row, HeldRow Held)> rows)
    {
        using IEnumerator<(Row Row, HeldRow Held)> all = rows.GetEnumerator();
        var first = new List<(Row Row, HeldRow Held)>();
        while (first.Count < RowsForColumns && all.MoveNext()) first.Add(all.Current);
        if (first.Count == 0) return;
        TableColumns columns = new([.. first.SelectMany(r => Keys(r.Held.Json)).Distinct(StringComparer.Ordinal)]);
        using var writer = CsvWriter.Create(stream, new CsvWriterOptions { Separator = separator, NewLine = "\n" }, leaveOpen: true);
        writer.WriteRecord(columns.Names);
        foreach ((Row row, HeldRow held) in first) Write(writer, columns, row, held);
        while (all.MoveNext()) Write(writer, columns, all.Current.Row, all.Current.Held);
    }

    private void Write(CsvWriter writer, TableColumns columns, Row row, HeldRow held)
    {
        using var json = JsonDocument.Parse(held.Json);
        string[] cells = columns.Cells(json.RootElement, out IReadOnlyList<string> without);
        DataShape shape = RowShapes.Read(json.RootElement, row.Origin).Shape;
        // A line that is empty is no record.
        string? reason = cells is [""] ? "the only cell would be empty" : HeldRow.Difference(row, columns.Object(cells, row.Origin), shape);
        if (reason is not null)
        {
            refuse(row, $"as a table: {reason}");
            return;
        }
        foreach (string key in without) leaveOut(key);
        writer.WriteRecord(cells);
    }

    private static IEnumerable<string> Keys(ReadOnlyMemory<byte> row)
    {
        using var json = JsonDocument.Parse(row);
        return [.. json.RootElement.EnumerateObject().Select(p => p.Name)];
    }
}
