using CsvHelper;

namespace FineTuneKit.Data;

/// <summary>Rows of CSV (RFC 4180) or TSV: the first record names the columns, which are the keys of a shape.</summary>
internal static class DelimitedRows
{
    /// <summary>The rows; where bad ones are to be passed over, each is one error, else reading ends at the first that is malformed.</summary>
    public static IEnumerable<RawRow> Read(Stream stream, string path, char separator, bool passOver)
    {
        var malformed = new Queue<CsvMalformedRecord>();
        using var reader = CsvReader.Create(stream, new CsvReaderOptions
        {
            Separator = separator,
            HasHeader = false,
            SkipEmptyLines = true,
            TrackLineNumbers = true,
            MalformedData = passOver ? CsvMalformedDataHandling.Skip : CsvMalformedDataHandling.Throw,
            OnMalformedRecord = passOver ? malformed.Enqueue : null,
            FieldCountMismatch = CsvFieldCountHandling.Allow,
            MaxRecordSize = Utf8Lines.LongestLine,
        }, leaveOpen: true);
        if (!Advance(reader, path)) yield break;
        TableColumns columns = Header(reader, path);
        while (true)
        {
            bool more = Advance(reader, path);
            while (malformed.TryDequeue(out CsvMalformedRecord bad))
            {
                var place = new RowOrigin(path, (int)bad.LineNumber);
                yield return new RawRow(place, default) { Error = new InputException($"{place}: malformed: {bad.Reason}") };
            }
            if (!more) break;
            yield return Row(reader, columns, new RowOrigin(path, (int)reader.LineNumber));
        }
    }

    private static bool Advance(CsvReader reader, string path)
    {
        try
        {
            return reader.Read();
        }
        catch (CsvFormatException e)
        {
            throw new InputException($"{path}:{e.LineNumber}: {e.Message}", e);
        }
    }

    private static TableColumns Header(CsvReader reader, string path)
    {
        StrictJson.RequireUtf8(reader.RawRecord, path, (int)reader.LineNumber);
        string[] names = Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetString(i).Trim()).ToArray();
        string? twice = names.GroupBy(n => n, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1)?.Key;
        if (twice is not null)
            throw InputException.At(path, (int)reader.LineNumber, $"the column \"{twice}\" stands twice in the header; once is required");
        return new TableColumns(names);
    }

    private static RawRow Row(CsvReader reader, TableColumns columns, RowOrigin origin)
    {
        try
        {
            StrictJson.RequireUtf8(reader.RawRecord, origin.File, origin.Line);
            string[] cells = Enumerable.Range(0, reader.FieldCount).Select(reader.GetString).ToArray();
            return new RawRow(origin, columns.Object(cells, origin)) { IsStrict = true };
        }
        catch (InputException e)
        {
            return new RawRow(origin, default) { Error = e };
        }
    }
}
