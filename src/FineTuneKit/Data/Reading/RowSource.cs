using System.Collections;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace FineTuneKit.Data;

/// <summary>
/// The rows of a file, a folder or standard input, read anew by each enumeration, and what the last one saw. Memory is
/// that of one row.
/// </summary>
/// <param name="path">A file, a folder, or <c>-</c>.</param>
/// <param name="options">How it is read.</param>
public sealed class RowSource(string path, ReadOptions? options = null) : IEnumerable<Row>
{
    private const int ReportEvery = 1024, ShownOfBadRow = 200;

    private readonly ReadOptions _options = options ?? new ReadOptions();
    private readonly SortedDictionary<DataShape, long> _shapes = [];

    /// <summary>The rows of each shape that were read.</summary>
    public IReadOnlyDictionary<DataShape, long> Shapes => _shapes;

    /// <summary>Rows read.</summary>
    public long Count { get; private set; }

    /// <summary>Rows that could not be read and were passed over.</summary>
    public long BadCount { get; private set; }

    /// <summary>Files of a folder that hold no rows by their names; they were not read.</summary>
    public IReadOnlyList<string> OtherFiles { get; private set; } = [];

    /// <inheritdoc/>
    public IEnumerator<Row> GetEnumerator()
    {
        (Count, BadCount) = (0, 0);
        _shapes.Clear();
        IReadOnlyList<string> files = DataFolder.FilesOf(path, out IReadOnlyList<string> others);
        OtherFiles = others;
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < files.Count; i++)
        {
            long before = Count + BadCount;
            using InputStream stream = InputStream.Open(files[i]);
            foreach (RawRow raw in Rows(stream, files[i]))
            {
                if (TryRead(raw) is not { } row) continue;
                if (Count % ReportEvery == 0) Report(clock, (i + stream.Fraction) / files.Count);
                yield return row;
            }
            stream.RequireUnchanged();
            if (Count + BadCount == before) throw new InputException($"{Name(files[i])}: the file holds no row; at least one is required");
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private IEnumerable<RawRow> Rows(InputStream stream, string file)
    {
        string name = Name(file);
        FileFormat format = _options.Format ?? FormatOf(stream, file);
        return format switch
        {
            FileFormat.Csv => DelimitedRows.Read(stream, name, ',', _options.PassOver is not null),
            FileFormat.Tsv => DelimitedRows.Read(stream, name, '\t', _options.PassOver is not null),
            FileFormat.PlainText => PlainTextRows.Read(stream, name),
            FileFormat.Json when FirstCharacter(stream) == '[' => JsonArrayRows.Read(stream, name),
            _ => JsonLineRows.Read(stream, name),
        };
    }

    private static FileFormat FormatOf(InputStream stream, string file)
    {
        if (file != InputStream.StandardInput)
        {
            return FileFormats.OfName(file)
                ?? throw new InputException($"{file}: \"{FileFormats.Extension(file)}\" is not a kind of file that is read; accepted: {FileFormats.Accepted}");
        }
        return FirstCharacter(stream) is '[' or '{' ? FileFormat.Json : FileFormat.Csv;
    }

    private Row? TryRead(RawRow raw)
    {
        try
        {
            if (raw.Error is not null) throw raw.Error;
            using JsonDocument json = raw.IsStrict ? JsonDocument.Parse(raw.Json) : StrictJson.Parse(raw.Json, raw.Origin.File, raw.Origin.Line, raw.Column);
            (Row row, DataShape shape) = RowShapes.Read(json.RootElement, raw.Origin, _options.Shape);
            _shapes[shape] = _shapes.GetValueOrDefault(shape) + 1;
            Count++;
            return row;
        }
        catch (InputException e) when (_options.PassOver is not null)
        {
            BadCount++;
            _options.PassOver(new BadRow(raw.Origin, e.Message, Beginning(raw.Json.Span)));
            return null;
        }
    }

    private void Report(Stopwatch clock, double fraction)
    {
        double rate = Count / Math.Max(1e-3, clock.Elapsed.TotalSeconds);
        _options.Progress?.Report(fraction, string.Create(CultureInfo.InvariantCulture, $"{Count:N0} rows, {rate:N0} a second"));
    }

    private static string Beginning(ReadOnlySpan<byte> bytes)
    {
        string text = Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, ShownOfBadRow)]);
        return bytes.Length > ShownOfBadRow ? text + "…" : text;
    }

    private static string Name(string file) => file == InputStream.StandardInput ? "standard input" : file;

    private static int FirstCharacter(InputStream stream)
    {
        int at = stream.Beginning.IndexOfAnyExcept(" \t\r\n"u8);
        return at < 0 ? -1 : stream.Beginning[at];
    }
}
