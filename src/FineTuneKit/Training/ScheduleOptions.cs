namespace FineTuneKit.Training;

/// <summary>
/// How the learning rate moves over the steps. Names and defaults are those of transformers' <c>get_scheduler</c>;
/// a field that the named schedule does not use is ignored.
/// </summary>
public sealed record ScheduleOptions
{
    /// <summary>
    /// Default <c>cosine</c>. One of <c>linear, cosine, cosine_with_restarts, polynomial, constant, constant_with_warmup,
    /// inverse_sqrt, cosine_with_min_lr, cosine_warmup_with_min_lr, warmup_stable_decay, reduce_lr_on_plateau, greedy</c>.
    /// </summary>
    public string Name { get; init; } = "cosine";

    /// <summary>Steps until the full rate; null where the schedule needs none. 0 or more.</summary>
    public long? WarmupSteps { get; init; }

    /// <summary>Optimizer steps of the whole run; null where the schedule needs none. 1 or more.</summary>
    public long? TotalSteps { get; init; }

    /// <summary>Waves of a cosine: null means half a wave, or one wave with restarts. Above 0.</summary>
    public double? Cycles { get; init; }

    /// <summary>polynomial: the exponent. Default 1. Above 0.</summary>
    public double Power { get; init; } = 1;

    /// <summary>polynomial: the last rate. Default 1e-7. Below the first rate.</summary>
    public double FinalRate { get; init; } = 1e-7;

    /// <summary>inverse_sqrt: steps by which the root is stretched; null means the warm-up, or 10,000 without one.</summary>
    public double? TimeScale { get; init; }

    /// <summary>The floor as a rate: cosine with a minimum, plateau (default 0), greedy (default 1e-3).</summary>
    public double? MinimumRate { get; init; }

    /// <summary>The floor as a share of the first rate, 0 to 1: cosine with a minimum (this or <see cref="MinimumRate"/>).</summary>
    public double? MinimumShare { get; init; }

    /// <summary>cosine_warmup_with_min_lr: the share at which warm-up starts; null means 1 / warm-up steps.</summary>
    public double? WarmupStartShare { get; init; }

    /// <summary>warmup_stable_decay: steps of the last phase. 0 or more.</summary>
    public long DecaySteps { get; init; }

    /// <summary>warmup_stable_decay: steps at the full rate; null means what warm-up and decay leave of the total.</summary>
    public long? StableSteps { get; init; }

    /// <summary>warmup_stable_decay: the form of the warm-up: <c>linear</c> (default), <c>cosine</c> or <c>1-sqrt</c>.</summary>
    public string WarmupShape { get; init; } = "linear";

    /// <summary>warmup_stable_decay: the form of the decay: <c>cosine</c> (default), <c>linear</c> or <c>1-sqrt</c>.</summary>
    public string DecayShape { get; init; } = "cosine";

    /// <summary>plateau, greedy: the factor of one change, between 0 and 1. Default 0.1 (plateau), 0.95 (greedy).</summary>
    public double? Factor { get; init; }

    /// <summary>plateau, greedy: observations in a row beyond which the rate moves. Default 10.</summary>
    public int Patience { get; init; } = 10;

    /// <summary>plateau, greedy: what counts as a change of the metric. Default 1e-4 (plateau), 1e-6 (greedy).</summary>
    public double? Threshold { get; init; }

    /// <summary>plateau, greedy: whether the threshold is a share of the best value (default for plateau) or absolute (greedy).</summary>
    public bool? ThresholdIsRelative { get; init; }

    /// <summary>plateau, greedy: observations to sit out after a decrease. Default 0.</summary>
    public int Cooldown { get; init; }

    /// <summary>plateau, greedy: true where a higher metric is better. Default false.</summary>
    public bool HigherIsBetter { get; init; }

    /// <summary>plateau, greedy: a change of the rate of at most this is not made. Default 1e-8.</summary>
    public double SmallestChange { get; init; } = 1e-8;

    /// <summary>greedy: observations to sit out after an increase. Default 0.</summary>
    public int IncreaseCooldown { get; init; }

    /// <summary>greedy: the ceiling of the rate. Default 1.</summary>
    public double MaximumRate { get; init; } = 1;

    /// <summary>greedy: observations averaged before they are judged; null means none.</summary>
    public int? AverageWindow { get; init; }

    /// <summary>greedy: decreases asked for at the floor before everything starts anew. Default 500.</summary>
    public int ResetAfter { get; init; } = 500;
}
