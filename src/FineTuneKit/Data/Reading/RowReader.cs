using System.Text.Json;

namespace FineTuneKit.Data;

/// <summary>
/// Reads rows from JSONL (<c>.jsonl</c>, <c>.ndjson</c>), JSON arrays (<c>.json</c>), CSV (RFC 4180) and TSV, all in
/// UTF-8 with or without a byte order mark. Each row has one of the shapes of <see cref="RowShape"/>. Nothing is
/// skipped but blank lines; the first row that cannot be read ends the reading with its file, line and column.
/// </summary>
public static class RowReader
{
    /// <summary>All rows of a file, in its order.</summary>
    /// <exception cref="InputException">No such file, no row, or a row that cannot be read.</exception>
    public static IReadOnlyList<Row> Read(string path) => Enumerate(path).ToList();

    /// <summary>
    /// The rows of a file one after another; JSONL, CSV and TSV take the memory of one row, however long the file.
    /// </summary>
    /// <exception cref="InputException">As in <see cref="Read"/>, thrown when the enumeration comes to it.</exception>
    public static IEnumerable<Row> Enumerate(string path)
    {
        using Stream stream = Open(path);
        bool any = false;
        foreach (Row row in Rows(stream, path))
        {
            any = true;
            yield return row;
        }
        if (!any) throw new InputException($"{path}: the file holds no row; at least one is required");
    }

    private static IEnumerable<Row> Rows(Stream stream, string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".csv" => DelimitedRows.Read(stream, path, ','),
        ".tsv" => DelimitedRows.Read(stream, path, '\t'),
        ".jsonl" or ".ndjson" => JsonLines(stream, path),
        ".json" => FirstCharacter(stream) == '[' ? JsonArray(stream, path) : JsonLines(stream, path),
        string other => throw new InputException($"{path}: \"{other}\" is not a kind of file that is read; accepted: .jsonl, .ndjson, .json, .csv, .tsv"),
    };

    private static IEnumerable<Row> JsonLines(Stream stream, string path)
    {
        foreach ((int line, ReadOnlyMemory<byte> bytes) in Utf8Lines.Read(stream, path))
        {
            if (bytes.Span.IndexOfAnyExcept(" \t\r"u8) < 0) continue;
            using JsonDocument json = StrictJson.Parse(bytes, path, line);
            yield return RowShape.Read(json.RootElement, new RowOrigin(path, line));
        }
    }

    private static IEnumerable<Row> JsonArray(Stream stream, string path)
    {
        if (stream.Length > Array.MaxLength)
            throw new InputException($"{path}: {stream.Length:N0} bytes; a JSON array of at most {Array.MaxLength:N0} is read: save it as JSONL, which has no limit");
        byte[] bytes = new byte[stream.Length - stream.Position];
        stream.ReadExactly(bytes);
        int element = 0;
        foreach ((Range slice, int line) in StrictJson.Elements(bytes, path, 1))
        {
            using var json = JsonDocument.Parse(bytes.AsMemory(slice));
            yield return RowShape.Read(json.RootElement, new RowOrigin(path, line) { Element = ++element });
        }
    }

    private static Stream Open(string path)
    {
        if (Directory.Exists(path)) throw new InputException($"{path}: is a folder; a file of rows is required");
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException($"{path}: no such file", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InputException($"{path}: cannot be read: {e.Message}", e);
        }
        SkipByteOrderMark(stream, path);
        return stream;
    }

    private static void SkipByteOrderMark(FileStream stream, string path)
    {
        Span<byte> start = stackalloc byte[3];
        int read = stream.ReadAtLeast(start, 3, throwOnEndOfStream: false);
        if (read == 0) throw new InputException($"{path}: the file is empty; at least one row is required");
        if (start is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            throw new InputException($"{path}: the file is UTF-16; save it as UTF-8");
        stream.Position = start is [0xEF, 0xBB, 0xBF] ? 3 : 0;
    }

    private static int FirstCharacter(Stream stream)
    {
        long from = stream.Position;
        int next;
        do next = stream.ReadByte(); while (next is ' ' or '\t' or '\r' or '\n');
        stream.Position = from;
        return next;
    }
}
