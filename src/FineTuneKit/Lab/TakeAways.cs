using System.Globalization;
using FineTuneKit.Evaluation;
using FineTuneKit.Records;

namespace FineTuneKit.Lab;

/// <summary>The three sentences that a learner should take away, computed from the results, whatever they are.</summary>
internal static class TakeAways
{
    /// <summary>From this share of right tickets on the task counts as learned.</summary>
    private const double Mastered = 0.8;

    public static IReadOnlyList<string> Of(
        IReadOnlyList<UntunedOutcome> untuned, IReadOnlyList<RunOutcome> runs, IReadOnlyList<SkillResult> baseSkills, IReadOnlyList<Comparison> comparisons) =>
        [Learned(untuned, runs), Forgotten(runs, baseSkills), Difference(comparisons)];

    private static string Learned(IReadOnlyList<UntunedOutcome> untuned, IReadOnlyList<RunOutcome> runs)
    {
        double before = untuned[0].Tickets.AllFields.Value, shown = untuned[^1].Tickets.AllFields.Value;
        double lora = Mean(runs, TuningMethod.Lora, r => r.Tickets.AllFields.Value), full = Mean(runs, TuningMethod.Full, r => r.Tickets.AllFields.Value);
        double best = Math.Max(lora, full);
        // Beyond chance: outside the interval that the untuned base's share has.
        string verb = best <= untuned[0].Tickets.AllFields.High ? "did not teach it the task" : best < Mastered ? "taught it part of the task" : "taught it the task";
        return Text($"Learned: fine-tuning {verb}: untuned {before:0%} of tickets were right, with {untuned[^1].Examples} examples in the prompt {shown:0%}, after LoRA {lora:0%}, after full training {full:0%}.");
    }

    private static string Forgotten(IReadOnlyList<RunOutcome> runs, IReadOnlyList<SkillResult> baseSkills)
    {
        double before = LabStatistics.GeneralShare(baseSkills);
        double lora = Mean(runs, TuningMethod.Lora, r => r.General), full = Mean(runs, TuningMethod.Full, r => r.General);
        return Text($"Forgotten: of general questions the base had {before:0%} right, after LoRA {lora:0%} ({Points(lora - before)}), after full training {full:0%} ({Points(full - before)}).");
    }

    private static string Difference(IReadOnlyList<Comparison> comparisons)
    {
        Comparison task = comparisons[0], general = comparisons[^1];
        return Text($"How sure: on tickets LoRA and full training are {Words(task)}; on general skills {Words(general)}.");
    }

    private static string Words(Comparison c)
    {
        Estimate d = c.Difference;
        string interval = Text($"difference {d.Value:+0.00;-0.00;0.00}, 95 % interval {d.Low:+0.00;-0.00;0.00} to {d.High:+0.00;-0.00;0.00}, p {c.AdjustedPText()}");
        return c.Verdict == "not distinguishable" ? $"not distinguishable ({interval})" : $"different, {c.Verdict} ({interval})";
    }

    private static string Points(double difference) => Text($"{100 * difference:+0;-0;0} points");

    private static double Mean(IReadOnlyList<RunOutcome> runs, TuningMethod method, Func<RunOutcome, double> value) =>
        runs.Where(r => r.Method == method).Average(value);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
