using System.Globalization;
using FineTuneKit.Training;

namespace FineTuneKit.Charts;

/// <summary>The charts of a training run from its steps: loss, learning rate, speed.</summary>
public static class TrainingCharts
{
    private const int MostPoints = 400, ValidationColor = 1, TrainingColor = 0, RateColor = 2, SpeedColor = 3;

    /// <summary>Training loss by step and validation loss where it was taken, with the lowest marked.</summary>
    /// <param name="steps">The steps, in order.</param>
    /// <param name="stoppedEarly">Marks the last step as the one that early stopping chose.</param>
    public static LineChart Loss(IReadOnlyList<StepMetrics> steps, bool stoppedEarly = false)
    {
        List<StepMetrics> validated = [.. steps.Where(s => s.ValidationLoss is not null)];
        var lines = new List<LineSeries> { Line(steps, "training", s => s.Loss, TrainingColor) };
        if (validated.Count > 0) lines.Add(new LineSeries("validation", [.. validated.Select(s => (double)s.Step)], [.. validated.Select(s => s.ValidationLoss!.Value)]) { Color = ValidationColor });
        var marks = new List<Mark>();
        if (validated.Count > 0 && validated.MinBy(s => s.ValidationLoss) is { } best)
            marks.Add(new Mark(best.Step, best.ValidationLoss!.Value, string.Create(CultureInfo.InvariantCulture, $"lowest: step {best.Step}"), ValidationColor));
        if (stoppedEarly && steps is [.., var last])
            marks.Add(new Mark(last.Step, last.ValidationLoss ?? last.Loss, string.Create(CultureInfo.InvariantCulture, $"stopped: step {last.Step}")));
        return new LineChart { Title = "Loss", X = new Axis("step"), Y = new Axis("loss", "nats per token"), Lines = lines, Marks = marks, Reading = "" };
    }

    /// <summary>The learning rate by step.</summary>
    public static LineChart Rate(IReadOnlyList<StepMetrics> steps) => new()
    {
        Title = "Learning rate",
        X = new Axis("step"),
        Y = new Axis("learning rate", "× 10⁻³") { Minimum = 0 },
        Lines = [Line(steps, "learning rate", s => s.LearningRate * 1e3, RateColor)],
        Reading = "",
    };

    /// <summary>Tokens a second by step.</summary>
    public static LineChart Speed(IReadOnlyList<StepMetrics> steps) => new()
    {
        Title = "Speed",
        X = new Axis("step"),
        Y = new Axis("tokens per second") { Minimum = 0 },
        Lines = [Line(steps, "tokens per second", s => s.TokensPerSecond, SpeedColor)],
        Reading = "",
    };

    // A front end draws anew each time: a long run is thinned to what a chart of this width can show.
    private static LineSeries Line(IReadOnlyList<StepMetrics> steps, string name, Func<StepMetrics, double> value, int color)
    {
        int stride = Math.Max(1, steps.Count / MostPoints);
        List<StepMetrics> shown = [.. steps.Where((_, i) => i % stride == 0 || i == steps.Count - 1)];
        return new LineSeries(name, [.. shown.Select(s => (double)s.Step)], [.. shown.Select(value)]) { Color = color };
    }
}
