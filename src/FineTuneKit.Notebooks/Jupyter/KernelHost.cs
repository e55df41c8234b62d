using System.Collections.Concurrent;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FineTuneKit.Notebooks.Editing;
using FineTuneKit.Notebooks.Scripting;

namespace FineTuneKit.Notebooks.Jupyter;

/// <summary>
/// The process behind the Jupyter kernel. The kernel itself is ipykernel's wrapper class, which speaks Jupyter's protocol;
/// it sends requests here, one JSON object a line, and gets events and replies the same way. Requests run one after
/// another, but <c>interrupt</c>, which reaches the one that runs.
/// </summary>
public sealed class KernelHost : IDisposable
{
    private static readonly JsonSerializerOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Stream _output;
    private readonly Lock _writing = new();
    private readonly ScriptSession _session = new();
    private readonly CodeEditing _editing;
    private readonly BlockingCollection<JsonObject> _requests = [];

    private KernelHost(Stream output)
    {
        _output = output;
        _editing = new CodeEditing(_session);
    }

    /// <summary>Serves until the requests end or one says <c>shutdown</c>.</summary>
    public static void Serve(Stream requests, Stream replies)
    {
        using var host = new KernelHost(replies);
        using var reader = new StreamReader(requests, new UTF8Encoding(false));
        var read = new Thread(() => host.Read(reader)) { IsBackground = true, Name = "requests" };
        read.Start();
        host.Send(new JsonObject { ["event"] = "ready", ["version"] = typeof(KernelHost).Assembly.GetName().Version!.ToString(3) });
        foreach (JsonObject request in host._requests.GetConsumingEnumerable())
        {
            if ((string?)request["method"] == "shutdown") break;
            host.Answer(request);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _session.Dispose();
        _requests.Dispose();
    }

    private void Read(StreamReader reader)
    {
        while (reader.ReadLine() is { } line)
        {
            if (JsonNode.Parse(line) is not JsonObject request) continue;
            if ((string?)request["method"] == "interrupt") _session.Interrupt();
            else _requests.Add(request);
        }
        // The kernel is gone: nobody waits for what runs.
        _session.Interrupt();
        _session.Interrupt();
        _requests.CompleteAdding();
    }

    private void Answer(JsonObject request)
    {
        long id = (long)request["id"]!;
        string code = (string?)request["code"] ?? "";
        JsonObject reply;
        try
        {
            reply = (string?)request["method"] switch
            {
                "execute" => Execute(id, code, (int)request["count"]!),
                "complete" => _editing.Complete(code, (int)request["cursor"]!),
                "inspect" => _editing.Inspect(code, (int)request["cursor"]!),
                "is_complete" => CodeEditing.IsComplete(code),
                var other => throw new InvalidOperationException($"the host knows no method {other}"),
            };
        }
        catch (Exception e)
        {
            // A request that fails must not end the session.
            Console.Error.WriteLine(e);
            reply = new JsonObject { ["failed"] = $"{e.GetType().Name}: {e.Message}" };
        }
        reply["id"] = id;
        reply["event"] = "reply";
        Send(reply);
    }

    private JsonObject Execute(long id, string code, int count)
    {
        using var outputs = new StreamedOutputs(message =>
        {
            message["id"] = id;
            Send(message);
        });
        CellResult result = _session.Run(code, outputs, $"cell {count}");
        if (result.Error is not { } error) return new JsonObject { ["status"] = "ok" };
        return new JsonObject
        {
            ["status"] = "error",
            ["ename"] = error.Name,
            ["evalue"] = error.Message,
            ["traceback"] = new JsonArray([.. error.Traceback.Select(l => (JsonNode)l)]),
        };
    }

    private void Send(JsonObject message)
    {
        byte[] line = Encoding.UTF8.GetBytes(message.ToJsonString(OneLine) + "\n");
        lock (_writing)
        {
            _output.Write(line);
            _output.Flush();
        }
    }
}
