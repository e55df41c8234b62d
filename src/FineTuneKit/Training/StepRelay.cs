using System.Globalization;

namespace FineTuneKit.Training;

/// <summary>Passes each optimizer step on to a job's progress: the share done, the losses, the rate.</summary>
public sealed class StepRelay(IRunProgress progress) : IProgress<TrainingProgress>
{
    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        StepMetrics m = value.Metrics;
        string validation = m.ValidationLoss is { } loss ? string.Create(CultureInfo.InvariantCulture, $", validation {loss:0.000}") : "";
        progress.Report((double)m.Step / value.TotalSteps, string.Create(CultureInfo.InvariantCulture,
            $"step {m.Step}, loss {m.Loss:0.000}{validation}, {m.TokensPerSecond / 1000:0.0}k tokens/s"));
    }
}
