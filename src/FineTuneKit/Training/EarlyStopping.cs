namespace FineTuneKit.Training;

/// <summary>How <see cref="EarlyStopping"/> compares a metric with what came before.</summary>
public enum StoppingRule
{
    /// <summary>
    /// The kit's: patience starts anew when the metric beats, by more than the minimum delta, the value at which it last
    /// started anew. Many small gains add up, as in Keras; the best is the best, however small its lead.
    /// </summary>
    Cumulative,

    /// <summary>
    /// transformers' EarlyStoppingCallback: compared with the best so far, which moves at every gain, so that steady gains
    /// below the delta stop the run at its best step; patience 0 stops at once.
    /// </summary>
    Transformers,
}

/// <summary>What one evaluation meant.</summary>
/// <param name="IsBest">The metric is the best so far: these weights are worth keeping.</param>
/// <param name="Stop">The run should stop.</param>
public readonly record struct StoppingDecision(bool IsBest, bool Stop);

/// <summary>Stops a run whose validation metric has ceased to improve, and says which step was the best.</summary>
public sealed class EarlyStopping
{
    private readonly int? _patience;
    private readonly double _minimumDelta;
    private readonly bool _higherIsBetter;
    private readonly StoppingRule _rule;
    private double _reference = double.NaN;

    /// <summary>Makes a rule that has seen nothing yet.</summary>
    /// <param name="patience">Evaluations in a row without improvement that stop the run, 1 or more; null never stops and only finds the best.</param>
    /// <param name="minimumDelta">The least gain that counts as an improvement, in the metric's unit; 0 or more.</param>
    /// <param name="higherIsBetter">True for an accuracy, false for a loss.</param>
    /// <param name="rule">What the metric is compared with.</param>
    /// <exception cref="InputException">Patience or delta out of range.</exception>
    public EarlyStopping(int? patience, double minimumDelta = 0, bool higherIsBetter = false, StoppingRule rule = StoppingRule.Cumulative)
    {
        int least = rule == StoppingRule.Transformers ? 0 : 1;
        if (patience < least) throw new InputException($"patience is {patience}; it must be {least} or more");
        if (minimumDelta is not >= 0) throw new InputException($"the minimum delta is {minimumDelta}; it must be 0 or more");
        (_patience, _minimumDelta, _higherIsBetter, _rule) = (patience, minimumDelta, higherIsBetter, rule);
    }

    /// <summary>Evaluations since the last improvement.</summary>
    public int Counter { get; private set; }

    /// <summary>The step of the best evaluation; null before one.</summary>
    public long? BestStep { get; private set; }

    /// <summary>The best metric; null before the first evaluation.</summary>
    public double? BestMetric { get; private set; }

    /// <summary>What a checkpoint has to keep: the counter, the best step (-1 for none), the best metric and the reference (NaN for none).</summary>
    public double[] State
    {
        get => [Counter, BestStep ?? -1, BestMetric ?? double.NaN, _reference];
        set
        {
            if (value.Length != 4) throw new InputException($"the state of early stopping has {value.Length} numbers; 4 are required");
            Counter = (int)value[0];
            BestStep = value[1] < 0 ? null : (long)value[1];
            BestMetric = double.IsNaN(value[2]) ? null : value[2];
            _reference = value[3];
        }
    }

    /// <summary>Whether a higher value of the metric is better, by its name: not for losses and error measures.</summary>
    public static bool HigherIsBetter(string metric) =>
        !(metric.EndsWith("loss", StringComparison.Ordinal) || metric.EndsWith("perplexity", StringComparison.Ordinal)
          || metric.EndsWith("error", StringComparison.Ordinal) || metric.EndsWith("error_rate", StringComparison.Ordinal));

    /// <summary>The same question as transformers answers it: higher is better unless the name ends in "loss", even for perplexity.</summary>
    public static bool HigherIsBetterInTransformers(string metric) => !metric.EndsWith("loss", StringComparison.Ordinal);

    /// <summary>Takes in the metric of an evaluation. A NaN improves nothing.</summary>
    public StoppingDecision Observe(double metric, long step)
    {
        bool isBest = _rule == StoppingRule.Transformers ? ObserveAsTransformers(metric) : ObserveCumulative(metric);
        if (isBest) (BestMetric, BestStep) = (metric, step);
        return new StoppingDecision(isBest, Counter >= _patience);
    }

    private bool ObserveCumulative(double metric)
    {
        bool improved = !double.IsNaN(metric) && (double.IsNaN(_reference) || Gain(metric, _reference) > _minimumDelta);
        if (improved) _reference = metric;
        Counter = improved ? 0 : Counter + 1;
        return !double.IsNaN(metric) && (BestMetric is not { } best || Gain(metric, best) > 0);
    }

    private bool ObserveAsTransformers(double metric)
    {
        bool improved = BestMetric is not { } known || Gain(metric, known) > _minimumDelta;
        Counter = improved ? 0 : Counter + 1;
        BestMetric ??= _higherIsBetter ? double.NegativeInfinity : double.PositiveInfinity;
        return Gain(metric, BestMetric.Value) > 0;
    }

    private double Gain(double metric, double than) => _higherIsBetter ? metric - than : than - metric;
}
