using System.Globalization;
using FineTuneKit.Charts;
using FineTuneKit.Evaluation;
using FineTuneKit.Evaluation.Significance;
using FineTuneKit.Records;

namespace FineTuneKit.Lab;

/// <summary>The charts of the lab's report, each with the sentence that reads it.</summary>
internal static class LabCharts
{
    private const int FirstColor = 0, SecondColor = 1, BaseColor = 6;

    public static string Label(TuningMethod method) => method == TuningMethod.Lora ? "LoRA" : "full training";

    private static int Color(TuningMethod method) => method == TuningMethod.Lora ? FirstColor : SecondColor;

    /// <summary>Training and validation loss of the first seed's run of each method, with the place of the kept weights.</summary>
    public static LineChart Losses(LabRecord record)
    {
        List<RunOutcome> first = [.. Methods(record).Select(m => record.Runs.First(r => r.Method == m))];
        return new LineChart
        {
            Title = "Loss while training",
            X = new Axis("passes over the training rows"),
            Y = new Axis("loss", "nats per token") { Minimum = 0, Maximum = Math.Ceiling(first.Max(r => r.ValidationCurve.Max(p => p.Loss)) * 1.5 * 10) / 10 },
            Lines = [.. first.SelectMany(r => new[]
            {
                Line($"{Label(r.Method)}, training", Smooth(r.TrainingCurve), Color(r.Method), dashed: true),
                Line($"{Label(r.Method)}, validation", r.ValidationCurve, Color(r.Method), dashed: false),
            })],
            Marks = [.. first.Select(r => Kept(r))],
            Reading = string.Join(' ', first.Select(r => Text(
                $"{Capital(Label(r.Method))} reached its lowest validation loss, {r.ValidationLoss:0.000}, at step {r.BestStep} of {r.PlannedSteps}{(r.StoppedEarly ? Text($" and was stopped at step {r.Steps}") : "")}; those weights were kept."))),
        };
    }

    /// <summary>What was learned against what was kept, one faint point for each run.</summary>
    public static ScatterChart LearnedAgainstForgotten(LabRecord record)
    {
        var points = new List<ScatterPoint>
        {
            new("untuned base", Estimate.Exact(100 * record.Untuned[0].Tickets.AllFields.Value), Estimate.Exact(100 * LabStatistics.GeneralShare(record.BaseSkills)), BaseColor),
        };
        foreach (TuningMethod method in Methods(record))
        {
            List<RunOutcome> runs = [.. record.Runs.Where(r => r.Method == method)];
            points.Add(new ScatterPoint($"{Label(method)}, mean of {runs.Count}", Tickets(runs), General(record, runs), Color(method)));
            foreach (RunOutcome run in runs)
                points.Add(new ScatterPoint(run.Name, Estimate.Exact(100 * run.Tickets.AllFields.Value), Estimate.Exact(100 * run.General), Color(method)) { Faint = true });
        }
        return new ScatterChart
        {
            Title = "Learned against forgotten",
            X = new Axis("tickets with all fields right", "% of test rows") { Minimum = 0, Maximum = 100 },
            Y = new Axis("general questions right", "%") { Minimum = 0, Maximum = 100 },
            Points = points,
            Reading = Text($"To the right is learned, down is forgotten: from {points[0].Y.Value:0} % of general questions the tuned models come to {string.Join(" and ", points.Skip(1).Where(p => !p.Faint).Select(p => Text($"{p.Y.Value:0} % ({p.Label})")))}; small rings are single runs."),
        };
    }

    /// <summary>Each core skill before and after.</summary>
    public static BarChart Skills(LabRecord record)
    {
        List<SkillResult> core = [.. record.BaseSkills.Where(s => s.Core)];
        var series = new List<BarSeries> { new("base", [.. core.Select(s => s.Share.Times(100))], BaseColor) };
        foreach (TuningMethod method in Methods(record))
        {
            List<RunOutcome> runs = [.. record.Runs.Where(r => r.Method == method)];
            series.Add(new BarSeries(Label(method), [.. core.Select(s => Pooled(runs, s.Skill).Times(100))], Color(method)));
        }
        var drops = core.Select((s, i) => (s.Skill, Drop: series.Skip(1).Max(b => series[0].Values[i].Value - b.Values[i].Value))).OrderByDescending(d => d.Drop).ToList();
        return new BarChart
        {
            Title = "General skills before and after",
            Value = new Axis("held-out questions right", "%, 95 % interval") { Minimum = 0, Maximum = 100 },
            Categories = [.. core.Select(s => s.Skill)],
            Series = series,
            Reading = drops[0].Drop <= 0 ? "No skill lost anything." : Text($"The largest loss is in {drops[0].Skill}, {drops[0].Drop:0} points; {drops.Count(d => d.Drop < 5)} of {drops.Count} skills lost less than 5 points with either method."),
        };
    }

    /// <summary>Field by field on the test set.</summary>
    public static BarChart Fields(LabRecord record)
    {
        (string Name, Func<TicketMetrics, Estimate> Value)[] fields =
        [
            ("valid JSON", m => m.ValidJson), ("intent", m => m.Intent), ("product", m => m.Product), ("order number", m => m.OrderId),
            ("urgency", m => m.Urgency), ("language", m => m.Language), ("all five fields", m => m.AllFields), ("reply", m => m.Reply), ("exact match", m => m.ExactMatch),
        ];
        var series = record.Untuned.Select((u, i) => new BarSeries(
            u.Examples == 0 ? "untuned" : $"untuned, {u.Examples} examples", [.. fields.Select(f => f.Value(u.Tickets).Times(100))], i == 0 ? BaseColor : 4)).ToList();
        foreach (TuningMethod method in Methods(record))
        {
            List<RunOutcome> runs = [.. record.Runs.Where(r => r.Method == method)];
            series.Add(new BarSeries(Label(method), [.. fields.Select(f => PooledShare(runs, f.Value).Times(100))], Color(method)));
        }
        int all = Array.FindIndex(fields, f => f.Name == "all five fields");
        return new BarChart
        {
            Title = "Tickets on the test set",
            Value = new Axis("right", "% of test rows, 95 % interval") { Minimum = 0, Maximum = 100 },
            Categories = [.. fields.Select(f => f.Name)],
            Series = series,
            Reading = Text($"All five fields are right in {string.Join(", ", series.Select(s => Text($"{s.Values[all].Value:0} % ({s.Name})")))}."),
        };
    }

    /// <summary>Which intents are taken for which, over all seeds of a method.</summary>
    public static ConfusionChart Confusion(LabRecord record, TuningMethod method, IReadOnlyList<string> truth, IReadOnlyList<string> intents)
    {
        List<RunOutcome> runs = [.. record.Runs.Where(r => r.Method == method)];
        string[] columns = [.. intents, TicketAnswer.NoTicket];
        int[][] counts = [.. intents.Select(row => columns.Select(column => runs.Sum(r => r.Answers.Where((a, i) => truth[i] == row && a.Intent == column).Count())).ToArray())];
        int wrong = counts.Select((row, i) => row.Where((_, j) => j != i).Sum()).Sum(), total = counts.Sum(r => r.Sum());
        var worst = counts.SelectMany((row, i) => row.Select((n, j) => (n, i, j))).Where(c => c.i != c.j).MaxBy(c => c.n);
        return new ConfusionChart
        {
            Title = $"Intents: {Label(method)}",
            Rows = intents,
            Columns = columns,
            Counts = counts,
            Reading = wrong == 0 ? $"All {total} intents are right." : $"{wrong} of {total} intents are wrong; most often {intents[worst.i]} is taken for {columns[worst.j]} ({worst.n}).",
        };
    }

    public static IEnumerable<TuningMethod> Methods(LabRecord record) => record.Runs.Select(r => r.Method).Distinct();

    /// <summary>Tickets with all fields right, mean over runs, interval over items.</summary>
    public static Estimate Tickets(IReadOnlyList<RunOutcome> runs) => LabStatistics.OverItems(
        [.. runs.Select(r => (IReadOnlyList<double>)[.. r.Answers.Select(a => a.Score.AllFields ? 1.0 : 0)])], "tickets", 1).Times(100);

    /// <summary>Core questions right, mean over runs, interval over items.</summary>
    public static Estimate General(LabRecord record, IReadOnlyList<RunOutcome> runs)
    {
        List<bool> core = [.. record.BaseSkills.SelectMany(s => Enumerable.Repeat(s.Core, s.Asked))];
        return LabStatistics.OverItems([.. runs.Select(r => (IReadOnlyList<double>)[.. r.SkillItems.Where((_, i) => core[i]).Select(v => v ? 1.0 : 0)])], "general", 1).Times(100);
    }

    private static Mark Kept(RunOutcome run)
    {
        CurvePoint best = run.ValidationCurve.First(p => p.Step == run.BestStep);
        return new Mark(best.Epoch, best.Loss, $"kept: step {best.Step}", Color(run.Method));
    }

    /// <summary>Pooled over seeds; seeds ask the same questions, so the interval is that of one seed's number of them.</summary>
    private static Estimate Pooled(IReadOnlyList<RunOutcome> runs, string skill)
    {
        List<SkillResult> results = [.. runs.Select(r => r.Skills.First(s => s.Skill == skill))];
        return Around(results.Average(r => r.Share.Value), results[0].Asked);
    }

    private static Estimate PooledShare(IReadOnlyList<RunOutcome> runs, Func<TicketMetrics, Estimate> share) =>
        Around(runs.Average(r => share(r.Tickets).Value), runs[0].Tickets.Rows);

    private static Estimate Around(double share, int n)
    {
        Estimate nearest = Proportions.Interval((int)Math.Round(share * n), n);
        return new Estimate(share, Math.Min(share, nearest.Low), Math.Max(share, nearest.High));
    }

    private static LineSeries Line(string name, IReadOnlyList<CurvePoint> points, int color, bool dashed) =>
        new(name, [.. points.Select(p => p.Epoch)], [.. points.Select(p => p.Loss)]) { Color = color, Dashed = dashed };

    /// <summary>The mean over each quarter of a pass: single steps jump with their rows.</summary>
    private static List<CurvePoint> Smooth(IReadOnlyList<CurvePoint> curve) =>
        [.. curve.GroupBy(p => Math.Ceiling(p.Epoch * 4 - 1e-9)).Select(g => new CurvePoint(g.Last().Step, g.Last().Epoch, g.Average(p => p.Loss)))];

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
