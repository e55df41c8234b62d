using System.IO.Pipelines;
using System.Text;
using System.Text.Json.Nodes;
using FineTuneKit.Notebooks.Jupyter;
using Xunit;

namespace FineTuneKit.Notebooks.Tests;

/// <summary>The process behind the kernel, by its own protocol.</summary>
public sealed class KernelHostTests : IDisposable
{
    private readonly Pipe _requests = new(), _replies = new();
    private readonly StreamWriter _send;
    private readonly StreamReader _receive;
    private readonly Task _serving;
    private int _number;

    public KernelHostTests()
    {
        _send = new StreamWriter(_requests.Writer.AsStream(), new UTF8Encoding(false)) { AutoFlush = true };
        _receive = new StreamReader(_replies.Reader.AsStream());
        _serving = Task.Run(() => KernelHost.Serve(_requests.Reader.AsStream(), _replies.Writer.AsStream()));
        Assert.Equal("ready", (string?)Next()["event"]);
    }

    public void Dispose()
    {
        _send.Dispose();
        Assert.True(_serving.Wait(TimeSpan.FromSeconds(60)), "the host did not end with its requests");
    }

    [Fact]
    public void ExecutesAndStreams()
    {
        List<JsonObject> events = Ask("execute", "Console.Write(1); display(2); 3");
        Assert.Equal(["stream", "display", "result", "reply"], events.Select(e => (string)e["event"]!));
        Assert.Equal("ok", (string?)events[^1]["status"]);
        Assert.Equal("3", (string?)events[2]["data"]!["text/plain"]);
        JsonObject failed = Ask("execute", "throw new Exception(\"no\");")[^1];
        Assert.Equal(("error", "System.Exception", "no"), ((string?)failed["status"], (string?)failed["ename"], (string?)failed["evalue"]));
    }

    [Fact]
    public void AnInterruptReachesTheCellThatRuns()
    {
        Send("execute", "while (true) { }");
        Thread.Sleep(1000);
        Send("interrupt", "");
        JsonObject reply = Next();
        Assert.Equal("Interrupted", (string?)reply["ename"]);
        Assert.Equal("2", (string?)Ask("execute", "1 + 1")[0]["data"]!["text/plain"]);
    }

    [Fact]
    public void CompletesWhatRanCellsDeclared()
    {
        Ask("execute", "string greeting = \"hello\";");
        JsonObject names = Ask("complete", "var 𝒙 = 1; gree", cursor: 15)[^1];
        Assert.Contains("greeting", names["matches"]!.AsArray().Select(m => (string?)m));
        Assert.Equal((11, 15), ((int)names["start"]!, (int)names["end"]!));
        JsonObject members = Ask("complete", "greeting.Sub", cursor: 12)[^1];
        Assert.Equal(["Substring"], members["matches"]!.AsArray().Select(m => (string?)m));
        Assert.Equal(["#!time"], Ask("complete", "#!ti", cursor: 4)[^1]["matches"]!.AsArray().Select(m => (string?)m));
    }

    [Fact]
    public void InspectsNamesWithTheirDocumentation()
    {
        Ask("execute", "#r \"FineTuneKit.dll\"\nusing FineTuneKit.Charts;");
        JsonObject reply = Ask("inspect", "SvgRenderer", cursor: 4)[^1];
        Assert.True((bool)reply["found"]!);
        Assert.Contains("Draws a chart as one SVG element", (string?)reply["text"]);
        Assert.False((bool)Ask("inspect", "   ", cursor: 1)[^1]["found"]!);
    }

    [Theory]
    [InlineData("1 + 1", "complete")]
    [InlineData("for (int i = 0; i < 3; i++)\n{", "incomplete")]
    [InlineData("int x = = 1;", "invalid")]
    [InlineData("#!nothing", "invalid")]
    public void TellsWhetherACellIsWhole(string code, string expected) => Assert.Equal(expected, (string?)Ask("is_complete", code)[^1]["status"]);

    private List<JsonObject> Ask(string method, string code, int cursor = 0)
    {
        Send(method, code, cursor);
        var events = new List<JsonObject>();
        do events.Add(Next());
        while ((string?)events[^1]["event"] != "reply");
        return events;
    }

    private void Send(string method, string code, int cursor = 0) =>
        _send.WriteLine(new JsonObject { ["id"] = ++_number, ["method"] = method, ["code"] = code, ["cursor"] = cursor, ["count"] = _number }.ToJsonString());

    private JsonObject Next() => JsonNode.Parse(_receive.ReadLine() ?? throw new InvalidOperationException("the host ended"))!.AsObject();
}
