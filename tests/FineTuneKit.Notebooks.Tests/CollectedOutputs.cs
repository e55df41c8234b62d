using System.Text;
using FineTuneKit.Notebooks.Display;

namespace FineTuneKit.Notebooks.Tests;

/// <summary>Collects what a cell gave, as a front end would show it.</summary>
internal sealed class CollectedOutputs : ICellOutputs
{
    private readonly StringBuilder _out = new(), _error = new();

    public string Out => _out.ToString();

    public string Error => _error.ToString();

    public List<MimeBundle> Displayed { get; } = [];

    public List<MimeBundle> Updates { get; } = [];

    public MimeBundle? Value { get; private set; }

    public void Stream(string name, string text)
    {
        lock (_out) (name == "stdout" ? _out : _error).Append(text);
    }

    public void Display(MimeBundle bundle, string displayId) => Displayed.Add(bundle);

    public void Update(MimeBundle bundle, string displayId) => Updates.Add(bundle);

    public void Result(MimeBundle bundle) => Value = bundle;

    public void Clear(bool wait) => _out.Clear();
}
