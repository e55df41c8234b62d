using System.Globalization;
using System.Text.RegularExpressions;

namespace FineTuneKit.Data;

/// <summary>Answers with a date before the limit of the options, or with a value that contradicts one of their facts.</summary>
internal static partial class StaleFacts
{
    private static readonly string[] Months =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

    public static IEnumerable<Finding> Find(AuditedRows rows, AuditOptions options)
    {
        (Fact Fact, Regex Pattern)[] facts = options.Facts.Select(f => (f, Compile(f))).ToArray();
        for (int i = 0; i < rows.Count; i++)
        {
            if (options.OldestDate is { } oldest && Dates(rows[i].Answer).Where(d => d < oldest).Order().ToArray() is { Length: > 0 } old)
                yield return rows.Finding(AuditRules.StaleFact, [i], $"{old[0].ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)} in: {rows[i].Answer}", $"check whether what it says still holds: the date is before {oldest.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}");
            foreach ((Fact fact, Regex pattern) in facts)
            {
                if (Contradicts(rows[i].Answer, fact, pattern) is { } value)
                    yield return rows.Finding(AuditRules.StaleFact, [i], $"{fact.Subject}: {value}; the facts say {fact.Value}", "correct the answer, or teach the behaviour only and look the fact up when asked");
            }
        }
    }

    /// <summary>The dates of a text: 2024-03-03, 2024/3/3, 2024年3月3日, 3 March 2024, March 3, 2024.</summary>
    internal static IEnumerable<DateOnly> Dates(string text)
    {
        foreach (Match m in Numeric().Matches(text))
            if (Date(m.Groups["y"].Value, int.Parse(m.Groups["m"].Value), m.Groups["d"].Value) is { } date) yield return date;
        foreach (Match m in Worded().Matches(text))
            if (Date(m.Groups["y"].Value, Array.IndexOf(Months, m.Groups["m"].Value[..3].ToLowerInvariant()) + 1, m.Groups["d"].Value) is { } date) yield return date;
    }

    private static string? Contradicts(string answer, Fact fact, Regex pattern)
    {
        if (!answer.Contains(fact.Subject, StringComparison.Ordinal)) return null;
        return pattern.Matches(answer).Select(m => m.Groups["value"].Value).FirstOrDefault(v => v.Length > 0 && v != fact.Value);
    }

    private static Regex Compile(Fact fact)
    {
        Regex pattern;
        try
        {
            pattern = new Regex(fact.Pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        }
        catch (ArgumentException e)
        {
            throw new InputException($"the pattern of the fact about \"{fact.Subject}\" is no regular expression: {e.Message}", e);
        }
        return pattern.GetGroupNames().Contains("value") ? pattern
            : throw new InputException($"the pattern of the fact about \"{fact.Subject}\" is {fact.Pattern}; a group (?<value>…) is required");
    }

    private static DateOnly? Date(string year, int month, string day)
    {
        (int y, int d) = (int.Parse(year), int.Parse(day));
        return month is >= 1 and <= 12 && d >= 1 && d <= DateTime.DaysInMonth(y, month) ? new DateOnly(y, month, d) : null;
    }

    [GeneratedRegex(@"(?<![0-9])(?<y>(?:19|20)[0-9]{2})(?:-|/|\.|年\s?)(?<m>[0-9]{1,2})(?:-|/|\.|月\s?)(?<d>[0-9]{1,2})(?![0-9])")]
    private static partial Regex Numeric();

    [GeneratedRegex(@"\b(?:(?<d>[0-9]{1,2})(?:st|nd|rd|th)? (?<m>(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)\.?,? |(?<m>(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)\.? (?<d>[0-9]{1,2})(?:st|nd|rd|th)?, )(?<y>(?:19|20)[0-9]{2})\b", RegexOptions.IgnoreCase)]
    private static partial Regex Worded();
}
