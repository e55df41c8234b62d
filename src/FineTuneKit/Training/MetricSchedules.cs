namespace FineTuneKit.Training;

/// <summary>What plateau and greedy share: a rate for each group, the best metric so far, and what counts as better.</summary>
internal abstract class MetricSchedule : LearningRateSchedule
{
    private readonly bool _higher, _relative;
    private readonly double _threshold;

    protected MetricSchedule(ScheduleOptions options, double[] rates, double factor, double threshold, bool relative)
    {
        if (factor >= 1) throw new InputException($"{options.Name}: the factor is {factor}; it must be below 1");
        (Options, Rates, Factor) = (options, [.. rates], factor);
        (_threshold, _relative, _higher) = (threshold, relative, options.HigherIsBetter);
        Best = Worst;
    }

    protected ScheduleOptions Options { get; }

    protected double[] Rates { get; }

    protected double Factor { get; }

    protected double Best { get; set; }

    protected double Worst => _higher ? double.NegativeInfinity : double.PositiveInfinity;

    protected int Bad { get; set; }

    protected int Wait { get; set; }

    public override double Rate(long step, int group = 0) => Rates[group];

    protected bool IsBetter(double metric)
    {
        double sign = _higher ? 1 : -1;
        double bar = _relative ? Best * (1 + sign * _threshold) : Best + sign * _threshold;
        return _higher ? metric > bar : metric < bar;
    }

    protected void LowerRates(double floor)
    {
        for (int i = 0; i < Rates.Length; i++)
        {
            // A rate that starts below the floor stays where it is.
            double rate = Math.Max(Rates[i] * Factor, floor);
            if (Rates[i] - rate > Options.SmallestChange) Rates[i] = rate;
        }
    }
}

/// <summary>Lowers the rate when the metric stops improving, as torch's ReduceLROnPlateau.</summary>
internal sealed class PlateauSchedule(ScheduleOptions options, double[] rates)
    : MetricSchedule(options, rates, options.Factor ?? 0.1, options.Threshold ?? 1e-4, options.ThresholdIsRelative ?? true)
{
    public override double[] State
    {
        get => [Best, Bad, Wait, .. Rates];
        set
        {
            (Best, Bad, Wait) = (value[0], (int)value[1], (int)value[2]);
            value.AsSpan(3).CopyTo(Rates);
        }
    }

    public override void Observe(double metric)
    {
        if (IsBetter(metric)) (Best, Bad) = (metric, 0);
        else Bad++;
        if (Wait > 0) (Wait, Bad) = (Wait - 1, 0);
        if (Bad <= Options.Patience) return;
        LowerRates(Options.MinimumRate ?? 0);
        (Wait, Bad) = (Options.Cooldown, 0);
    }
}

/// <summary>Raises the rate while the metric improves and lowers it when it does not (GreedyLR, arXiv 2512.14527).</summary>
internal sealed class GreedySchedule : MetricSchedule
{
    private readonly double[] _first;
    private readonly List<double> _window = [];
    private double _sum;
    private int _good, _raiseWait, _resetIn;

    public GreedySchedule(ScheduleOptions options, double[] rates)
        : base(options, rates, options.Factor ?? 0.95, options.Threshold ?? 1e-6, options.ThresholdIsRelative ?? false)
    {
        _first = [.. rates];
        _resetIn = options.ResetAfter;
    }

    private double Minimum => Options.MinimumRate ?? 1e-3;

    public override double[] State
    {
        get => [Best, Bad, Wait, _good, _raiseWait, _resetIn, _sum, .. Rates, .. _window];
        set
        {
            (Best, Bad, Wait) = (value[0], (int)value[1], (int)value[2]);
            (_good, _raiseWait, _resetIn, _sum) = ((int)value[3], (int)value[4], (int)value[5], value[6]);
            value.AsSpan(7, Rates.Length).CopyTo(Rates);
            _window.Clear();
            _window.AddRange(value[(7 + Rates.Length)..]);
        }
    }

    public override void Observe(double metric)
    {
        double current = Options.AverageWindow is { } size ? Average(metric, size) : metric;
        if (Wait > 0 || _raiseWait > 0)
        {
            if (Wait > 0) Wait--;
            else _raiseWait--;
            (Bad, _good) = (0, 0);
            return;
        }
        if (IsBetter(current)) (Best, Bad, _good) = (current, 0, _good + 1);
        else (Bad, _good) = (Bad + 1, 0);
        if (_good > Options.Patience) Raise();
        else if (Bad > Options.Patience) Lower();
    }

    private void Raise()
    {
        for (int i = 0; i < Rates.Length; i++)
        {
            double rate = Math.Min(Rates[i] / Factor, Options.MaximumRate);
            if (rate - Rates[i] > Options.SmallestChange) Rates[i] = rate;
        }
        (_raiseWait, _good, _resetIn) = (Options.IncreaseCooldown, 0, Options.ResetAfter);
    }

    private void Lower()
    {
        LowerRates(Minimum);
        if (Rates.All(rate => rate <= Minimum) && --_resetIn <= 0) StartAnew();
        (Wait, Bad) = (Options.Cooldown, 0);
    }

    private void StartAnew()
    {
        _first.CopyTo(Rates, 0);
        (Best, _good, _raiseWait, _resetIn, _sum) = (Worst, 0, 0, Options.ResetAfter, 0);
        _window.Clear();
    }

    private double Average(double metric, int size)
    {
        _window.Add(metric);
        _sum += metric;
        if (_window.Count > size)
        {
            _sum -= _window[0];
            _window.RemoveAt(0);
        }
        return _sum / _window.Count;
    }
}
