namespace FineTuneKit.Data;

/// <summary>
/// Answers that break off: JSON that never closes, a code fence without its end, prose without an end where nearly all
/// others have one. And answers that are no JSON where most are.
/// </summary>
internal static class TruncatedAnswers
{
    // Shares of the answers from which on a form counts as the rule of the data.
    private const double Most = 0.5, NearlyAll = 0.8;

    private const string Advice = "complete the answer or remove the row: it teaches to stop anywhere";

    public static IEnumerable<Finding> Find(AuditedRows rows)
    {
        int[] filled = Enumerable.Range(0, rows.Count).Where(i => !string.IsNullOrWhiteSpace(rows[i].Answer)).ToArray();
        bool json = filled.Count(i => rows[i].Json is not null) > Most * filled.Length;
        int[] prose = filled.Where(i => rows[i].Json is null && IsProse(rows[i].Answer)).ToArray();
        bool punctuated = prose.Count(i => EndsWell(rows[i].Answer)) >= NearlyAll * prose.Length;
        int limit = CommonLimit(filled.Select(i => rows[i].Answer.Length).ToList());
        var found = new List<Finding>();
        foreach (int i in filled)
        {
            string answer = rows[i].Answer;
            if (Reason(rows[i], json, punctuated && prose.Length >= 5, limit) is { } reason)
                found.Add(rows.Finding(AuditRules.TruncatedAnswer, [i], $"{reason}: …{answer[^Math.Min(60, answer.Length)..]}", Advice));
            else if (json && rows[i].Json is null)
                found.Add(rows.Finding(AuditRules.MalformedJson, [i], answer, "give the answer in the form of the others, which are JSON"));
        }
        return found.OrderBy(f => f.Rule == AuditRules.MalformedJson);
    }

    private static string? Reason(AuditedRow row, bool json, bool punctuated, int limit)
    {
        string answer = row.Answer.TrimEnd();
        if (row.Json is not null) return null;
        if (answer.TrimStart()[0] is '{' or '[' && IsOpenJson(answer) && (json || answer.Contains('"'))) return "JSON that is not closed";
        if (answer.Split("```").Length % 2 == 0) return "a code fence that is not closed";
        if (limit > 0 && row.Answer.Length == limit && !EndsWell(answer)) return $"cut at {limit} characters like others";
        return punctuated && IsProse(LastLine(answer)) && !EndsWell(answer) && EndsInside(answer) ? "no end of the sentence" : null;
    }

    /// <summary>True where a string, object or array is still open at the end.</summary>
    private static bool IsOpenJson(string text)
    {
        int depth = 0;
        bool inside = false;
        for (int i = 0; i < text.Length; i++)
        {
            if (inside && text[i] == '\\') i++;
            else if (text[i] == '"') inside = !inside;
            else if (!inside && text[i] is '{' or '[') depth++;
            else if (!inside && text[i] is '}' or ']') depth--;
        }
        return inside || depth > 0;
    }

    /// <summary>Several words, or a dozen characters of a script without spaces: not a label, number or code.</summary>
    private static bool IsProse(string text) =>
        text.Trim().Count(c => c is ' ' or '\n') >= 4 || text.Count(c => Shingles.IsIdeographic(c)) >= 12;

    /// <summary>The last line; empty where it is an item of a list or a table, which need no full stop.</summary>
    private static string LastLine(string text)
    {
        string line = text[(text.LastIndexOf('\n') + 1)..].Trim();
        bool item = line.Length == 0 || line[0] is '-' or '*' or '•' or '・' or '|' or '#' || char.IsAsciiDigit(line[0]) || line.Contains(':') || line.Contains('：');
        return item ? "" : line;
    }

    private static bool EndsWell(string text) =>
        text.TrimEnd() is { Length: > 0 } end && (".!?…:;)]}>\"'`*|~。！？」』）】”’♪".Contains(end[^1]) || char.IsSurrogate(end[^1]));

    private static bool EndsInside(string text) => char.IsLetter(text[^1]) || text[^1] is ',' or '-' or '、' or '，' or '(' or '（' or '「';

    /// <summary>The greatest length where at least three answers and one in a hundred have exactly it, else 0.</summary>
    private static int CommonLimit(List<int> lengths)
    {
        if (lengths.Count == 0) return 0;
        int longest = lengths.Max(), sharing = lengths.Count(n => n == longest);
        return longest >= 50 && sharing >= 3 && sharing * 100 >= lengths.Count ? longest : 0;
    }
}
