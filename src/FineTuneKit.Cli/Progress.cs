using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace FineTuneKit.Cli;

/// <summary>
/// Shows a job on standard error: on a terminal one line that is redrawn, with share, elapsed and remaining time;
/// elsewhere one line at the end of each stage and one a minute in between. Standard output stays the result's.
/// </summary>
internal sealed class Progress : IRunProgress
{
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PlainInterval = TimeSpan.FromMinutes(1);

    private readonly IAnsiConsole _console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
    private readonly bool _live = !Console.IsErrorRedirected;
    private readonly Stopwatch _stage = new();
    private TimeSpan _lastDrawn;
    private string _name = "";

    public void Begin(string stage)
    {
        _name = stage;
        _stage.Restart();
        _lastDrawn = TimeSpan.Zero;
        if (_live) Draw(0, "");
        else Console.Error.WriteLine($"{stage} ...");
    }

    public void Report(double fraction, string detail)
    {
        TimeSpan elapsed = _stage.Elapsed;
        if (elapsed - _lastDrawn < (_live ? Redraw : PlainInterval)) return;
        _lastDrawn = elapsed;
        if (_live) Draw(fraction, detail);
        else Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {fraction,4:0%} {Clock(elapsed)} {detail}"));
    }

    public void End(string result)
    {
        if (_live) Console.Error.Write("\r\u001b[2K");
        string line = $"{Clock(_stage.Elapsed)}  {_name}{(result.Length > 0 ? ": " + result : "")}";
        if (_live) _console.MarkupLine($"[green]done[/] {Markup.Escape(line)}");
        else Console.Error.WriteLine($"done {line}");
    }

    private void Draw(double fraction, string detail)
    {
        const int Cells = 24;
        fraction = Math.Clamp(fraction, 0, 1);
        int full = (int)Math.Round(fraction * Cells);
        string remaining = fraction > 0.02 ? $", {Clock(_stage.Elapsed * ((1 - fraction) / fraction))} left" : "";
        string line = string.Create(CultureInfo.InvariantCulture,
            $"{_name} {new string('█', full)}{new string('░', Cells - full)} {fraction:0%} {Clock(_stage.Elapsed)}{remaining}  {detail}");
        int width = Math.Max(20, _console.Profile.Width - 1);
        Console.Error.Write("\r\u001b[2K" + (line.Length > width ? line[..width] : line));
    }

    internal static string Clock(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes}:{time.Seconds:00}");
}
