namespace FineTuneKit.Data;

/// <summary>Rows of JSONL: an object on each line; blank lines are no rows.</summary>
internal static class JsonLineRows
{
    public static IEnumerable<RawRow> Read(Stream stream, string path)
    {
        foreach ((int line, ReadOnlyMemory<byte>? bytes) in Utf8Lines.Read(stream))
        {
            var origin = new RowOrigin(path, line);
            if (bytes is not { } json) yield return new RawRow(origin, default) { Error = Utf8Lines.TooLong(path, line) };
            else if (json.Span.IndexOfAnyExcept(" \t\r"u8) >= 0) yield return new RawRow(origin, json);
        }
    }
}
