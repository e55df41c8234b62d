using System.Text;

namespace FineTuneKit.Text.Templates;

/// <summary>What a template prints, or a part of it that is kept for later.</summary>
internal sealed class Output(TemplateBudget budget)
{
    private readonly StringBuilder _text = new();
    private int _counted;
    private int _codePoints;

    public void Write(string text)
    {
        budget.Text(text.Length);
        _text.Append(text);
    }

    /// <summary>The length so far in code points.</summary>
    public int CodePointCount()
    {
        if (_counted < _text.Length)
        {
            _codePoints += CodePoints.Length(_text.ToString(_counted, _text.Length - _counted));
            _counted = _text.Length;
        }
        return _codePoints;
    }

    public override string ToString() => _text.ToString();
}
