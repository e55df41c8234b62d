using System.Diagnostics;
using System.Globalization;
using FineTuneKit.Training;

namespace FineTuneKit.Charts;

/// <summary>
/// Charts of a training run that move while it runs, in the notebook cell that runs it: loss and validation loss, learning
/// rate, speed, and the step at which it stopped. Outside a notebook it only collects.
/// </summary>
/// <param name="title">The title.</param>
public sealed class LiveTraining(string title = "Training") : IProgress<TrainingProgress>
{
    private const int MostPoints = 400, ValidationColor = 1, TrainingColor = 0, RateColor = 2, SpeedColor = 3;

    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(500);

    private readonly List<StepMetrics> _steps = [];
    private readonly Stopwatch _sinceDrawn = new();
    private Action<object>? _update;
    private long _total;
    private TimeSpan _remaining;

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        _steps.Add(value.Metrics);
        (_total, _remaining) = (value.TotalSteps, value.Remaining);
        if (_sinceDrawn.IsRunning && _sinceDrawn.Elapsed < Redraw && value.Metrics.Step < value.TotalSteps) return;
        Show(Chart());
    }

    /// <summary>Draws the run to its end, with the step whose weights were kept and the reason why it ended.</summary>
    public void Finish(TrainingResult result)
    {
        _steps.Clear();
        _steps.AddRange(result.History);
        Show(Chart(result));
    }

    /// <summary>The charts of the steps so far.</summary>
    /// <param name="result">How the run ended; null while it runs.</param>
    public SmallMultiples Chart(TrainingResult? result = null) => new()
    {
        Title = title,
        Panels = [Loss(result), Rate(), Speed()],
        Reading = Reading(result),
    };

    private LineChart Loss(TrainingResult? result)
    {
        List<StepMetrics> validated = [.. _steps.Where(s => s.ValidationLoss is not null)];
        var lines = new List<LineSeries> { Line("training", s => s.Loss, TrainingColor) };
        if (validated.Count > 0) lines.Add(new LineSeries("validation", [.. validated.Select(s => (double)s.Step)], [.. validated.Select(s => s.ValidationLoss!.Value)]) { Color = ValidationColor });
        var marks = new List<Mark>();
        if (validated.Count > 0 && validated.MinBy(s => s.ValidationLoss) is { } best)
            marks.Add(new Mark(best.Step, best.ValidationLoss!.Value, string.Create(CultureInfo.InvariantCulture, $"lowest: step {best.Step}"), ValidationColor));
        if (result is { Reason: StopReason.EarlyStopped, History: [.., var last] })
            marks.Add(new Mark(last.Step, last.ValidationLoss ?? last.Loss, string.Create(CultureInfo.InvariantCulture, $"stopped: step {last.Step}")));
        return new LineChart { Title = "Loss", X = new Axis("step"), Y = new Axis("loss", "nats per token"), Lines = lines, Marks = marks, Reading = "" };
    }

    private LineChart Rate() => new() { Title = "Learning rate", X = new Axis("step"), Y = new Axis("learning rate", "× 10⁻³") { Minimum = 0 }, Lines = [Line("learning rate", s => s.LearningRate * 1e3, RateColor)], Reading = "" };

    private LineChart Speed() => new() { Title = "Speed", X = new Axis("step"), Y = new Axis("tokens per second") { Minimum = 0 }, Lines = [Line("tokens per second", s => s.TokensPerSecond, SpeedColor)], Reading = "" };

    // A front end draws anew each time: a long run is thinned to what a chart of this width can show.
    private LineSeries Line(string name, Func<StepMetrics, double> value, int color)
    {
        int stride = Math.Max(1, _steps.Count / MostPoints);
        List<StepMetrics> shown = [.. _steps.Where((_, i) => i % stride == 0 || i == _steps.Count - 1)];
        return new LineSeries(name, [.. shown.Select(s => (double)s.Step)], [.. shown.Select(value)]) { Color = color };
    }

    private string Reading(TrainingResult? result)
    {
        if (_steps.Count == 0) return "No step yet.";
        StepMetrics last = _steps[^1];
        if (result is null)
            return string.Create(CultureInfo.InvariantCulture, $"Step {last.Step} of {_total}, loss {last.Loss:0.000}, {_remaining.TotalSeconds:0} s left.");
        string kept = result.BestStep is { } best ? string.Create(CultureInfo.InvariantCulture, $" The lowest validation loss, {result.BestValidationLoss:0.000}, is that of step {best}.") : "";
        string reason = result.Reason switch { StopReason.EarlyStopped => "stopped early", StopReason.Interrupted => "was interrupted", _ => "finished" };
        return string.Create(CultureInfo.InvariantCulture, $"The run {reason} after {result.Steps} of {result.PlannedSteps} steps, in {result.Elapsed.TotalSeconds:0} s.{kept}");
    }

    private void Show(SmallMultiples chart)
    {
        _sinceDrawn.Restart();
        if (_update is not null) _update(chart);
        else _update = NotebookHost.Current?.Display(chart);
    }
}
