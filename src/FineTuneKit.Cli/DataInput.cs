using System.CommandLine;
using FineTuneKit.Data;
using FineTuneKit.Text;

namespace FineTuneKit.Cli;

/// <summary>The arguments of verbs that read rows: where they are, in which format and shape.</summary>
internal sealed class DataInput
{
    private readonly Argument<string> _path = new("data") { Description = "File, folder, or - for standard input: JSONL, JSON, CSV, TSV or plain text, also packed by gzip.", HelpName = "FILE" };
    private readonly Option<FileFormat?> _format = new("--format") { Description = "Format of the input. Default: by the file's name." };
    private readonly Option<string?> _shape = new("--shape") { Description = "Shape of the rows. Default: by their keys." };

    public DataInput(Command command)
    {
        command.Arguments.Add(_path);
        command.Options.Add(_format);
        command.Options.Add(_shape);
        _shape.AcceptOnlyFromAmong([.. Enum.GetValues<DataShape>().Select(RowShapes.NameOf)]);
    }

    public string Path(ParseResult parsed) => parsed.GetValue(_path)!;

    /// <summary>A name for titles and reports.</summary>
    public string Name(ParseResult parsed) => Path(parsed) == "-" ? "standard input" : System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(Path(parsed)));

    public RowSource Rows(ParseResult parsed, IRunProgress progress, Action<BadRow>? passOver = null) => new(Path(parsed), new ReadOptions
    {
        Format = parsed.GetValue(_format),
        Shape = parsed.GetValue(_shape) is { } shape ? RowShapes.Named(shape) : null,
        PassOver = passOver,
        Progress = progress,
    });

    /// <summary>Reads all rows, with progress.</summary>
    public List<Row> ReadAll(ParseResult parsed, IRunProgress progress)
    {
        progress.Begin("read");
        RowSource source = Rows(parsed, progress);
        List<Row> rows = [.. source];
        progress.End(Counts(source));
        return rows;
    }

    /// <summary>What was read, by shape.</summary>
    public static string Counts(RowSource source) =>
        $"{source.Count:N0} rows ({string.Join(", ", source.Shapes.Select(s => $"{RowShapes.NameOf(s.Key)} {s.Value:N0}"))}){(source.BadCount > 0 ? $", {source.BadCount:N0} not readable" : "")}{(source.OtherFiles.Count > 0 ? $", {source.OtherFiles.Count} files without rows left out" : "")}";

    /// <summary>Counts tokens by the tokeniser of a folder.</summary>
    public static Func<string, int> TokenCounter(string folder)
    {
        Tokenizer tokenizer = Tokenizer.Load(folder);
        return text => tokenizer.Encode(text, addSpecialTokens: false).Length;
    }

    /// <summary>Checks Ctrl-C at every row.</summary>
    public static IEnumerable<Row> Cancellable(IEnumerable<Row> rows, CancellationToken cancel)
    {
        foreach (Row row in rows)
        {
            cancel.ThrowIfCancellationRequested();
            yield return row;
        }
    }
}
