namespace FineTuneKit.Data;

/// <summary>The lines of a UTF-8 stream as bytes, without their LF or CR LF; memory stays that of the longest line.</summary>
internal static class Utf8Lines
{
    /// <summary>The longest line that is read, in bytes.</summary>
    public const int LongestLine = 1 << 28;

    /// <summary>Each line with its 1-based number; null where it is too long. The bytes are valid until the next line is asked for.</summary>
    public static IEnumerable<(int Line, ReadOnlyMemory<byte>? Bytes)> Read(Stream stream, int longest = LongestLine)
    {
        byte[] buffer = new byte[1 << 16];
        int start = 0, end = 0, line = 0, scanned = 0;
        bool tooLong = false;
        while (true)
        {
            int feed = buffer.AsSpan(scanned, end - scanned).IndexOf((byte)'\n');
            if (feed >= 0)
            {
                yield return (++line, tooLong ? (ReadOnlyMemory<byte>?)null : Trim(buffer.AsMemory(start, scanned + feed - start)));
                tooLong = false;
                start = scanned += feed + 1;
                continue;
            }
            scanned = end;
            // What is left of a line that is too long is passed over.
            if (tooLong || end - start >= longest) (tooLong, start, end, scanned) = (true, 0, 0, 0);
            else if (end == buffer.Length) (buffer, start, end, scanned) = MakeRoom(buffer, start, end);
            int read = stream.Read(buffer, end, buffer.Length - end);
            if (read == 0) break;
            end += read;
        }
        if (tooLong) yield return (++line, null);
        else if (end > start) yield return (++line, Trim(buffer.AsMemory(start, end - start)));
    }

    public static InputException TooLong(string file, int line) =>
        InputException.At(file, line, $"the line is longer than {LongestLine:N0} bytes; one row a line is required");

    private static ReadOnlyMemory<byte> Trim(ReadOnlyMemory<byte> line) =>
        line.Length > 0 && line.Span[^1] == '\r' ? line[..^1] : line;

    private static (byte[] Buffer, int Start, int End, int Scanned) MakeRoom(byte[] buffer, int start, int end)
    {
        int held = end - start;
        byte[] room = held > buffer.Length / 2 ? new byte[buffer.Length * 2] : buffer;
        Buffer.BlockCopy(buffer, start, room, 0, held);
        return (room, 0, held, held);
    }
}
