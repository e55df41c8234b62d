namespace FineTuneKit.Data;

/// <summary>Rows of plain text: each line that is not blank is a text to learn.</summary>
internal static class PlainTextRows
{
    public static IEnumerable<RawRow> Read(Stream stream, string path)
    {
        foreach ((int line, ReadOnlyMemory<byte>? bytes) in Utf8Lines.Read(stream))
        {
            var origin = new RowOrigin(path, line);
            if (bytes is not { } text) yield return new RawRow(origin, default) { Error = Utf8Lines.TooLong(path, line) };
            else if (text.Span.IndexOfAnyExcept(" \t\r"u8) >= 0) yield return Row(text, origin);
        }
    }

    private static RawRow Row(ReadOnlyMemory<byte> text, RowOrigin origin)
    {
        try
        {
            StrictJson.RequireUtf8(text.Span, origin.File, origin.Line);
            if (text.Span.Contains((byte)0)) throw new InputException($"{origin}: the text holds the character NUL");
        }
        catch (InputException e)
        {
            return new RawRow(origin, default) { Error = e };
        }
        return new RawRow(origin, MessageJson.Bytes(json =>
        {
            json.WriteStartObject();
            json.WriteString("text"u8, text.Span);
            json.WriteEndObject();
        }))
        {
            IsStrict = true,
        };
    }
}
