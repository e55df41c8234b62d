using System.Diagnostics;
using System.Globalization;

namespace FineTuneKit.Charts;

/// <summary>Shows a job's progress in a notebook: one bar for each stage, which moves.</summary>
public sealed class NotebookProgress : IRunProgress
{
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(200);

    private readonly Stopwatch _stage = new(), _sinceDrawn = new();
    private Action<object>? _update;
    private string _name = "";

    /// <inheritdoc/>
    public void Begin(string stage)
    {
        _name = stage;
        _stage.Restart();
        _sinceDrawn.Restart();
        _update = NotebookHost.Current?.Display(new ProgressLine(stage, 0, "", TimeSpan.Zero));
    }

    /// <inheritdoc/>
    public void Report(double fraction, string detail)
    {
        if (_sinceDrawn.Elapsed < Redraw) return;
        _sinceDrawn.Restart();
        _update?.Invoke(new ProgressLine(_name, Math.Clamp(fraction, 0, 1), detail, _stage.Elapsed));
    }

    /// <inheritdoc/>
    public void End(string result) => _update?.Invoke(new ProgressLine(_name, 1, result, _stage.Elapsed));
}

/// <summary>A stage of a job as a bar.</summary>
/// <param name="Stage">Its name.</param>
/// <param name="Fraction">The share done, 0 to 1.</param>
/// <param name="Detail">A few words.</param>
/// <param name="Elapsed">Time so far.</param>
[TypeFormatterSource(typeof(ProgressLineFormatters), PreferredMimeTypes = [NotebookFormatters.Html, NotebookFormatters.Text])]
public sealed record ProgressLine(string Stage, double Fraction, string Detail, TimeSpan Elapsed)
{
    private const int Cells = 24;

    /// <summary>The bar as HTML.</summary>
    public string ToHtml() => string.Create(CultureInfo.InvariantCulture,
        $"<div><progress value=\"{Fraction:0.###}\" max=\"1\" style=\"width:14em;vertical-align:middle\"></progress> {SvgCanvas.Escape(Words)}</div>");

    /// <summary>The bar as text.</summary>
    public string ToText()
    {
        int full = (int)Math.Round(Fraction * Cells);
        return new string('█', full) + new string('░', Cells - full) + " " + Words;
    }

    private string Words => string.Create(CultureInfo.InvariantCulture, $"{Stage} {Fraction:0%}, {Elapsed.TotalSeconds:0} s{(Detail.Length > 0 ? ": " + Detail : "")}");
}

/// <summary>The formatters of <see cref="ProgressLine"/>; see <see cref="TypeFormatterSourceAttribute"/>.</summary>
public sealed class ProgressLineFormatters
{
    /// <summary>HTML and text.</summary>
    public IEnumerable<object> CreateTypeFormatters() =>
    [
        new MimeFormatter(NotebookFormatters.Html, value => (value as ProgressLine)?.ToHtml()),
        new MimeFormatter(NotebookFormatters.Text, value => (value as ProgressLine)?.ToText()),
    ];
}
