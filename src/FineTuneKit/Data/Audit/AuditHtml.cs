using System.Globalization;
using System.Text;
using FineTuneKit.Charts;
using FineTuneKit.Evaluation;

namespace FineTuneKit.Data;

/// <summary>An audit as a page: counts and charts first, then the findings of each rule with what to do.</summary>
internal static class AuditHtml
{
    private const int ShownFindings = 8, ShownRows = 4;

    private const string Style = """
        .finding { border-left: 3px solid var(--line); padding: 2px 0 2px 10px; margin: 8px 0; overflow-wrap: anywhere; }
        .finding .where { font-size: .85em; opacity: .75; } .advice { margin: 4px 0 10px; }
        summary { cursor: pointer; font-weight: 600; font-size: 1.1em; padding: 6px 0; } .count { font-weight: 400; opacity: .75; }
        """;

    public static string Page(AuditReport report, string name)
    {
        StringBuilder html = HtmlPage.Begin($"Audit of {name}", Style);
        html.Append(CultureInfo.InvariantCulture, $"<h1>Audit of {HtmlPage.Escape(name)}</h1>\n");
        Body(html, report);
        return HtmlPage.End(html);
    }

    /// <summary>For a notebook's output: the page without its frame.</summary>
    public static string Fragment(AuditReport report)
    {
        StringBuilder html = HtmlPage.BeginFragment(Style);
        Body(html, report);
        return HtmlPage.EndFragment(html);
    }

    private static void Body(StringBuilder html, AuditReport report)
    {
        string verdict = report.Findings.Count == 0 ? "<span class=\"good\">No finding.</span>"
            : string.Create(CultureInfo.InvariantCulture, $"<span class=\"bad\">{report.Findings.Count:N0} findings</span> on {report.RowsConcerned:N0} rows ({100.0 * report.RowsConcerned / report.RowCount:0.0} %).");
        html.Append(CultureInfo.InvariantCulture, $"<p>{report.RowCount:N0} rows. {verdict}</p>\n");
        foreach (string note in report.Notes) html.Append(CultureInfo.InvariantCulture, $"<p class=\"small\">Note: {HtmlPage.Escape(note)}</p>\n");
        html.Append("<div class=\"charts\">\n");
        foreach (Chart chart in Charts(report)) HtmlPage.Figure(html, chart);
        html.Append("</div>\n");
        if (report.Findings.Count > 0) html.Append("<h2>Findings</h2>\n");
        foreach (IGrouping<string, Finding> rule in report.Findings.GroupBy(f => f.Rule, StringComparer.Ordinal)) Rule(html, rule);
    }

    private static void Rule(StringBuilder html, IGrouping<string, Finding> rule)
    {
        int count = rule.Count();
        html.Append(CultureInfo.InvariantCulture, $"<details open><summary>{Name(rule.Key)} <span class=\"count\">{count:N0}</span></summary>\n");
        foreach (string advice in rule.Select(f => f.Advice).Distinct(StringComparer.Ordinal).Take(3))
            html.Append(CultureInfo.InvariantCulture, $"<p class=\"advice\">→ {HtmlPage.Escape(advice)}</p>\n");
        foreach (Finding finding in rule.Take(ShownFindings))
            html.Append(CultureInfo.InvariantCulture, $"<div class=\"finding\"><div>{HtmlPage.Escape(finding.Excerpt)}</div><div class=\"where\">{HtmlPage.Escape(Places(finding))}</div></div>\n");
        if (count > ShownFindings) html.Append(CultureInfo.InvariantCulture, $"<p class=\"small\">… and {count - ShownFindings:N0} more in audit.json</p>\n");
        html.Append("</details>\n");
    }

    private static IEnumerable<Chart> Charts(AuditReport report)
    {
        ValueCount[] found = [.. report.Counts.Where(c => c.Value > 0).Select(c => new ValueCount(Name(c.Key), c.Value)).OrderByDescending(c => c.Count)];
        if (found.Length > 0) yield return Bars("Findings by rule", "findings", found, $"Most findings are of the rule “{found[0].Value}”.", color: 1);
        DataProfile profile = report.Profile;
        if (profile.Labels.Count > 1) yield return Bars("Rows by label", "rows", profile.Labels, Spread(profile.Labels));
        if (profile.Scripts.Count > 1) yield return Bars("Rows by the script of the prompt", "rows", profile.Scripts, Spread(profile.Scripts));
        if (profile.PromptLengths.Count > 1) yield return Bars("Prompts by length in characters", "rows", profile.PromptLengths, Most(profile.PromptLengths, "prompts"));
        if (profile.AnswerLengths.Count > 1) yield return Bars("Answers by length in characters", "rows", profile.AnswerLengths, Most(profile.AnswerLengths, "answers"));
    }

    private static BarChart Bars(string title, string unit, IReadOnlyList<ValueCount> counts, string reading, int color = 0) => new()
    {
        Title = title,
        Reading = reading,
        Value = new Axis(unit) { Minimum = 0 },
        Categories = [.. counts.Select(c => c.Value)],
        Series = [new BarSeries(unit, [.. counts.Select(c => Estimate.Exact(c.Count))], color)],
    };

    private static string Spread(IReadOnlyList<ValueCount> counts) => string.Create(CultureInfo.InvariantCulture,
        $"“{counts[0].Value}” is on {100.0 * counts[0].Count / counts.Sum(c => c.Count):0} % of the rows, “{counts[^1].Value}” on {100.0 * counts[^1].Count / counts.Sum(c => c.Count):0.#} %.");

    private static string Most(IReadOnlyList<ValueCount> counts, string what)
    {
        ValueCount most = counts.MaxBy(c => c.Count)!;
        return string.Create(CultureInfo.InvariantCulture, $"{100.0 * most.Count / counts.Sum(c => c.Count):0} % of the {what} have {most.Value} characters.");
    }

    private static string Places(Finding finding) => finding.Rows.Count == 0 ? "the whole data"
        : string.Join(", ", finding.Origins.Take(ShownRows).Select(o => (o with { File = Path.GetFileName(o.File) }).ToString())) + (finding.Origins.Count > ShownRows ? $" and {finding.Origins.Count - ShownRows} more" : "");

    private static string Name(string rule) => rule.Replace('_', ' ');
}
