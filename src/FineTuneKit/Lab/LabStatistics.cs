using System.Globalization;
using FineTuneKit.Evaluation;
using FineTuneKit.Evaluation.Significance;
using FineTuneKit.Records;

namespace FineTuneKit.Lab;

/// <summary>What the lab computes from its runs: means over seeds, paired tests over items, verdicts.</summary>
internal static class LabStatistics
{
    private const double Alpha = 0.05;
    private const int Resamples = 2000;

    /// <summary>The share of core questions right, all skills together.</summary>
    public static double GeneralShare(IReadOnlyList<SkillResult> skills)
    {
        List<SkillResult> core = [.. skills.Where(s => s.Core)];
        return (double)core.Sum(s => s.Right) / core.Sum(s => s.Asked);
    }

    /// <summary>The mean over runs and items, with a bootstrap interval over items, each averaged over the runs.</summary>
    public static Estimate OverItems(IReadOnlyList<IReadOnlyList<double>> runs, string name, long seed) =>
        Bootstrap.MeanInterval(ItemMeans(runs), new NamedRandom($"items/{name}", seed), Resamples);

    /// <summary>All comparisons of LoRA with full training, corrected together by Holm.</summary>
    public static IReadOnlyList<Comparison> Compare(IReadOnlyList<RunOutcome> runs, IReadOnlyList<bool> coreItems, long seed)
    {
        List<RunOutcome> lora = [.. runs.Where(r => r.Method == TuningMethod.Lora)];
        List<RunOutcome> full = [.. runs.Where(r => r.Method == TuningMethod.Full)];
        Comparison[] raw =
        [
            Pair("tickets with all fields right", lora, full, r => [.. r.Answers.Select(a => Bit(a.Score.AllFields))], seed),
            Pair("answers that are valid JSON", lora, full, r => [.. r.Answers.Select(a => Bit(a.Score.ValidJson))], seed),
            Pair("intent right", lora, full, r => [.. r.Answers.Select(a => Bit(a.Score.Intent))], seed),
            Pair("test loss (nats per token)", lora, full, r => [.. r.Answers.Select(a => a.Loss)], seed),
            Pair("general skills kept", lora, full, r => [.. r.SkillItems.Where((_, i) => coreItems[i]).Select(Bit)], seed),
        ];
        AdjustedPValues adjusted = MultipleComparisons.Adjust([.. raw.Select(c => c.P)], Correction.Holm, Alpha);
        return [.. raw.Select((c, i) => c with { AdjustedP = adjusted.Adjusted[i], Verdict = Verdict(c, adjusted.Adjusted[i]) })];
    }

    private static double Bit(bool value) => value ? 1 : 0;

    private static double[] ItemMeans(IReadOnlyList<IReadOnlyList<double>> runs) =>
        [.. Enumerable.Range(0, runs[0].Count).Select(i => runs.Average(r => r[i]))];

    private static Comparison Pair(string measure, List<RunOutcome> lora, List<RunOutcome> full, Func<RunOutcome, IReadOnlyList<double>> items, long seed)
    {
        double[] a = ItemMeans([.. lora.Select(items)]), b = ItemMeans([.. full.Select(items)]);
        PairedComparison pair = PairedComparison.Of(a, b, new NamedRandom($"difference/{measure}", seed));
        return new Comparison
        {
            Measure = measure,
            Lora = pair.First,
            Full = pair.Second,
            Difference = pair.Difference,
            LoraSpread = Spread(lora, items),
            FullSpread = Spread(full, items),
            P = pair.P,
            AdjustedP = double.NaN,
            Verdict = "",
        };
    }

    private static double? Spread(List<RunOutcome> runs, Func<RunOutcome, IReadOnlyList<double>> items) =>
        runs.Count < 2 ? null : Sample.Deviation([.. runs.Select(r => Sample.Mean(items(r)))]);

    private static string Verdict(Comparison c, double p)
    {
        if (!(p < Alpha)) return "not distinguishable";
        string direction = c.Difference.Value > 0 ? "LoRA higher" : "LoRA lower";
        return string.Create(CultureInfo.InvariantCulture, $"{direction} by {Math.Abs(c.Difference.Value):0.00}");
    }
}
