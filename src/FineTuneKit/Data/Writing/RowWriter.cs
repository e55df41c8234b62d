using FineTuneKit.Records;

namespace FineTuneKit.Data;

/// <summary>Writes rows as JSONL that <see cref="RowReader"/> reads back unchanged.</summary>
public static class RowWriter
{
    /// <summary>
    /// Writes one row a line in UTF-8. The file appears whole or not at all: it is written beside its place, flushed
    /// to the disk, and renamed.
    /// </summary>
    /// <exception cref="InputException">
    /// The file cannot be written (a full disk, no permission), or a text holds half of a surrogate pair; a file that
    /// stood there before is unchanged.
    /// </exception>
    public static void WriteJsonl(string path, IEnumerable<Row> rows)
    {
        AtomicFile.Write(path, stream =>
        {
            foreach (Row row in rows)
            {
                stream.Write(RowJson.Line(row));
                stream.WriteByte((byte)'\n');
            }
        });
    }
}
