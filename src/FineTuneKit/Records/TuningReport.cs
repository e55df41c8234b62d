using System.Globalization;
using System.Text;
using System.Text.Json;
using FineTuneKit.Charts;
using FineTuneKit.Data;
using FineTuneKit.Evaluation;
using FineTuneKit.Training;

namespace FineTuneKit.Records;

/// <summary>
/// The report of a tuning run for people who were not there: one HTML file without script, font or network, for a screen
/// and a phone, light and dark. Every figure in it is the record's.
/// </summary>
public static class TuningReport
{
    /// <summary>The report's name in the folder of a run.</summary>
    public const string FileName = "report.html";

    /// <summary>Reads <c>record.json</c> and <c>metrics.jsonl</c> in the folder of a run and writes <c>report.html</c> beside them.</summary>
    /// <returns>The report's path.</returns>
    /// <exception cref="InputException">No record, or one that this version does not read; or the report cannot be written.</exception>
    public static string Write(string folder)
    {
        string file = Path.Combine(folder, "record.json");
        if (!File.Exists(file)) throw new InputException($"{file}: no such file; the folder of a finished tuning run is required");
        TuningRecord record;
        try
        {
            record = JsonSerializer.Deserialize<TuningRecord>(File.ReadAllText(file), AtomicFile.JsonOptions) ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw new InputException($"{file}: not the record of a tuning run: {e.Message}", e);
        }
        string report = Path.Combine(folder, FileName);
        AtomicFile.WriteText(report, Html(record, [.. MetricsLog.Read(Path.Combine(folder, MetricsLog.FileName))]));
        return report;
    }

    /// <summary>The sentences that open the report, made from the figures.</summary>
    /// <param name="record">The run's record.</param>
    public static IReadOnlyList<string> Summary(TuningRecord record)
    {
        double change = record.TestLoss - record.TestLossBefore;
        string direction = change < 0 ? "fell" : change > 0 ? "rose" : "stayed";
        IReadOnlyList<int> counts = record.Split.Counts;
        var sentences = new List<string>
        {
            Text($"The loss on {counts[2]} test rows that took no part in training {direction} from {record.TestLossBefore:0.000} to {record.TestLoss:0.000} nats per token."),
            Text($"{Percent(record.ExactMatch.Value)} of the test answers equal the expected one, letter for letter (95 % interval {Percent(record.ExactMatch.Low)} to {Percent(record.ExactMatch.High)})."),
        };
        if (record is { BestStep: { } best, ValidationLoss: { } loss })
        {
            string kept = best == record.Steps ? "the last; more steps might lower it further" : Text($"and {record.Steps - best} steps after it did not lower it");
            sentences.Add(Text($"The lowest validation loss, {loss:0.000}, is that of step {best}, {kept}. Its weights were kept."));
        }
        if (record.TestLooks is > 1 and { } looks)
            sentences.Add(Text($"These test rows had been looked at {looks} times by then, counting the runs beside this one: the more a test decides what is tried next, the less it tells about new data."));
        return sentences;
    }

    /// <summary>The whole page.</summary>
    /// <param name="record">The run's record.</param>
    /// <param name="steps">Its steps, for the charts; none leaves them out.</param>
    public static string Html(TuningRecord record, IReadOnlyList<StepMetrics> steps)
    {
        JsonElement options = JsonSerializer.SerializeToElement(record.Options, AtomicFile.JsonOptions);
        string title = $"Tuning {Field(options, "base")} on {Field(options, "data")}";
        StringBuilder html = HtmlPage.Begin(title);
        html.Append(CultureInfo.InvariantCulture, $"<h1>{HtmlPage.Escape(title)}</h1>\n<ul>");
        foreach (string sentence in Summary(record)) html.Append(CultureInfo.InvariantCulture, $"<li>{HtmlPage.Escape(sentence)}</li>");
        html.Append("</ul>\n");
        AppendCharts(html, record, steps);
        AppendData(html, record);
        AppendOptions(html, "How it was made", options);
        AppendOptions(html, "Training", JsonSerializer.SerializeToElement(record.Training, AtomicFile.JsonOptions));
        AppendIdentity(html, record);
        return HtmlPage.End(html);
    }

    private static void AppendCharts(StringBuilder html, TuningRecord record, IReadOnlyList<StepMetrics> steps)
    {
        html.Append("<h2>Charts</h2>\n<div class=\"charts\">\n");
        HtmlPage.Figure(html, TestLoss(record));
        HtmlPage.Figure(html, Exact(record));
        if (steps.Count > 0)
        {
            StepMetrics last = steps[^1];
            HtmlPage.Figure(html, TrainingCharts.Loss(steps) with { Title = "Loss while training", Reading = Text($"The training loss of the last step is {last.Loss:0.000}{(record.ValidationLoss is { } lowest ? Text($", the lowest validation loss {lowest:0.000}") : "")}.") });
            HtmlPage.Figure(html, TrainingCharts.Rate(steps) with { Reading = Text($"It rises to {steps.Max(s => s.LearningRate):0.0e-0} and ends at {last.LearningRate:0.0e-0}.") });
            HtmlPage.Figure(html, TrainingCharts.Speed(steps) with { Reading = Text($"{last.Tokens:N0} tokens in all; half of the steps were faster than {Median([.. steps.Select(s => s.TokensPerSecond)]):N0} tokens a second.") });
        }
        html.Append("</div>\n");
    }

    private static BarChart TestLoss(TuningRecord record) => new()
    {
        Title = "Loss on the test rows",
        Value = new Axis("test loss", "nats per token") { Minimum = 0 },
        Categories = ["before", "after"],
        Series = [new BarSeries("test loss", [Estimate.Exact(record.TestLossBefore), Estimate.Exact(record.TestLoss)])],
        Reading = Text($"Over {record.Split.Counts[2]} rows; the record holds means only, so no interval is drawn."),
    };

    private static BarChart Exact(TuningRecord record) => new()
    {
        Title = "Answers as expected",
        Value = new Axis("exact answers", "% of test rows, 95 % interval") { Minimum = 0, Maximum = 100 },
        Categories = ["after"],
        Series = [new BarSeries("exact", [record.ExactMatch.Times(100)])],
        Reading = "Equal to the expected answer, letter for letter: one that says the same in other words counts as wrong.",
    };

    private static void AppendData(StringBuilder html, TuningRecord record)
    {
        SplitProof split = record.Split;
        html.Append(CultureInfo.InvariantCulture, $"<h2>Rows</h2>\n<p>{split.Counts[0]} to train, {split.Counts[1]} to choose, {split.Counts[2]} to test. ");
        html.Append(split.SharedGroups.Count == 0 ? "No group stands on two sides. " : string.Create(CultureInfo.InvariantCulture, $"{split.SharedGroups.Count} groups stand on two sides: the test is not sound. "));
        if (split.Closest is { } closest) html.Append(CultureInfo.InvariantCulture, $"The most similar pair across sides has Jaccard {closest.Similarity:0.00}, the limit is {split.Threshold:0.00}. ");
        html.Append(record.Findings.Count == 0 ? "The audit found nothing.</p>\n" : string.Create(CultureInfo.InvariantCulture, $"The audit found {record.Findings.Values.Sum()} things to look at:</p>\n"));
        if (record.Findings.Count > 0)
            HtmlPage.Table(html, ["finding", "rows"], record.Findings.Select(f => new[] { f.Key.Replace('_', ' '), f.Value.ToString(CultureInfo.InvariantCulture) }));
        foreach (string note in split.Notes) html.Append(CultureInfo.InvariantCulture, $"<p class=\"small\">{HtmlPage.Escape(note)}</p>\n");
        if (split.Strata.Count > 1)
            HtmlPage.Table(html, ["label and language", "train", "validation", "test"], split.Strata.Select(s => (string[])[s.Name, .. s.Counts.Select(c => c.ToString(CultureInfo.InvariantCulture))]));
    }

    private static void AppendOptions(StringBuilder html, string title, JsonElement options)
    {
        html.Append(CultureInfo.InvariantCulture, $"<h2>{title}</h2>\n");
        HtmlPage.Table(html, ["option", "value"], options.EnumerateObject()
            .Where(o => o.Value.ToString().Length > 0) // neither null nor empty
            .Select(o => new[] { o.Name.Replace('_', ' '), o.Value.ValueKind is JsonValueKind.True or JsonValueKind.False ? o.Value.GetRawText() : o.Value.ToString() }));
    }

    private static void AppendIdentity(StringBuilder html, TuningRecord record)
    {
        html.Append("<h2>To make it again</h2>\n<p>The same options on the same rows and base give the same figures, to the last digit, on the same kind of machine; times differ. Compare the two records with RecordComparison.</p>\n");
        HtmlPage.Table(html, ["what", "SHA-256"],
            [["rows", record.DataSha256], ["split", record.Split.Hash], ["base's weights", record.BaseSha256], ["chat template", record.TemplateSha256]]);
        html.Append(CultureInfo.InvariantCulture, $"<p>{record.TrainableParameters:N0} weights trained in {record.Seconds:0} seconds, {record.PeakMemoryBytes / (double)(1 << 20):0} MiB at most, on {HtmlPage.Escape(record.Machine.ToString())}. FineTuneKit {HtmlPage.Escape(record.Version)}, schema {HtmlPage.Escape(record.Schema)}.</p>\n");
    }

    private static string Field(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement value) ? value.ToString() : "";

    private static double Median(double[] values) => Evaluation.Significance.Sample.Median(values);

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0} %");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
