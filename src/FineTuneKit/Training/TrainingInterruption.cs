namespace FineTuneKit.Training;

/// <summary>What ends a run before its time: the caller's token; where there is none, the interruption of the notebook's cell.</summary>
internal sealed class TrainingInterruption : IDisposable
{
    private readonly bool _ofCell;
    private readonly IDisposable? _listening;

    public TrainingInterruption(CancellationToken given)
    {
        NotebookHost? host = NotebookHost.Current;
        _ofCell = !given.CanBeCanceled && host is not null;
        Token = _ofCell ? host!.Interrupted : given;
        // The host waits with force until the checkpoint is written.
        _listening = host is not null && (_ofCell || given == host.Interrupted) ? NotebookHost.Listen() : null;
    }

    /// <summary>Ends the run after the step in hand.</summary>
    public CancellationToken Token { get; }

    /// <summary>The result; where the cell was interrupted, nobody waits for it, and the exception says how to go on.</summary>
    public TrainingResult Told(TrainingResult result, string? folder)
    {
        if (!_ofCell || result.Reason != StopReason.Interrupted) return result;
        string saved = folder is null ? "Without a folder there is no checkpoint" : $"The checkpoint is in {folder}; with Resume = true the run goes on from there";
        throw new OperationCanceledException($"Training stopped after step {result.Steps} of {result.PlannedSteps}. {saved}", Token);
    }

    public void Dispose() => _listening?.Dispose();
}
