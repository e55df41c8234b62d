using System.Diagnostics;
using FineTuneKit.Notebooks.Display;
using FineTuneKit.Notebooks.Scripting;
using Xunit;

namespace FineTuneKit.Notebooks.Tests;

/// <summary>Cells one after another: what they know, what they show, how they fail, how they are stopped.</summary>
public sealed class ScriptSessionTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private readonly ScriptSession _session = new(outputLimit: 10_000);

    public void Dispose() => _session.Dispose();

    [Theory]
    [InlineData("1 + 1", "2")]
    [InlineData("\"text\"", "text")]
    [InlineData("await Task.FromResult(3)", "3")]
    [InlineData("0.1 + 0.2", "0.30000000000000004")]
    [InlineData("new[] { 1, 2, 3 }", "[ 1, 2, 3 ]")]
    [InlineData("(string)null", "<null>")]
    [InlineData("record R(int A) { public int B { get => field; set => field = value; } } new R(1) { B = 2 }.B", "2")]
    [InlineData("static int Twice(this int n) => 2 * n; 21.Twice()", "42")]
    public void TheLastExpressionIsShown(string code, string expected)
    {
        (CellResult result, CollectedOutputs outputs) = Run(code);
        Assert.Equal(CellStatus.Done, result.Status);
        Assert.Equal(expected, outputs.Value!.PlainText);
    }

    [Theory]
    [InlineData("int a = 1;")]
    [InlineData("Console.Write(\"x\")")]
    [InlineData("\"text\";")]
    public void StatementsShowNoValue(string code)
    {
        (CellResult result, CollectedOutputs outputs) = Run(code);
        // A discarded value is an error of the language in a statement, and no output either way.
        Assert.Null(outputs.Value);
        Assert.True(result.Status is CellStatus.Done || result.Error!.Name == "CompilationError");
    }

    [Fact]
    public void CellsKnowWhatWasDeclaredBefore()
    {
        Run("using System.IO; int a = 20; int Plus(int n) => a + n; class C { public int V = 1; }");
        Run("a++;");
        Assert.Equal("22", Run("Plus(new C().V)").Outputs.Value!.PlainText);
        Assert.Equal("x", Run("var a = \"x\"; a").Outputs.Value!.PlainText);
        Assert.Equal("/", Run("Path.GetPathRoot(\"/x\")").Outputs.Value!.PlainText);
    }

    [Fact]
    public void ConsoleIsCapturedAlsoFromThreads()
    {
        CollectedOutputs outputs = Run("""
            Console.WriteLine("one");
            Console.Error.Write("two");
            await Task.Run(() => Console.WriteLine("three"));
            var t = new System.Threading.Thread(() => Console.Write($"{4}")); t.Start(); t.Join();
            """).Outputs;
        Assert.Equal("one\nthree\n4", outputs.Out);
        Assert.Equal("two", outputs.Error);
    }

    [Fact]
    public void DisplaysAreShownAndUpdated()
    {
        CollectedOutputs outputs = Run("""
            display(1.5);
            HTML("<b>x</b>").Display();
            "# head".DisplayAs("text/markdown");
            var shown = display("first");
            shown.Update("second");
            KernelInvocationContext.Current.Display("third").Update("fourth");
            """).Outputs;
        Assert.Equal(["1.5", "<b>x</b>", "# head", "first", "third"], outputs.Displayed.Select(d => d.PlainText));
        Assert.Equal(["second", "fourth"], outputs.Updates.Select(d => d.PlainText));
        Assert.Equal("text/html", outputs.Displayed[1].Entries[0].Key);
        Assert.Equal("text/markdown", outputs.Displayed[2].Entries[0].Key);
    }

    [Fact]
    public void ObjectsAreTables()
    {
        MimeBundle value = Run("record P(string Name, double Loss); new[] { new P(\"<a>\", 1.5), new P(\"b\", 2) }").Outputs.Value!;
        Assert.Equal(["text/html", "text/plain"], value.Entries.Select(e => e.Key));
        Assert.Contains("<th style=\"text-align:left\">Name</th>", value.Entries[0].Value);
        Assert.Contains("&lt;a&gt;", value.Entries[0].Value);
    }

    [Fact]
    public void AnEndlessSequenceIsCutAfterItsFirstItems()
    {
        CollectedOutputs outputs = Run("IEnumerable<int> Endless() { for (int i = 0; ; i++) yield return i; } Endless()").Outputs;
        Assert.EndsWith("19, ... (more) ]", outputs.Value!.PlainText);
    }

    [Fact]
    public void TheKitIsReferencedWhereverTheNotebookSaysItLies()
    {
        Run("var before = display(1);");
        MimeBundle value = Run("""
            #r "../no/such/folder/FineTuneKit.dll"
            using FineTuneKit.Charts;
            before.Update(2);
            new LineChart { Title = "t", Reading = "r", X = new Axis("x"), Y = new Axis("y", "u"), Lines = [new LineSeries("l", [0, 1], [1, 2])] }
            """).Outputs.Value!;
        Assert.Equal(["application/vnd.plotly.v1+json", "image/svg+xml", "text/plain"], value.Entries.Select(e => e.Key));
        Assert.Equal(CellStatus.Done, Run("display(new Axis(\"x\"));").Result.Status);
    }

    [Fact]
    public void WhatDoesNotCompileIsUnderlined()
    {
        CellError error = Run("int a = 1;\n\tint b = foo + 1;", "cell 7").Result.Error!;
        Assert.Equal("CompilationError", error.Name);
        Assert.StartsWith("cell 7, line 2, column 10: CS0103: ", error.Traceback[0]);
        Assert.Equal("    \tint b = foo + 1;", error.Traceback[1]);
        Assert.Equal("    \t        ~~~", error.Traceback[2]);
    }

    [Fact]
    public void ExceptionsSayCellLineAndSourceAndTheirCauses()
    {
        Run("int Divide(int n)\n{\n    return 1 / n;\n}", "cell 1");
        (CellResult result, _) = Run("#!time\nint zero = 0;\ntry { Divide(zero); }\ncatch (Exception e)\n{\n    throw new InvalidOperationException(\"outer\", e);\n}", "cell 2");
        string text = string.Join('\n', result.Error!.Traceback);
        Assert.Equal("System.InvalidOperationException", result.Error.Name);
        Assert.Contains("cell 2, line 6: throw new InvalidOperationException(\"outer\", e);", text);
        Assert.Contains("caused by System.DivideByZeroException", text);
        Assert.Contains("cell 1, line 3: return 1 / n;", text);
        Assert.Contains("cell 2, line 3: try { Divide(zero); }", text);
        Assert.DoesNotContain("Microsoft.CodeAnalysis", text);
        Assert.Equal("0", Run("zero").Outputs.Value!.PlainText);
    }

    [Theory]
    [InlineData("while (true) { }")]
    [InlineData("while (true) { try { System.Threading.Thread.Sleep(5); } catch (Exception) { } }")]
    [InlineData("await Task.Delay(5); while (true) { }")]
    [InlineData("IEnumerable<int> Endless() { again: yield return 1; goto again; } foreach (int i in Endless()) { }")]
    [InlineData("Parallel.For(0, 4, _ => { for (;;) { } });")]
    [InlineData("System.Threading.Thread.Sleep(-1);")]
    [InlineData("await Task.Delay(-1);")]
    [InlineData("new System.Threading.ManualResetEvent(false).WaitOne();")]
    [InlineData("await Task.Delay(-1, KernelInvocationContext.Current.CancellationToken);")]
    public void WhatNeverEndsCanBeInterrupted(string code)
    {
        Run("int kept = 5;");
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        var clock = Stopwatch.StartNew();
        CellResult result = _session.Run(code, new CollectedOutputs(), cancel: cancel.Token);
        Assert.Equal(CellStatus.Interrupted, result.Status);
        Assert.True(clock.Elapsed < Soon, $"took {clock.Elapsed}");
        Assert.Equal("5", Run("kept").Outputs.Value!.PlainText);
    }

    [Theory]
    [InlineData("int a = 0; while (a < 3) a++; a", "3")]
    [InlineData("int b = 0; do b++; while (b < 4); for (int i = 0; i < 3; i++) for (int j = 0; j < 2; j++) { b++; } b", "10")]
    [InlineData("int c = 0; while (c++ < 5);for (;;) { if (c++ > 8) break; else continue; } c", "10")]
    [InlineData("int d = 0; again: if (d++ < 5) goto again; switch (d) { case 6: goto case 7; case 7: d = 70; break; } d", "70")]
    [InlineData("var e = new List<int>(); for (int i = 0; i < 2; i++) // a comment\n#if DEBUG\n{ e.Add(9); }\n#else\n{ e.Add(i); int Local() => i; e.Add(Local()); }\n#endif\nstring.Join(',', e)", "0,0,1,1")]
    public void LoopsCountAsWritten(string code, string value) => Assert.Equal(value, Run(code).Outputs.Value!.PlainText);

    [Fact]
    public void ACellHasALimitOfTime()
    {
        CellResult result = _session.Run("while (true) { }", new CollectedOutputs(), limit: TimeSpan.FromMilliseconds(300));
        Assert.Equal(CellStatus.TimedOut, result.Status);
        Assert.Contains("0.3 seconds", result.Error!.Message);
    }

    [Fact]
    public void WhatIsTooLongIsCutAndThatIsSaid()
    {
        CollectedOutputs outputs = Run("for (int i = 0; i < 1_000_000; i++) Console.Write(\"0123456789\"); display(new string('x', 20_000));").Outputs;
        Assert.Equal(10_000, outputs.Out.Length);
        Assert.Contains("9,990,000 more", outputs.Error);
        Assert.Contains("left out", outputs.Displayed.Single().PlainText);
    }

    [Fact]
    public void LaterOutputsHaveTheLimitAnew()
    {
        Run("Console.Write(new string('x', 20_000));");
        Assert.Equal("y", Run("Console.Write(\"y\");").Outputs.Out);
    }

    private (CellResult Result, CollectedOutputs Outputs) Run(string code, string? name = null)
    {
        var outputs = new CollectedOutputs();
        return (_session.Run(code, outputs, name), outputs);
    }
}
