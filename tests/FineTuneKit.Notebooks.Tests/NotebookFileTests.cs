using System.Text.Json.Nodes;
using FineTuneKit.Notebooks.Documents;
using Xunit;

namespace FineTuneKit.Notebooks.Tests;

/// <summary>Notebooks as files.</summary>
public sealed class NotebookFileTests : IDisposable
{
    private const string Whole = """
        {"cells": [
          {"cell_type": "markdown", "id": "a1", "metadata": {}, "source": ["# Title\n", "text"]},
          {"cell_type": "code", "id": "b2", "execution_count": 3, "metadata": {"tags": ["parameters"], "custom": {"kept": 1.50}}, "outputs": [], "source": "int a = 1;"},
          {"cell_type": "raw", "id": "c3", "metadata": {}, "source": "raw"}],
         "metadata": {"kernelspec": {"name": ".net-csharp"}, "other": [1, null]}, "nbformat": 4, "nbformat_minor": 5, "unknown": true}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("ftk-notebook-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void WhatTheKitDoesNotKnowStays()
    {
        NotebookDocument notebook = NotebookFile.Read(Write("n.ipynb", Whole));
        Assert.Equal(["# Title\ntext", "int a = 1;", "raw"], notebook.Cells.Select(c => c.Source));
        Assert.Equal([CellKind.Markdown, CellKind.Code, CellKind.Raw], notebook.Cells.Select(c => c.Kind));
        Assert.Equal(["parameters"], notebook.Cells[1].Tags);
        string path = Path.Combine(_folder, "again.ipynb");
        NotebookFile.Write(path, notebook);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Whole), JsonNode.Parse(File.ReadAllText(path))));
        Assert.Contains("1.50", File.ReadAllText(path));
        NotebookFile.Write(path, NotebookFile.Read(path));
        string once = File.ReadAllText(path);
        NotebookFile.Write(path, NotebookFile.Read(path));
        Assert.Equal(once, File.ReadAllText(path));
    }

    [Fact]
    public void IsLaidOutAsJupyterDoes()
    {
        string path = Path.Combine(_folder, "n.ipynb");
        NotebookFile.Write(path, new NotebookDocument([new NotebookCell(CellKind.Code, "a\n日本")]));
        Assert.StartsWith("{\n \"cells\": [\n  {\n   \"cell_type\": \"code\",\n   \"execution_count\": null,\n   \"metadata\": {\n    \"dotnet_interactive\": {\n     \"language\": \"csharp\"\n", File.ReadAllText(path));
        Assert.Contains("\"source\": [\n    \"a\\n\",\n    \"日本\"\n   ]", File.ReadAllText(path));
    }

    [Fact]
    public void DibHoldsCellsAndMetadata()
    {
        NotebookDocument notebook = NotebookFile.Read(Write("n.dib", "#!meta\n\n{\"kernelInfo\":{}}\n\n#!markdown\n\n# Title\n\n#!csharp\n\n#!time\nint a = 1;\n\n#!fsharp\n\nlet b = 2\n"));
        Assert.Equal(["# Title", "#!time\nint a = 1;", "let b = 2"], notebook.Cells.Select(c => c.Source));
        Assert.Equal(["csharp", "fsharp"], notebook.Cells.Skip(1).Select(c => c.Language));
        string path = Path.Combine(_folder, "again.dib");
        NotebookFile.Write(path, notebook);
        Assert.Equal(notebook.Cells.Select(c => (c.Kind, c.Source, c.Language)), NotebookFile.Read(path).Cells.Select(c => (c.Kind, c.Source, c.Language)));
    }

    [Theory]
    [InlineData("n.ipynb", "{\"cells\": [", "line")]
    [InlineData("n.ipynb", "[]", "no object")]
    [InlineData("n.ipynb", "{\"cells\": []}", "nbformat")]
    [InlineData("n.ipynb", "{\"nbformat\": 3, \"nbformat_minor\": 0, \"worksheets\": []}", "nbformat 3; 4 is required")]
    [InlineData("n.ipynb", "{\"nbformat\": 4, \"cells\": {}}", "cells")]
    [InlineData("n.ipynb", "{\"nbformat\": 4, \"cells\": [{\"cell_type\": \"code\", \"source\": \"\"}, 1]}", "cell 2")]
    [InlineData("n.txt", "x", ".ipynb")]
    public void WhatIsNoNotebookIsRefused(string name, string text, string mention)
    {
        var e = Assert.Throws<InputException>(() => NotebookFile.Read(Write(name, text)));
        Assert.Contains(name, e.Message);
        Assert.Contains(mention == "line" ? "n.ipynb:1" : mention, e.Message);
    }

    [Fact]
    public void AFileThatIsNotThereIsRefused() => Assert.Contains("no such file", Assert.Throws<InputException>(() => NotebookFile.Read("nowhere.ipynb")).Message);

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
