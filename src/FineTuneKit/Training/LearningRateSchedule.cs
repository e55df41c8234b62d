namespace FineTuneKit.Training;

/// <summary>
/// The learning rate of each step and parameter group. Most schedules are pure functions of the step; plateau and greedy
/// also listen to the validation metric. Checked against transformers' schedules and torch's ReduceLROnPlateau.
/// </summary>
public abstract class LearningRateSchedule
{
    /// <summary>The rate while step <paramref name="step"/> runs (0 is the first), for a parameter group.</summary>
    public abstract double Rate(long step, int group = 0);

    /// <summary>Tells the schedule a validation metric; schedules of the step alone do not listen.</summary>
    public virtual void Observe(double metric)
    {
    }

    /// <summary>What a checkpoint has to keep; empty for schedules of the step alone.</summary>
    public virtual double[] State
    {
        get => [];
        set
        {
            if (value.Length != 0) throw new InputException($"the checkpoint's schedule state has {value.Length} numbers; this schedule has none");
        }
    }

    /// <summary>Warm-up as transformers' TrainingArguments read it: below 1 a share of all steps, rounded up; else steps.</summary>
    public static long WarmupSteps(double warmup, long totalSteps) =>
        warmup < 1 ? (long)Math.Ceiling(totalSteps * warmup) : (long)warmup;

    /// <summary>Makes the schedule that the options name.</summary>
    /// <param name="options">Name and parameters.</param>
    /// <param name="rate">The optimizer's rate, with which absolute floors are compared; above 0.</param>
    /// <param name="groupRates">The full rate of each parameter group; null for a single group at <paramref name="rate"/>.</param>
    /// <exception cref="InputException">An unknown name, or a parameter that is missing or out of range.</exception>
    public static LearningRateSchedule Create(ScheduleOptions options, double rate, IReadOnlyList<double>? groupRates = null)
    {
        double[] rates = groupRates is null ? [rate] : [.. groupRates];
        return options.Name switch
        {
            "reduce_lr_on_plateau" => new PlateauSchedule(options, rates),
            "greedy" => new GreedySchedule(options, rates),
            _ => new StepSchedule(FactorOf(options, rate), rates),
        };
    }

    private static Func<double, double> FactorOf(ScheduleOptions options, double rate)
    {
        double warmup = options.WarmupSteps ?? 0;
        return options.Name switch
        {
            "constant" => _ => 1,
            "constant_with_warmup" => AfterWarmup(Required(options.WarmupSteps, options), _ => 1),
            "inverse_sqrt" => InverseSquareRoot(options),
            "warmup_stable_decay" => WarmupStableDecay(options),
            "linear" => AfterWarmup(warmup, Linear(options)),
            "cosine" => AfterWarmup(warmup, Cosine(options, floor: 0)),
            "cosine_with_restarts" => AfterWarmup(warmup, CosineWithRestarts(options)),
            "polynomial" => AfterWarmup(warmup, Polynomial(options, rate)),
            "cosine_with_min_lr" => AfterWarmup(warmup, Cosine(options, Floor(options, rate))),
            "cosine_warmup_with_min_lr" => CosineFromFirstStep(options, Floor(options, rate)),
            _ => throw new InputException($"schedule \"{options.Name}\" is unknown; known are linear, cosine, cosine_with_restarts, polynomial, constant, constant_with_warmup, inverse_sqrt, cosine_with_min_lr, cosine_warmup_with_min_lr, warmup_stable_decay, reduce_lr_on_plateau, greedy"),
        };
    }

    private static Func<double, double> AfterWarmup(double warmup, Func<double, double> then) =>
        step => step < warmup ? step / Math.Max(1, warmup) : then(step);

    private static Func<double, double> Linear(ScheduleOptions options)
    {
        (double warmup, double total) = Span(options);
        return step => Math.Max(0, (total - step) / Math.Max(1, total - warmup));
    }

    private static Func<double, double> Cosine(ScheduleOptions options, double floor)
    {
        (double warmup, double total) = Span(options);
        double cycles = options.Cycles ?? 0.5;
        return step => Math.Max(0, Wave(cycles, (step - warmup) / Math.Max(1, total - warmup)) * (1 - floor) + floor);
    }

    private static Func<double, double> CosineWithRestarts(ScheduleOptions options)
    {
        (double warmup, double total) = Span(options);
        double cycles = options.Cycles ?? 1;
        return step =>
        {
            double progress = (step - warmup) / Math.Max(1, total - warmup);
            return progress >= 1 ? 0 : Math.Max(0, Wave(0.5, cycles * progress % 1));
        };
    }

    private static Func<double, double> Polynomial(ScheduleOptions options, double rate)
    {
        (double warmup, double total) = Span(options);
        double end = options.FinalRate;
        if (end >= rate) throw new InputException($"polynomial: the last rate is {end}; it must be below the first, {rate}");
        if (total == warmup) throw new InputException($"polynomial: {total} steps with {warmup} of warm-up leave none to decay over");
        return step => step > total
            ? end / rate
            : ((rate - end) * Math.Pow(1 - (step - warmup) / (total - warmup), options.Power) + end) / rate;
    }

    private static Func<double, double> InverseSquareRoot(ScheduleOptions options)
    {
        double warmup = Required(options.WarmupSteps, options);
        double scale = options.TimeScale ?? (warmup > 0 ? warmup : 10_000);
        return AfterWarmup(warmup, step => 1 / Math.Sqrt((step + scale - warmup) / scale));
    }

    private static Func<double, double> CosineFromFirstStep(ScheduleOptions options, double floor)
    {
        (double warmup, double total) = Span(options);
        double cycles = options.Cycles ?? 0.5;
        return step =>
        {
            if (step >= warmup)
                return Math.Max(0, Wave(cycles, (step - warmup + 1) / Math.Max(1, total - warmup)) * (1 - floor) + floor);
            return options.WarmupStartShare is { } start
                ? start + (1 - start) * step / Math.Max(1, warmup - 1)
                : (step + 1) / Math.Max(1, warmup);
        };
    }

    private static Func<double, double> WarmupStableDecay(ScheduleOptions options)
    {
        double warmup = Required(options.WarmupSteps, options);
        double decay = options.DecaySteps;
        double stable = options.StableSteps ?? Required(options.TotalSteps, options) - warmup - decay;
        double floor = options.MinimumShare ?? 0;
        double cycles = options.Cycles ?? 0.5;
        Func<double, double> rise = options.WarmupShape switch
        {
            "linear" => p => p,
            "cosine" => p => 0.5 * (1 - Math.Cos(Math.PI * p)),
            "1-sqrt" => p => 1 - Math.Sqrt(1 - p),
            _ => throw new InputException($"warm-up shape \"{options.WarmupShape}\" is unknown; known are linear, cosine, 1-sqrt"),
        };
        Func<double, double> fall = options.DecayShape switch
        {
            "linear" => p => 1 - p,
            "cosine" => p => Wave(cycles, p),
            "1-sqrt" => p => 1 - Math.Sqrt(p),
            _ => throw new InputException($"decay shape \"{options.DecayShape}\" is unknown; known are linear, cosine, 1-sqrt"),
        };
        return step =>
        {
            if (step < warmup) return Math.Max(0, rise(step / Math.Max(1, warmup)) * (1 - floor) + floor);
            if (step < warmup + stable) return 1;
            if (step >= warmup + stable + decay) return floor;
            return Math.Max(0, fall((step - warmup - stable) / Math.Max(1, decay)) * (1 - floor) + floor);
        };
    }

    // 1 at progress 0; with half a cycle 0 at progress 1, after which it rises again.
    private static double Wave(double cycles, double progress) => 0.5 * (1 + Math.Cos(Math.PI * cycles * 2 * progress));

    private static double Floor(ScheduleOptions options, double rate) => (options.MinimumRate, options.MinimumShare) switch
    {
        ({ } minimum, null) => minimum / rate,
        (null, { } share) => share,
        _ => throw new InputException($"{options.Name}: give either the minimum rate or the minimum share"),
    };

    private static (double Warmup, double Total) Span(ScheduleOptions options) =>
        (Required(options.WarmupSteps, options), Required(options.TotalSteps, options));

    private static double Required(long? steps, ScheduleOptions options) =>
        steps ?? throw new InputException($"{options.Name}: the schedule needs the number of warm-up steps and of all steps");

    private sealed class StepSchedule(Func<double, double> factor, double[] rates) : LearningRateSchedule
    {
        public override double Rate(long step, int group = 0) => rates[group] * factor(step);
    }
}
