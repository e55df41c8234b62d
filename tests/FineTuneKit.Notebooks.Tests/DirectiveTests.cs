using FineTuneKit.Notebooks.Directives;
using FineTuneKit.Notebooks.Scripting;
using Xunit;

namespace FineTuneKit.Notebooks.Tests;

/// <summary>The lines that are not C#.</summary>
public sealed class DirectiveTests : IDisposable
{
    private readonly ScriptSession _session = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("ftk-directives-").FullName;

    public void Dispose()
    {
        _session.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void CodeKeepsItsLineNumbers()
    {
        IReadOnlyList<Segment> segments = CellDirectives.Cut("#!time\n#r \"nuget: A.B, 1.2.3\"\nint a;\n#!markdown\n# x\n#!csharp\nint b;");
        Assert.Equal(
            [new TimeSegment(1), new PackageSegment(2, "A.B", "1.2.3"), new CodeSegment(2, "\n\nint a;"), new MarkupSegment(4, "text/markdown", "# x"), new CodeSegment(7, "\n\n\n\n\n\nint b;")],
            segments);
    }

    [Theory]
    [InlineData("#!markdown\n# head", "text/markdown", "# head")]
    [InlineData("#!html\n<b>x</b>", "text/html", "<b>x</b>")]
    [InlineData("#!javascript\nalert(1)", "application/javascript", "alert(1)")]
    public void MarkupIsDisplayed(string cell, string mimeType, string text)
    {
        CollectedOutputs outputs = Run(cell).Outputs;
        Assert.Equal(KeyValuePair.Create(mimeType, text), Assert.Single(outputs.Displayed.Single().Entries));
    }

    [Fact]
    public void TimeIsMeasured() => Assert.Matches(@"^Wall time: \d+(\.\d+)?ms$", Run("#!time\nawait Task.Delay(5);").Outputs.Displayed.Single().PlainText);

    [Fact]
    public void ValuesAreSetAndShared()
    {
        Run("#!value --name text\nline 1\nline 2");
        Run("#!set --name a --value \"two words\"\n#!share text --from value --as b\nvar c = 3;");
        Run("#!set --name d --value @csharp:c");
        Assert.Equal("two words|line 1\nline 2|3", Run("$\"{a}|{b}|{d}\"").Outputs.Value!.PlainText);
        Assert.Contains("c (Int32): 3", Run("#!whos").Outputs.Displayed.Single().PlainText);
        Assert.Equal("a\nb\nc\nd", Run("#!who").Outputs.Displayed.Single().PlainText);
    }

    [Theory]
    [InlineData("#!fsharp\nlet x = 1", "line 1", "#!fsharp")]
    [InlineData("int a = 1;\n#!tiem", "line 2", "#!lsmagic")]
    [InlineData("#!set --name a", "line 1", "--value")]
    [InlineData("#!set --name 1a --value x", "line 1", "1a")]
    [InlineData("#!set --name a --value @value:none", "line 1", "none")]
    [InlineData("#!import nowhere.cs", "line 1", "nowhere.cs")]
    [InlineData("#!connect mssql", "line 1", "#!connect")]
    public void WhatCannotBeFollowedIsRefused(string cell, params string[] mentions)
    {
        CellResult result = Run(cell).Result;
        Assert.Equal(CellStatus.Failed, result.Status);
        foreach (string mention in mentions) Assert.Contains(mention, result.Error!.Message);
    }

    [Fact]
    public void FilesAndNotebooksAreImported()
    {
        string code = Write("code.csx", "int fromCode = 1;"), dib = Write("cells.dib", "#!csharp\n\nint fromDib = fromCode + 1;\n#!markdown\n# text\n#!csharp\nConsole.Write(fromDib);");
        CollectedOutputs outputs = Run($"#!import {code}\n#!import \"{dib}\"\nfromDib").Outputs;
        Assert.Equal("2", outputs.Value!.PlainText);
        Assert.Equal("2", outputs.Out);
    }

    [Fact]
    public void AnErrorInAnImportedFileNamesIt()
    {
        string code = Write("broken.cs", "int a = 1;\nint b = c;");
        Assert.StartsWith($"{code}, line 2, column 9: CS0103", Run($"#!import {code}").Result.Error!.Traceback[0]);
    }

    [Fact]
    public void FilesThatImportEachOtherEnd()
    {
        string path = Path.Combine(_folder, "self.csx");
        Write("self.csx", $"#!import {path}");
        Assert.Contains("16 files deep", Run($"#!import {path}").Result.Error!.Message);
    }

    [Theory]
    [InlineData("#r \"nuget: No.Such.Package.Of.This.Name, 1.0.0\"", "No.Such.Package.Of.This.Name")]
    [InlineData("#r \"nuget: A;rm, 1.0.0\"", "A;rm")]
    [InlineData("#r \"nuget: Newtonsoft.Json, one\"", "one")]
    public void PackagesThatAreNoneAreRefused(string cell, string mention)
    {
        CellResult result = Run(cell).Result;
        Assert.Equal(CellStatus.Failed, result.Status);
        Assert.Contains(mention, result.Error!.Message);
    }

    [Fact]
    public void APackageOfThisRepositorysOwnCacheIsReferenced()
    {
        (CellResult result, CollectedOutputs outputs) = Run("#r \"nuget: CsvHelper, 34.0.0\"\nusing CsvHelper;\ntypeof(CsvReader).Name");
        Assert.True(result.Status == CellStatus.Done, result.Error?.Message);
        Assert.Equal("CsvReader", outputs.Value!.PlainText);
        Assert.Contains("CsvHelper 34.0.0", outputs.Displayed[0].PlainText);
    }

    [Fact]
    public void TheUsingOfInteractiveIsNoError() =>
        Assert.Equal(CellStatus.Done, Run("using Microsoft.DotNet.Interactive;\nusing Microsoft.DotNet.Interactive.Formatting;\nFormatter.ListExpansionLimit = 20;").Result.Status);

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private (CellResult Result, CollectedOutputs Outputs) Run(string code)
    {
        var outputs = new CollectedOutputs();
        return (_session.Run(code, outputs), outputs);
    }
}
