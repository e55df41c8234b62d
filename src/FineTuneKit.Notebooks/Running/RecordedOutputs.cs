using System.Text;
using System.Text.Json.Nodes;
using FineTuneKit.Notebooks.Display;

namespace FineTuneKit.Notebooks.Running;

/// <summary>Collects the outputs of a notebook's cells; an update reaches what was shown before, in earlier cells too.</summary>
internal sealed class RecordedOutputs(Action<string>? told) : ICellOutputs
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, JsonObject> _byDisplayId = [];
    private readonly StringBuilder _stream = new();
    private List<JsonObject> _outputs = [];
    private string _streamName = "";
    private int _executionCount;
    private bool _clearNext;

    /// <summary>Begins a cell.</summary>
    public void Begin(int executionCount)
    {
        lock (_lock) (_outputs, _executionCount, _clearNext) = ([], executionCount, false);
    }

    /// <summary>The outputs of the cell so far.</summary>
    public JsonArray Current()
    {
        lock (_lock)
        {
            EndStream();
            return new JsonArray([.. _outputs.Select(o => o.Parent is null ? o : o.DeepClone())]);
        }
    }

    public void Stream(string name, string text)
    {
        lock (_lock)
        {
            ClearIfAsked();
            if (name != _streamName) EndStream();
            _streamName = name;
            _stream.Append(text);
        }
        told?.Invoke(text);
    }

    public void Display(MimeBundle bundle, string displayId)
    {
        JsonObject output = OutputJson.Display(bundle);
        Add(output);
        lock (_lock) _byDisplayId[displayId] = output;
        told?.Invoke(bundle.PlainText + "\n");
    }

    public void Update(MimeBundle bundle, string displayId)
    {
        lock (_lock)
            if (_byDisplayId.TryGetValue(displayId, out JsonObject? output)) output[OutputJson.DataKey] = bundle.ToJson(asLines: true);
    }

    public void Result(MimeBundle bundle)
    {
        Add(OutputJson.Result(bundle, _executionCount));
        told?.Invoke(bundle.PlainText + "\n");
    }

    public void Clear(bool wait)
    {
        lock (_lock)
        {
            _clearNext = wait;
            if (wait) return;
            _stream.Clear();
            _outputs.Clear();
        }
    }

    /// <summary>Adds an output that no media type describes: an error.</summary>
    public void Add(JsonObject output)
    {
        lock (_lock)
        {
            ClearIfAsked();
            EndStream();
            _outputs.Add(output);
        }
    }

    private void ClearIfAsked()
    {
        if (!_clearNext) return;
        _clearNext = false;
        _stream.Clear();
        _outputs.Clear();
    }

    private void EndStream()
    {
        if (_stream.Length == 0) return;
        string text = _stream.ToString();
        _stream.Clear();
        // As Jupyter does: text of one stream is one output.
        if (_outputs.LastOrDefault() is { } last && (string?)last[OutputJson.NameKey] == _streamName)
            last[OutputJson.TextKey] = Documents.NotebookCell.Lines(Documents.NotebookCell.Text(last[OutputJson.TextKey]) + text);
        else _outputs.Add(OutputJson.Stream(_streamName, text));
    }
}
