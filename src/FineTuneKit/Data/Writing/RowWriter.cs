using System.IO.Compression;
using FineTuneKit.Records;

namespace FineTuneKit.Data;

/// <summary>
/// Writes rows in any shape and format that <see cref="RowReader"/> reads. What is written reads back with the same
/// content: a row that shape or format cannot hold is not written but counted, with the reason.
/// </summary>
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
    public static void WriteJsonl(string path, IEnumerable<Row> rows) => AtomicFile.Write(path, stream =>
    {
        foreach (Row row in rows)
        {
            stream.Write(RowJson.Line(row));
            stream.WriteByte((byte)'\n');
        }
    });

    /// <summary>Writes rows as the options say, one after another in constant memory; a name ending in <c>.gz</c> packs them, <c>-</c> is standard output.</summary>
    /// <exception cref="InputException">The file cannot be written, or its name says no format.</exception>
    public static WriteReport Write(string path, IEnumerable<Row> rows, WriteOptions? options = null)
    {
        options ??= new WriteOptions();
        FileFormat format = options.Format ?? FormatOf(path);
        var tally = new Tally(options);
        if (path == InputStream.StandardInput)
        {
            using Stream output = Console.OpenStandardOutput();
            Write(output, rows, format, options, tally);
        }
        else
        {
            AtomicFile.Write(path, stream =>
            {
                if (!FileFormats.IsCompressed(path)) Write(stream, rows, format, options, tally);
                else
                {
                    using var packed = new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true);
                    Write(packed, rows, format, options, tally);
                }
            });
        }
        return tally.Report(path);
    }

    private static FileFormat FormatOf(string path) => path == InputStream.StandardInput ? FileFormat.JsonLines : FileFormats.OfName(path)
        ?? throw new InputException($"{path}: \"{FileFormats.Extension(path)}\" is not a kind of file that is written; accepted: {FileFormats.Accepted}");

    private static void Write(Stream stream, IEnumerable<Row> rows, FileFormat format, WriteOptions options, Tally tally)
    {
        IEnumerable<(Row Row, HeldRow Held)> held = Hold(rows, options, tally);
        switch (format)
        {
            case FileFormat.JsonLines:
                foreach ((_, HeldRow row) in held) WriteLine(stream, row.Json.Span);
                break;
            case FileFormat.Json:
                WriteArray(stream, held.Select(h => h.Held.Json));
                break;
            case FileFormat.PlainText:
                WriteTexts(stream, held, tally);
                break;
            default:
                new TableWriter(stream, format == FileFormat.Csv ? ',' : '\t', tally.TakeBack, tally.LeaveOut).Write(held);
                break;
        }
    }

    /// <summary>The rows that their shape holds, as its objects.</summary>
    private static IEnumerable<(Row Row, HeldRow Held)> Hold(IEnumerable<Row> rows, WriteOptions options, Tally tally)
    {
        foreach (Row row in rows)
        {
            HeldRow held = HeldRow.Of(row, options.Shape ?? RowShapes.Of(row.Kind));
            if (held.Refusal is { } reason)
            {
                tally.Refuse(row, reason);
                continue;
            }
            tally.Written++;
            foreach (string key in held.LeftOut) tally.LeaveOut(key);
            yield return (row, held);
        }
    }

    private static void WriteLine(Stream stream, ReadOnlySpan<byte> line)
    {
        stream.Write(line);
        stream.WriteByte((byte)'\n');
    }

    private static void WriteArray(Stream stream, IEnumerable<ReadOnlyMemory<byte>> rows)
    {
        bool any = false;
        foreach (ReadOnlyMemory<byte> row in rows)
        {
            stream.Write(any ? ",\n"u8 : "[\n"u8);
            stream.Write(row.Span);
            any = true;
        }
        stream.Write(any ? "\n]\n"u8 : "[]\n"u8);
    }

    private static void WriteTexts(Stream stream, IEnumerable<(Row Row, HeldRow Held)> rows, Tally tally)
    {
        foreach ((Row row, _) in rows)
        {
            string text = row.Messages[^1].Content;
            string? reason = row.Kind != RowKind.Text ? $"a {row.Kind.ToString().ToLowerInvariant()} row; plain text holds texts without roles"
                : text.Contains('\n') || text.EndsWith('\r') ? "a line break; plain text has one row a line"
                : text.AsSpan().Trim(" \t\r").Length == 0 ? "a blank text; blank lines are no rows"
                : row.Group is not null || row.Language is not null ? "a group or language; plain text holds the text alone" : null;
            if (reason is not null)
            {
                tally.TakeBack(row, reason);
                continue;
            }
            foreach ((string key, _) in row.Extra) tally.LeaveOut(key);
            WriteLine(stream, System.Text.Encoding.UTF8.GetBytes(text));
        }
    }

    /// <summary>Counts while rows are written.</summary>
    private sealed class Tally(WriteOptions options)
    {
        private readonly SortedDictionary<string, long> _refused = new(StringComparer.Ordinal), _leftOut = new(StringComparer.Ordinal);

        public long Written { get; set; }

        public void Refuse(Row row, string reason)
        {
            _refused[reason] = _refused.GetValueOrDefault(reason) + 1;
            options.Refused?.Invoke(row, reason);
        }

        /// <summary>Refuses a row that its shape holds and the format does not.</summary>
        public void TakeBack(Row row, string reason)
        {
            Written--;
            Refuse(row, reason);
        }

        public void LeaveOut(string key) => _leftOut[key] = _leftOut.GetValueOrDefault(key) + 1;

        public WriteReport Report(string path) => new() { File = path, Written = Written, Refused = _refused, KeysLeftOut = _leftOut };
    }
}
