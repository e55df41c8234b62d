using System.Buffers;
using System.Text;
using System.Text.Json;
using CsvHelper;

namespace FineTuneKit.Data;

/// <summary>Rows of CSV (RFC 4180) or TSV: the first record names the columns, which are the keys of <see cref="RowShape"/>.</summary>
internal static class DelimitedRows
{
    public static IEnumerable<Row> Read(Stream stream, string path, char separator)
    {
        using var reader = CsvReader.Create(stream, new CsvReaderOptions
        {
            Separator = separator,
            HasHeader = false,
            SkipEmptyLines = true,
            TrackLineNumbers = true,
            MalformedData = CsvMalformedDataHandling.Throw,
            FieldCountMismatch = CsvFieldCountHandling.Allow,
            MaxRecordSize = Utf8Lines.LongestLine,
        }, leaveOpen: true);
        if (!Advance(reader, path)) yield break;
        string[] header = Header(reader, path);
        while (Advance(reader, path))
        {
            var origin = new RowOrigin(path, (int)reader.LineNumber);
            using var json = JsonDocument.Parse(AsObject(reader, header, origin));
            yield return RowShape.Read(json.RootElement, origin);
        }
    }

    private static bool Advance(CsvReader reader, string path)
    {
        try
        {
            if (!reader.Read()) return false;
        }
        catch (CsvFormatException e)
        {
            throw new InputException($"{path}:{e.LineNumber}: {e.Message}", e);
        }
        StrictJson.RequireUtf8(reader.RawRecord, path, (int)reader.LineNumber);
        return true;
    }

    private static string[] Header(CsvReader reader, string path)
    {
        string[] names = Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetString(i).Trim()).ToArray();
        string? twice = names.GroupBy(n => n, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1)?.Key;
        if (twice is not null)
            throw InputException.At(path, (int)reader.LineNumber, $"the column \"{twice}\" stands twice in the header; once is required");
        return names;
    }

    /// <summary>The record as the object that RowShape reads; an empty cell of an optional column is an absent key.</summary>
    private static ReadOnlyMemory<byte> AsObject(CsvReader reader, string[] header, RowOrigin origin)
    {
        if (reader.FieldCount != header.Length)
            throw new InputException($"{origin}: {reader.FieldCount} fields; the header has {header.Length} ({string.Join(", ", header)})");
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            for (int i = 0; i < header.Length; i++)
            {
                string cell = reader.GetString(i);
                if (cell.Contains('\0')) throw new InputException($"{origin}: the column \"{header[i]}\" holds the character NUL");
                if (cell.Length == 0 && header[i] is "input" or "context" or "system" or "history" or "group" or "language") continue;
                json.WritePropertyName(header[i]);
                if (header[i] is "messages" or "history") WriteNested(json, cell, header[i], origin);
                else json.WriteStringValue(cell);
            }
            json.WriteEndObject();
        }
        return bytes.WrittenMemory;
    }

    private static void WriteNested(Utf8JsonWriter json, string cell, string column, RowOrigin origin)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(cell);
        try
        {
            StrictJson.Check(utf8, origin.File, origin.Line);
        }
        catch (InputException e)
        {
            throw new InputException($"{e.Message} (the column \"{column}\" has to hold JSON)", e);
        }
        json.WriteRawValue(utf8);
    }
}
