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
        Panels = [TrainingCharts.Loss(_steps, result?.Reason == StopReason.EarlyStopped), TrainingCharts.Rate(_steps), TrainingCharts.Speed(_steps)],
        Reading = Reading(result),
    };

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
