using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using FineTuneKit.Notebooks.Documents;
using FineTuneKit.Notebooks.Scripting;

namespace FineTuneKit.Notebooks.Running;

/// <summary>Runs a notebook without a front end and writes its outputs into it, after each cell.</summary>
public static class NotebookRunner
{
    /// <summary>Runs all code cells in order, in the notebook's folder, as Jupyter does.</summary>
    /// <exception cref="InputException">Not a notebook, or parameters that it does not have.</exception>
    /// <exception cref="OperationCanceledException">Interrupted; what ran is written.</exception>
    public static NotebookRunRecord Run(string path, NotebookRunOptions options, IRunProgress progress, CancellationToken cancel = default)
    {
        NotebookDocument notebook = NotebookFile.Read(path);
        NotebookParameters.Inject(notebook, Values(options), path);
        string? target = Target(path, options);
        string folder = Environment.CurrentDirectory;
        Environment.CurrentDirectory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        try
        {
            progress.Begin(Path.GetFileName(path));
            NotebookRunRecord record = new Execution(notebook, options, target, progress).Run(Path.GetFileName(path), cancel);
            progress.End(Summary(record));
            return record;
        }
        finally
        {
            Environment.CurrentDirectory = folder;
        }
    }

    private static Dictionary<string, string> Values(NotebookRunOptions options)
    {
        var values = new Dictionary<string, string>(options.Parameters);
        if (options.Smoke) values.TryAdd(NotebookParameters.Smoke, "true");
        return values;
    }

    // A check and a smoke run must not change what is committed.
    private static string? Target(string path, NotebookRunOptions options)
    {
        if (options.Out is { } output)
        {
            NotebookFile.Format(output);
            return Path.GetFullPath(output);
        }
        return options.Check || options.Smoke || NotebookFile.Format(path) == NotebookFile.Dib ? null : Path.GetFullPath(path);
    }

    private static string Summary(NotebookRunRecord record)
    {
        int failed = record.Cells.Count(c => c.Status != CellStatus.Done), different = record.Cells.Count(c => c.Difference is not null);
        return string.Create(CultureInfo.InvariantCulture, $"{record.Cells.Count} cells, {failed} failed{(record.LeftOut > 0 ? $", {record.LeftOut} left out" : "")}{(different > 0 ? $", {different} with other outputs" : "")}, {record.Seconds:0.0} s");
    }

    private sealed class Execution(NotebookDocument notebook, NotebookRunOptions options, string? target, IRunProgress progress)
    {
        private readonly RecordedOutputs _outputs = new(options.Told);
        private readonly List<CellRecord> _records = [];

        public NotebookRunRecord Run(string name, CancellationToken cancel)
        {
            var clock = Stopwatch.StartNew();
            using var session = new ScriptSession(options.OutputLimit);
            List<int> code = [.. Enumerable.Range(0, notebook.Cells.Count).Where(i => notebook.Cells[i].Kind == CellKind.Code && notebook.Cells[i].Source.Trim().Length > 0)];
            foreach (int index in code)
            {
                progress.Report((double)_records.Count / code.Count, string.Create(CultureInfo.InvariantCulture, $"cell {index + 1}"));
                CellRecord record = Run(session, index, cancel);
                _records.Add(record);
                if (target is not null) NotebookFile.Write(target, notebook);
                if (record.Status == CellStatus.Interrupted && cancel.IsCancellationRequested) throw new OperationCanceledException(Interrupted(record));
                if (record.Status != CellStatus.Done && options.StopOnError) break;
            }
            return new NotebookRunRecord { Notebook = name, Cells = _records, LeftOut = code.Count - _records.Count, Seconds = clock.Elapsed.TotalSeconds };
        }

        private CellRecord Run(ScriptSession session, int index, CancellationToken cancel)
        {
            NotebookCell cell = notebook.Cells[index];
            int count = _records.Count + 1;
            _outputs.Begin(count);
            DateTime started = DateTime.UtcNow;
            CellResult result = session.Run(cell.Source, _outputs, string.Create(CultureInfo.InvariantCulture, $"cell {index + 1}"), cell.Language, options.CellTimeout, cancel);
            if (result.Error is { } error)
            {
                _outputs.Add(OutputJson.Error(error));
                options.Told?.Invoke(string.Join('\n', error.Traceback) + "\n");
            }
            JsonArray now = _outputs.Current();
            string? difference = options.Check && !OutputCheck.IsExempt(cell) ? OutputCheck.Difference(cell.Outputs, now) : null;
            cell.Outputs = now;
            cell.ExecutionCount = count;
            cell.Metadata["execution"] = Timing(started, started + result.Elapsed);
            return new CellRecord(index + 1, result.Status, result.Elapsed.TotalSeconds, result.Error, difference);
        }

        private string Interrupted(CellRecord record) => $"{string.Join('\n', record.Error?.Traceback ?? [])}\nInterrupted in cell {record.Cell}{(target is null ? "" : $"; what ran is in {target}")}";

        // The keys under which Jupyter and nbclient keep the times of a cell.
        private static JsonObject Timing(DateTime started, DateTime ended) => new()
        {
            ["iopub.execute_input"] = Stamp(started),
            ["iopub.status.busy"] = Stamp(started),
            ["iopub.status.idle"] = Stamp(ended),
            ["shell.execute_reply"] = Stamp(ended),
        };

        private static string Stamp(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
    }
}
