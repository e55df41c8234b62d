using System.Globalization;

namespace FineTuneKit.Notebooks.Display;

/// <summary>
/// Passes a cell's outputs on up to a limit of characters, then says what it leaves out: a loop that prints 100 MB must
/// not make a notebook that no front end opens.
/// </summary>
internal sealed class LimitedOutputs(ICellOutputs inner, long limit) : ICellOutputs
{
    private readonly Lock _lock = new();
    private long _used, _left;

    /// <summary>The default limit of a cell, in characters.</summary>
    public const long DefaultLimit = 1_000_000;

    public void Stream(string name, string text)
    {
        lock (_lock)
        {
            long room = Math.Max(0, limit - _used);
            _used += text.Length;
            if (text.Length > room) _left += text.Length - room;
            if (room > 0) inner.Stream(name, text.Length <= room ? text : text[..(int)room]);
        }
    }

    public void Display(MimeBundle bundle, string displayId)
    {
        lock (_lock) inner.Display(Fitting(bundle), displayId);
    }

    // An update takes the place of what was there, so it may be as large as the limit each time.
    public void Update(MimeBundle bundle, string displayId)
    {
        lock (_lock) inner.Update(bundle.Length <= limit ? bundle : TooLarge(bundle), displayId);
    }

    public void Result(MimeBundle bundle)
    {
        lock (_lock) inner.Result(Fitting(bundle));
    }

    public void Clear(bool wait)
    {
        lock (_lock)
        {
            _used = 0;
            inner.Clear(wait);
        }
    }

    /// <summary>Says what was left out, at the end of the cell.</summary>
    public void Close()
    {
        lock (_lock)
        {
            if (_left > 0) inner.Stream("stderr", string.Create(CultureInfo.InvariantCulture, $"\n[output cut: a cell keeps {limit:N0} characters; {_left:N0} more were written and left out]\n"));
            _left = 0;
        }
    }

    private MimeBundle Fitting(MimeBundle bundle)
    {
        if (_used + bundle.Length > limit && bundle.Length > 0) return TooLarge(bundle);
        _used += bundle.Length;
        return bundle;
    }

    private MimeBundle TooLarge(MimeBundle bundle) => new(MimeBundle.Text, string.Create(CultureInfo.InvariantCulture,
        $"[left out: {bundle.Length:N0} characters of {string.Join(", ", bundle.Entries.Select(e => e.Key))}; a cell keeps {limit:N0}]"));
}
