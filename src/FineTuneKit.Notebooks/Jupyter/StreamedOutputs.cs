using System.Text;
using System.Text.Json.Nodes;
using FineTuneKit.Notebooks.Display;

namespace FineTuneKit.Notebooks.Jupyter;

/// <summary>Sends a cell's outputs as they come; what is written is gathered for a moment, since a message for each word would drown a front end.</summary>
internal sealed class StreamedOutputs : ICellOutputs, IDisposable
{
    private const int FlushMilliseconds = 50, FlushCharacters = 8192;

    private readonly Action<JsonObject> _send;
    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();
    private readonly Timer _timer;
    private string _name = "";

    public StreamedOutputs(Action<JsonObject> send)
    {
        _send = send;
        _timer = new Timer(_ => Flush(), null, FlushMilliseconds, FlushMilliseconds);
    }

    public void Stream(string name, string text)
    {
        lock (_lock)
        {
            if (name != _name) FlushLocked();
            _name = name;
            _text.Append(text);
            if (_text.Length >= FlushCharacters) FlushLocked();
        }
    }

    public void Display(MimeBundle bundle, string displayId) => Send(new JsonObject { ["event"] = "display", ["data"] = bundle.ToJson(asLines: false), ["display_id"] = displayId });

    public void Update(MimeBundle bundle, string displayId) => Send(new JsonObject { ["event"] = "update", ["data"] = bundle.ToJson(asLines: false), ["display_id"] = displayId });

    public void Result(MimeBundle bundle) => Send(new JsonObject { ["event"] = "result", ["data"] = bundle.ToJson(asLines: false) });

    public void Clear(bool wait) => Send(new JsonObject { ["event"] = "clear", ["wait"] = wait });

    public void Dispose()
    {
        _timer.Dispose();
        Flush();
    }

    private void Send(JsonObject message)
    {
        lock (_lock)
        {
            FlushLocked();
            _send(message);
        }
    }

    private void Flush()
    {
        lock (_lock) FlushLocked();
    }

    private void FlushLocked()
    {
        if (_text.Length == 0) return;
        _send(new JsonObject { ["event"] = "stream", ["name"] = _name, ["text"] = _text.ToString() });
        _text.Clear();
    }
}
