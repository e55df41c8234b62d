using System.Collections;
using System.Globalization;
using FineTuneKit.Charts;

namespace FineTuneKit.Data;

/// <summary>
/// Rows with what was done to them so far: <c>Dataset.Read(path).Clean().Audit()</c>. A step gives a new data set and
/// leaves this one as it is; <see cref="Steps"/> says what each step did.
/// </summary>
[TypeFormatterSource(typeof(NotebookFormatters), PreferredMimeTypes = [NotebookFormatters.Html, NotebookFormatters.Text])]
public sealed class Dataset : IReadOnlyList<Row>, IDocument
{
    private const int ShownRows = 10, ShownCharacters = 160;

    private readonly IReadOnlyList<Row> _rows;

    private Dataset(string name, IReadOnlyList<Row> rows, IReadOnlyList<DataStep> steps) => (Name, _rows, Steps) = (name, rows, steps);

    /// <summary>The file or folder that the rows came from.</summary>
    public string Name { get; }

    /// <summary>What was done, in order.</summary>
    public IReadOnlyList<DataStep> Steps { get; }

    /// <summary>Rows that the last cleaning changed or dropped, with the reasons.</summary>
    public IReadOnlyList<CleanedRow> Cleaned { get; private init; } = [];

    /// <inheritdoc/>
    public int Count => _rows.Count;

    /// <inheritdoc/>
    public Row this[int index] => _rows[index];

    /// <summary>Reads a file, a folder, or standard input (<c>-</c>).</summary>
    /// <exception cref="InputException">No such file, no row, or a row that cannot be read.</exception>
    public static Dataset Read(string path, ReadOptions? options = null)
    {
        var source = new RowSource(path, options);
        List<Row> rows = [.. source];
        var counts = source.Shapes.ToDictionary(s => RowShapes.NameOf(s.Key), s => s.Value, StringComparer.Ordinal);
        if (source.BadCount > 0) counts["unreadable"] = source.BadCount;
        return new Dataset(path, rows, [new DataStep("read", rows.Count + source.BadCount, rows.Count, counts)]);
    }

    /// <summary>Rows that are at hand.</summary>
    public static Dataset Of(IEnumerable<Row> rows, string name = "rows") => new(name, [.. rows], []);

    /// <summary>The rows that a condition holds for.</summary>
    public Dataset Where(Func<Row, bool> condition)
    {
        Row[] rows = [.. _rows.Where(condition)];
        return With(rows, "where", new Dictionary<string, long>(StringComparer.Ordinal) { ["left out"] = Count - rows.Length });
    }

    /// <summary>The rows cleaned; <see cref="Cleaned"/> of the result names each row that changed or went.</summary>
    /// <exception cref="InputException">An option is out of range.</exception>
    public Dataset Clean(CleaningOptions? options = null)
    {
        var told = new List<CleanedRow>();
        var cleaning = new DataCleaning(options, told.Add);
        Row[] rows = [.. cleaning.Clean(_rows)];
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach ((string rule, long count) in cleaning.Report.Changed) counts[$"changed: {rule}"] = count;
        foreach ((string rule, long count) in cleaning.Report.Dropped) counts[$"dropped: {rule}"] = count;
        return With(rows, "clean", counts, told);
    }

    /// <summary>The rows with placeholders for personal data and secrets; the vault knows what stands behind them.</summary>
    public Dataset Mask(MaskVault vault)
    {
        Row[] rows = [.. _rows.Select(r => DataMask.Mask(r, vault))];
        return With(rows, "mask", vault.Counts.ToDictionary(c => c.Key, c => (long)c.Value, StringComparer.Ordinal));
    }

    /// <summary>The rows with what stands behind the placeholders.</summary>
    public Dataset Unmask(MaskVault vault) => With([.. _rows.Select(r => DataMask.Unmask(r, vault))], "unmask", new Dictionary<string, long>(StringComparer.Ordinal));

    /// <summary>What is wrong with the rows.</summary>
    /// <exception cref="InputException">An option is out of range, or there is no row.</exception>
    public AuditReport Audit(AuditOptions? options = null) => DataAudit.Run(_rows, options);

    /// <summary>The rows divided, with the proof that none leaks.</summary>
    /// <exception cref="InputException">The rows cannot be divided so.</exception>
    public SplitResult Split(SplitOptions? options = null) => DataSplit.Make(_rows, options);

    /// <summary>Writes the rows.</summary>
    /// <exception cref="InputException">The file cannot be written.</exception>
    public WriteReport Write(string path, WriteOptions? options = null) => RowWriter.Write(path, _rows, options);

    /// <inheritdoc/>
    public IEnumerator<Row> GetEnumerator() => _rows.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}: {Count:N0} rows{(Steps.Count > 0 ? " after " + string.Join(", ", Steps.Select(s => s.Name)) : "")}");

    /// <summary>The first rows, a line each, and what was done.</summary>
    public string ToText() => string.Join('\n', (string[])
    [
        ToString(),
        .. _rows.Take(ShownRows).Select(r => $"{r.Origin.Line}: {Short(r.Prompt)} → {Short(r.Answer)}"),
        .. Steps.Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Name}: {s.RowsBefore:N0} rows before, {s.RowsAfter:N0} after; {string.Join(", ", s.Counts.Select(c => $"{c.Key} {c.Value}"))}")),
    ]);

    /// <summary>The first rows as a table, and what was done.</summary>
    public string ToHtml()
    {
        Row[] shown = [.. _rows.Take(ShownRows)];
        bool labels = shown.Any(r => r.Label is not null), groups = shown.Any(r => r.Group is not null);
        var rows = new ResultTable
        {
            Title = ToString(),
            Columns = [.. Names("line", "prompt", "answer"), .. Names(labels ? ["label"] : []), .. Names(groups ? ["group"] : [])],
            Rows = [.. shown.Select(r => (IReadOnlyList<object?>)[r.Origin.Line, Short(r.Prompt), Short(r.Answer), .. labels ? [r.Label] : Array.Empty<string?>(), .. groups ? [r.Group] : Array.Empty<string?>()])],
            Omitted = Count - shown.Length,
        };
        var steps = new ResultTable
        {
            Columns = [.. Names("step", "rows before", "rows after", "counts")],
            Rows = [.. Steps.Select(s => (IReadOnlyList<object?>)[s.Name, s.RowsBefore, s.RowsAfter, string.Join(", ", s.Counts.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Key} {c.Value:N0}")))])],
        };
        return rows.ToHtml() + "\n" + steps.ToHtml();
    }

    private static IEnumerable<TableColumn> Names(params string[] names) => names.Select(name => new TableColumn(name));

    private Dataset With(IReadOnlyList<Row> rows, string step, IReadOnlyDictionary<string, long> counts, IReadOnlyList<CleanedRow>? cleaned = null) =>
        new(Name, rows, [.. Steps, new DataStep(step, Count, rows.Count, counts)]) { Cleaned = cleaned ?? Cleaned };

    private static string Short(string text) => text.Length <= ShownCharacters ? text : text[..(ShownCharacters - 1)] + "…";
}
