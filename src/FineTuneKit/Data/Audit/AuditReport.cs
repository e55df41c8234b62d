using System.Text;
using System.Text.Json;
using FineTuneKit.Charts;
using FineTuneKit.Records;

namespace FineTuneKit.Data;

/// <summary>One thing that is wrong with the data.</summary>
/// <param name="Rule">The rule that found it, one of <see cref="AuditRules"/>.</param>
/// <param name="Rows">The places of the rows in the audited list, from 0, the one to keep first; all rows concerned are named. Empty where it is the whole data's.</param>
/// <param name="Origins">File and line of each of these rows.</param>
/// <param name="Excerpt">What was found, in at most 120 characters; personal data and secrets are cut short.</param>
/// <param name="Advice">What to do.</param>
public sealed record Finding(string Rule, IReadOnlyList<int> Rows, IReadOnlyList<RowOrigin> Origins, string Excerpt, string Advice);

/// <summary>The names of the audit's rules, as reports and JSON show them.</summary>
public static class AuditRules
{
    /// <summary>Nothing before the answer but white space.</summary>
    public const string EmptyPrompt = "empty_prompt";

    /// <summary>An answer of white space.</summary>
    public const string EmptyAnswer = "empty_answer";

    /// <summary>An answer that breaks off.</summary>
    public const string TruncatedAnswer = "truncated_answer";

    /// <summary>An answer that is no JSON where the others are.</summary>
    public const string MalformedJson = "malformed_json";

    /// <summary>Prompt and answer equal but for white space.</summary>
    public const string ExactDuplicate = "exact_duplicate";

    /// <summary>Prompt and answer nearly equal.</summary>
    public const string NearDuplicate = "near_duplicate";

    /// <summary>Nearly equal prompts with different labels or short answers.</summary>
    public const string Contradiction = "contradicting_label";

    /// <summary>Personal data by its form.</summary>
    public const string PersonalData = "personal_data";

    /// <summary>Passwords, keys and tokens by their form.</summary>
    public const string Secret = "secret";

    /// <summary>An answer in another script than the prompt.</summary>
    public const string WrongLanguage = "wrong_language";

    /// <summary>A date before the limit, or a value that contradicts a fact.</summary>
    public const string StaleFact = "stale_fact";

    /// <summary>One label, language or length far more common than the others.</summary>
    public const string Imbalance = "class_imbalance";

    /// <summary>A label that rows like this one do not have.</summary>
    public const string LabelNoise = "label_noise";

    /// <summary>An answer that refuses.</summary>
    public const string Refusal = "refusing_answer";

    /// <summary>An answer that goes round in circles.</summary>
    public const string Repetition = "repeating_answer";

    /// <summary>Answers that differ where only a name or a word of gender does.</summary>
    public const string NameBias = "name_bias";

    /// <summary>A row that occurs in other data.</summary>
    public const string Contamination = "contamination";

    /// <summary>All rules in the order of a report.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        EmptyPrompt, EmptyAnswer, TruncatedAnswer, MalformedJson, Refusal, Repetition, ExactDuplicate, NearDuplicate, Contradiction,
        LabelNoise, NameBias, PersonalData, Secret, WrongLanguage, StaleFact, Contamination, Imbalance,
    ];
}

/// <summary>What an audit found.</summary>
[TypeFormatterSource(typeof(NotebookFormatters), PreferredMimeTypes = [NotebookFormatters.Html, NotebookFormatters.Text])]
public sealed record AuditReport : IDocument
{
    private const int ShownFindings = 5, ShownRows = 4;

    /// <summary>How many rows were looked at.</summary>
    public required int RowCount { get; init; }

    /// <summary>All findings, by rule in the order of <see cref="AuditRules.All"/>, then by row.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>What the rules could not judge, and why.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>What the data looks like.</summary>
    public required DataProfile Profile { get; init; }

    /// <summary>Findings of each rule; 0 where it found nothing.</summary>
    public IReadOnlyDictionary<string, int> Counts => AuditRules.All.ToDictionary(rule => rule, rule => Findings.Count(f => f.Rule == rule), StringComparer.Ordinal);

    /// <summary>How many rows at least one finding names.</summary>
    public int RowsConcerned => Findings.SelectMany(f => f.Rows).Distinct().Count();

    /// <inheritdoc cref="WriteText"/>
    public string ToText()
    {
        using var writer = new StringWriter();
        WriteText(writer);
        return writer.ToString();
    }

    /// <summary>Counts, and the first findings of each rule, as a text of at most 120 columns but for long file names.</summary>
    public void WriteText(TextWriter writer)
    {
        writer.WriteLine($"{RowCount} rows, {Findings.Count} findings on {RowsConcerned} rows");
        foreach (IGrouping<string, Finding> rule in Findings.GroupBy(f => f.Rule, StringComparer.Ordinal))
        {
            writer.WriteLine();
            writer.WriteLine($"{rule.Key}: {rule.Count()}");
            foreach (Finding finding in rule.Take(ShownFindings))
            {
                if (finding.Rows.Count > 0) writer.WriteLine($"  {Places(finding)}");
                writer.WriteLine($"    {finding.Excerpt}");
            }
            if (rule.Count() > ShownFindings) writer.WriteLine($"  … and {rule.Count() - ShownFindings} more");
            foreach (string advice in rule.Select(f => f.Advice).Distinct(StringComparer.Ordinal).Take(3)) writer.WriteLine($"  → {advice}");
        }
        foreach (string note in Notes) writer.WriteLine($"note: {note}");
    }

    /// <summary>All findings as JSON: schema, rows, counts, findings, notes.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new
        {
            Schema = "finetunekit.audit/1",
            Rows = RowCount,
            RowsConcerned,
            Counts,
            Profile,
            Findings = Findings.Select(f => new { f.Rule, Rows = f.Origins.Select(o => o.ToString()), f.Excerpt, f.Advice }),
            Notes,
        },
        AtomicFile.JsonOptions);

    /// <summary>The report as a page of one file, with charts.</summary>
    /// <param name="name">What was audited, for the title.</param>
    public string ToHtmlPage(string name) => AuditHtml.Page(this, name);

    /// <summary>The same for the output of a notebook.</summary>
    public string ToHtml() => AuditHtml.Fragment(this);

    private static string Places(Finding finding)
    {
        var text = new StringBuilder();
        text.AppendJoin(", ", finding.Origins.Take(ShownRows));
        if (finding.Origins.Count > ShownRows) text.Append($" and {finding.Origins.Count - ShownRows} more");
        return text.ToString();
    }
}
