using System.Text.Json.Nodes;
using FineTuneKit.Notebooks.Documents;
using FineTuneKit.Notebooks.Running;
using FineTuneKit.Notebooks.Scripting;
using Xunit;

namespace FineTuneKit.Notebooks.Tests;

/// <summary>Whole notebooks without a front end.</summary>
public sealed class NotebookRunnerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ftk-run-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void OutputsAndTimesAreWrittenBack()
    {
        string path = Save(Code("Console.WriteLine(1); display(2);"), new NotebookCell(CellKind.Markdown, "text"), Code("throw new Exception(\"no\");"), Code("3"));
        NotebookRunRecord record = Run(path);
        Assert.False(record.Passed);
        Assert.Equal([(1, CellStatus.Done), (3, CellStatus.Failed), (4, CellStatus.Done)], record.Cells.Select(c => (c.Cell, c.Status)));
        NotebookDocument written = NotebookFile.Read(path);
        Assert.Equal(["stream", "display_data"], Types(written.Cells[0]));
        Assert.Equal(["error"], Types(written.Cells[2]));
        Assert.Equal("System.Exception", (string?)written.Cells[2].Outputs[0]!["ename"]);
        Assert.Equal(["execute_result"], Types(written.Cells[3]));
        Assert.Equal([1, null, 2, 3], written.Cells.Select(c => c.ExecutionCount));
        Assert.True(DateTime.Parse((string)written.Cells[0].Metadata["execution"]!["shell.execute_reply"]!) >= DateTime.Parse((string)written.Cells[0].Metadata["execution"]!["iopub.execute_input"]!));
    }

    [Fact]
    public void WhatRanIsInTheFileWhileTheNextCellRuns()
    {
        string path = Save(Code("\"kept\""), Code($"System.IO.File.Copy(\"n.ipynb\", \"copy.ipynb\");"));
        Assert.True(Run(path).Passed);
        NotebookDocument copy = NotebookFile.Read(Path.Combine(_folder, "copy.ipynb"));
        Assert.Equal(["execute_result"], Types(copy.Cells[0]));
    }

    [Fact]
    public void StopOnErrorLeavesOutTheRest()
    {
        NotebookRunRecord record = Run(Save(Code("int a = b;"), Code("1")), new NotebookRunOptions { StopOnError = true });
        Assert.Equal((1, 1), (record.Cells.Count, record.LeftOut));
        Assert.StartsWith("cell 1, line 1, column 9: CS0103", record.Cells[0].Error!.Traceback[0]);
    }

    [Fact]
    public void AnUpdateReachesAnEarlierCell()
    {
        string path = Save(Code("var shown = display(\"old\");"), Code("shown.Update(\"new\");"));
        Run(path);
        NotebookDocument written = NotebookFile.Read(path);
        Assert.Equal("new", NotebookCell.Text(written.Cells[0].Outputs[0]!["data"]!["text/plain"]));
        Assert.Empty(written.Cells[1].Outputs);
    }

    [Fact]
    public void ParametersAreInjectedBehindTheirDefaults()
    {
        string path = Save(Tagged("parameters", "int rows = 100;\nvar rate = 1e-3;\nbool smoke = false;\nstring name = \"x\";\nvar big = 5L;"), Code("$\"{rows} {rate} {smoke} {name} {big.GetType().Name}\""));
        var options = new NotebookRunOptions { Smoke = true, Out = Path.Combine(_folder, "out.ipynb"), Parameters = new Dictionary<string, string> { ["rows"] = "7", ["rate"] = "2", ["name"] = "a \"b\"", ["big"] = "6" } };
        Run(path, options);
        NotebookDocument written = NotebookFile.Read(options.Out);
        Assert.Equal(["injected-parameters"], written.Cells[1].Tags);
        Assert.Equal("7 2 True a \"b\" Int64", NotebookCell.Text(written.Cells[2].Outputs[0]!["data"]!["text/plain"]));
        Run(options.Out, new NotebookRunOptions { Parameters = new Dictionary<string, string> { ["rows"] = "8" } });
        Assert.Equal("8 0.001 False x Int64", NotebookCell.Text(NotebookFile.Read(options.Out).Cells[2].Outputs[0]!["data"]!["text/plain"]));
        Assert.Empty(NotebookFile.Read(path).Cells[1].Outputs);
    }

    [Theory]
    [InlineData("rowz", "1", "rowz")]
    [InlineData("rows", "many", "int is required")]
    public void ParametersThatDoNotFitAreRefused(string name, string value, string mention)
    {
        string path = Save(Tagged("parameters", "int rows = 100;"));
        var e = Assert.Throws<InputException>(() => Run(path, new NotebookRunOptions { Parameters = new Dictionary<string, string> { [name] = value } }));
        Assert.Contains(mention, e.Message);
    }

    [Fact]
    public void ANotebookWithoutParametersTakesNone() =>
        Assert.Contains("no cell tagged", Assert.Throws<InputException>(() => Run(Save(Code("1")), new NotebookRunOptions { Smoke = true })).Message);

    [Fact]
    public void CheckFindsOutputsThatDiffer()
    {
        string counter = Path.Combine(_folder, "count"), changing = $"System.IO.File.AppendAllText({Literal(counter)}, \"x\"); new System.IO.FileInfo({Literal(counter)}).Length";
        string path = Save(Code("\"same\""), Code(changing), Tagged("changing", changing));
        Run(path);
        string before = File.ReadAllText(path);
        NotebookRunRecord record = Run(path, new NotebookRunOptions { Check = true });
        Assert.False(record.Passed);
        Assert.Equal([false, true, false], record.Cells.Select(c => c.Difference is not null));
        Assert.Contains("committed is \"1\", now it is \"3\"", record.Cells[1].Difference);
        Assert.Equal(before, File.ReadAllText(path));
        Assert.True(Run(Save(Code("1")), new NotebookRunOptions()).Passed);
        Assert.True(Run(Path.Combine(_folder, "n.ipynb"), new NotebookRunOptions { Check = true }).Passed);
    }

    [Fact]
    public void AnInterruptedRunKeepsWhatRan()
    {
        string path = Save(Code("\"kept\""), Code("while (true) { }"), Code("1"));
        using var cancel = new CancellationTokenSource();
        var options = new NotebookRunOptions { Told = text => { if (text.Contains("kept")) cancel.CancelAfter(500); } };
        var e = Assert.Throws<OperationCanceledException>(() => NotebookRunner.Run(path, options, new SilentProgress(), cancel.Token));
        Assert.Contains("Interrupted in cell 2", e.Message);
        NotebookDocument written = NotebookFile.Read(path);
        Assert.Equal(["execute_result"], Types(written.Cells[0]));
        Assert.Equal(["error"], Types(written.Cells[1]));
        Assert.Empty(written.Cells[2].Outputs);
    }

    private static NotebookRunRecord Run(string path, NotebookRunOptions? options = null) => NotebookRunner.Run(path, options ?? new NotebookRunOptions(), new SilentProgress());

    private static NotebookCell Code(string source) => new(CellKind.Code, source);

    private static NotebookCell Tagged(string tag, string source)
    {
        NotebookCell cell = Code(source);
        cell.Metadata["tags"] = new JsonArray(tag);
        return cell;
    }

    private static string[] Types(NotebookCell cell) => [.. cell.Outputs.Select(o => (string)o!["output_type"]!)];

    private static string Literal(string text) => Microsoft.CodeAnalysis.CSharp.SymbolDisplay.FormatLiteral(text, quote: true);

    private string Save(params NotebookCell[] cells)
    {
        string path = Path.Combine(_folder, "n.ipynb");
        NotebookFile.Write(path, new NotebookDocument(cells));
        return path;
    }
}
