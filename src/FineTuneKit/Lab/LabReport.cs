using System.Globalization;
using System.Text;
using FineTuneKit.Charts;
using FineTuneKit.Data;
using FineTuneKit.Evaluation;
using FineTuneKit.Lab.SupportDesk;

namespace FineTuneKit.Lab;

/// <summary>The report of a lab: one HTML file without script, font or network, for a screen and a phone, light and dark.</summary>
public static class LabReport
{
    private const int ShownAnswers = 6;

    private const string Style = """
        .take li { margin: .5em 0; font-size: 1.05em; }
        td.name { white-space: nowrap; }
        .example { border: 1px solid var(--line); border-radius: 8px; padding: 10px 14px; margin: 14px 0; }
        .example p { margin: 0 0 8px; } .answers { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr)); gap: 10px; }
        .answers div { background: var(--soft); border-radius: 6px; padding: 6px 9px; min-width: 0; }
        code { font: .85em/1.45 ui-monospace, monospace; overflow-wrap: anywhere; display: block; }
        """;

    /// <summary>The HTML of a record; the split gives the test messages.</summary>
    public static string Write(LabRecord record, SplitResult split)
    {
        StringBuilder html = HtmlPage.Begin("FineTuneKit lab", Style);
        Opening(html, record);
        Charts(html, record, split);
        Comparisons(html, record);
        Runs(html, record);
        Examples(html, record, split);
        Data(html, record);
        return HtmlPage.End(html);
    }

    private static void Opening(StringBuilder html, LabRecord record)
    {
        html.Append("<h1>What fine-tuning does to a small language model</h1>\n");
        html.Append(CultureInfo.InvariantCulture, $"<p>A base model of {record.BaseParameters / 1e6:0.0} million weights learned to write the tickets of a bicycle shop's support desk from {record.Data.Split.Counts[0]} rows, with LoRA and with full training, {Seeds(record)}.{(record.Options.Quick ? " This is the quick run: its figures are not those to quote." : "")}</p>\n<ol class=\"take\">");
        foreach (string sentence in record.TakeAways) html.Append(CultureInfo.InvariantCulture, $"<li>{Escape(sentence)}</li>");
        html.Append("</ol>\n");
    }

    private static void Charts(StringBuilder html, LabRecord record, SplitResult split)
    {
        string[] truth = [.. split.Test.Select(r => r.Label!)];
        Chart[] charts =
        [
            LabCharts.LearnedAgainstForgotten(record), LabCharts.Losses(record), LabCharts.Fields(record), LabCharts.Skills(record),
            .. LabCharts.Methods(record).Select(m => LabCharts.Confusion(record, m, truth, Ticket.IntentNames)),
        ];
        html.Append("<h2>Charts</h2>\n<div class=\"charts\">\n");
        foreach (Chart chart in charts) HtmlPage.Figure(html, chart);
        html.Append("</div>\n");
    }

    private static void Comparisons(StringBuilder html, LabRecord record)
    {
        html.Append("<h2>LoRA against full training</h2>\n<div class=\"scroll\"><table><tr><th>measure</th><th class=\"n\">LoRA</th><th class=\"n\">full</th><th class=\"n\">difference, 95 % interval</th><th class=\"n\">p (Holm)</th><th>verdict</th></tr>\n");
        foreach (Comparison c in record.Comparisons)
            html.Append(CultureInfo.InvariantCulture, $"<tr><td>{Escape(c.Measure)}</td><td class=\"n\">{c.Lora:0.00}{Spread(c.LoraSpread)}</td><td class=\"n\">{c.Full:0.00}{Spread(c.FullSpread)}</td><td class=\"n\">{c.Difference.Value:+0.00;-0.00;0.00} [{c.Difference.Low:+0.00;-0.00;0.00}, {c.Difference.High:+0.00;-0.00;0.00}]</td><td class=\"n\">{Escape(c.AdjustedPText().TrimStart('=', ' '))}</td><td>{Escape(c.Verdict)}</td></tr>\n");
        html.Append("</table></div>\n<p class=\"small\">Mean ± standard deviation over seeds. The interval resamples items, each averaged over seeds; p is Wilcoxon's signed-rank test over items, corrected by Holm for these five comparisons.</p>\n");
    }

    private static void Runs(StringBuilder html, LabRecord record)
    {
        html.Append("<h2>All runs</h2>\n<div class=\"scroll\"><table><tr><th>run</th>");
        foreach (string column in new[] { "all fields", "valid JSON", "intent F1", "general", "test loss", "perplexity", "validation loss", "step", "seconds" })
            html.Append(CultureInfo.InvariantCulture, $"<th class=\"n\">{column}</th>");
        html.Append("</tr>\n");
        foreach (RunOutcome r in record.Runs)
            html.Append(CultureInfo.InvariantCulture, $"<tr><td class=\"name\">{Escape(r.Name)}</td><td class=\"n\">{Cell(r.Tickets.AllFields, 100, "0")} %</td><td class=\"n\">{Cell(r.Tickets.ValidJson, 100, "0")} %</td><td class=\"n\">{Cell(r.Tickets.IntentF1, 1, "0.00")}</td><td class=\"n\">{100 * r.General:0} %</td><td class=\"n\">{r.Tickets.Loss.Value:0.000}</td><td class=\"n\">{r.Tickets.Perplexity.Value:0.00}</td><td class=\"n\">{r.ValidationLoss:0.000}</td><td class=\"n\">{r.BestStep}</td><td class=\"n\">{record.MeasuredOn.TrainingSeconds[r.Name]:0}</td></tr>\n");
        html.Append(CultureInfo.InvariantCulture, $"</table></div>\n<p class=\"small\">In brackets: 95 % intervals. {Weights(record)}{Rates(record)}</p>\n");
    }

    private static string Weights(LabRecord record) => "The step is the one whose weights were kept. Trained are "
        + string.Join(" and ", record.Runs.DistinctBy(r => r.Method).Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.TrainableParameters:N0} weights ({LabCharts.Label(r.Method)})"))) + ". ";

    private static string Rates(LabRecord record) => record.Search.Count == 0 ? "" :
        "The rate of each method is the one with the lower validation loss after a trial of one epoch, with the first seed: "
        + string.Join("; ", record.Search.Select(t => string.Create(CultureInfo.InvariantCulture, $"{LabCharts.Label(t.Method)} {t.LearningRate:0.#e-0} on {t.Rows} rows: {t.ValidationLoss:0.000}"))) + ".";

    private static void Examples(StringBuilder html, LabRecord record, SplitResult split)
    {
        html.Append("<h2>Side by side</h2>\n<p>The same test messages, before and after.</p>\n");
        List<RunOutcome> first = [.. LabCharts.Methods(record).Select(m => record.Runs.First(r => r.Method == m))];
        // Disagreements teach most; then the rest in order.
        var order = Enumerable.Range(0, split.Test.Count)
            .OrderByDescending(i => first.Select(r => r.Answers[i].Score.AllFields).Distinct().Count()).ThenBy(i => i).Take(ShownAnswers);
        foreach (int i in order)
        {
            html.Append(CultureInfo.InvariantCulture, $"<div class=\"example\"><p>{Escape(split.Test[i].Prompt)}</p><div class=\"answers\">");
            html.Append(CultureInfo.InvariantCulture, $"<div>expected<code>{Escape(split.Test[i].Answer)}</code></div>");
            Answer(html, "untuned", record.Untuned[0].Answers[i]);
            foreach (RunOutcome run in first) Answer(html, LabCharts.Label(run.Method), run.Answers[i]);
            html.Append("</div></div>\n");
        }
    }

    private static void Answer(StringBuilder html, string who, TicketAnswer answer)
    {
        string verdict = answer.Score.AllFields ? "<span class=\"good\">✓ all fields</span>" : "<span class=\"bad\">✗ " + Escape(Wrong(answer.Score)) + "</span>";
        html.Append(CultureInfo.InvariantCulture, $"<div>{Escape(who)} {verdict}<code>{Escape(answer.Answer)}</code></div>");
    }

    private static string Wrong(TicketScore score)
    {
        if (!score.ValidTicket) return score.ValidJson ? "not a ticket" : "not JSON";
        var wrong = new List<string>();
        if (!score.Intent) wrong.Add("intent");
        if (!score.Product) wrong.Add("product");
        if (!score.OrderId) wrong.Add("order number");
        if (!score.Urgency) wrong.Add("urgency");
        if (!score.Language) wrong.Add("language");
        return string.Join(", ", wrong);
    }

    private static void Data(StringBuilder html, LabRecord record)
    {
        LabData data = record.Data;
        html.Append(CultureInfo.InvariantCulture, $"<h2>Data, split, machine</h2>\n<p>{Escape(data.File)}: {data.Rows} rows, split into {data.Split.Counts[0]} to train, {data.Split.Counts[1]} to choose and {data.Split.Counts[2]} to test. No group stands on two sides; the most similar pair across sides has Jaccard {(data.Split.Closest?.Similarity ?? 0):0.00}, below the limit of {data.Split.Threshold:0.00}.</p>\n");
        html.Append(CultureInfo.InvariantCulture, $"<p>The audit of the dirty copy found: {Escape(string.Join(", ", data.DirtyFindings.Select(f => $"{f.Value} × {f.Key.Replace('_', ' ')}")))}.</p>\n");
        MeasuredOn on = record.MeasuredOn;
        html.Append(CultureInfo.InvariantCulture, $"<p>Took {on.Seconds:0} seconds and {on.PeakMemoryBytes / (double)(1 << 20):0} MiB at most, on {Escape(on.Machine.ToString())}. FineTuneKit {record.Version}.</p>\n");
        html.Append(CultureInfo.InvariantCulture, $"<p class=\"small\">SHA-256: rows {data.Sha256}; split {data.Split.Hash}; base {record.BaseSha256}; template {record.TemplateSha256}</p>\n");
    }

    private static string Seeds(LabRecord record) => record.Options.Seeds.Count == 1 ? "one seed" : $"{record.Options.Seeds.Count} seeds each";

    private static string Spread(double? spread) => spread is { } value ? string.Create(CultureInfo.InvariantCulture, $" ± {value:0.00}") : "";

    private static string Cell(Estimate e, double factor, string format) => string.Create(CultureInfo.InvariantCulture,
        $"{(e.Value * factor).ToString(format, CultureInfo.InvariantCulture)} [{(e.Low * factor).ToString(format, CultureInfo.InvariantCulture)}, {(e.High * factor).ToString(format, CultureInfo.InvariantCulture)}]");

    private static string Escape(string text) => SvgCanvas.Escape(text);
}
