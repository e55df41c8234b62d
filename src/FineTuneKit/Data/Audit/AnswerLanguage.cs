namespace FineTuneKit.Data;

/// <summary>
/// Answers in another script than their prompts. Only scripts are told apart (Latin, Japanese, Chinese, Korean,
/// Cyrillic, Greek, Arabic, Hebrew, Thai, Devanagari), so French for English is not seen. Of an answer in JSON the
/// longest text counts.
/// </summary>
internal static class AnswerLanguage
{
    // More than this share of mismatches is the task itself, such as translation.
    private const double MostMismatches = 0.2;

    private const double MostOfAsked = 0.25;

    private const int FewestLetters = 8;

    public static IEnumerable<Finding> Find(AuditedRows rows)
    {
        var found = new List<Finding>();
        int judged = 0;
        for (int i = 0; i < rows.Count; i++)
        {
            string answer = LongestText(rows[i]);
            // The keys of JSON that breaks off would count as Latin.
            if (rows[i].Json is null && answer.AsSpan().TrimStart() is ['{' or '[', ..]) continue;
            if (Script.Of(rows[i].Prompt) is not { } asked || Script.Of(answer) is not { } answered || Script.Letters(answer) < FewestLetters) continue;
            judged++;
            // A foreign name or title in an answer of the right language is no fault.
            if (asked != answered && Script.Share(answer, asked) < MostOfAsked)
                found.Add(rows.Finding(AuditRules.WrongLanguage, [i], $"{answered} to {asked}: {answer}", "answer in the language of the prompt, or say in the prompt which language is wanted"));
        }
        if (found.Count <= MostMismatches * judged || found.Count <= 1) return found;
        rows.Notes.Add($"{found.Count} of {judged} answers are in another script than their prompt: taken for the task itself, such as translation, and not reported");
        return [];
    }

    private static string LongestText(AuditedRow row) =>
        row.Json is null ? row.Answer : row.Fields.Select(f => f.Value).DefaultIfEmpty("").MaxBy(v => v.Length)!;
}

/// <summary>The script that most of a text is written in.</summary>
internal static class Script
{
    // A few Han alone are as good Japanese as Chinese.
    private const int FewestHan = 12;

    private const double DenseWeight = 3;

    private static readonly (string Name, int From, int To)[] Ranges =
    [
        ("Latin", 'A', 'Z'), ("Latin", 'a', 'z'), ("Latin", 0xC0, 0x24F), ("Greek", 0x370, 0x3FF), ("Cyrillic", 0x400, 0x52F),
        ("Hebrew", 0x590, 0x5FF), ("Arabic", 0x600, 0x6FF), ("Devanagari", 0x900, 0x97F), ("Thai", 0xE00, 0xE7F),
        ("Korean", 0x1100, 0x11FF), ("kana", 0x3040, 0x30FF), ("Han", 0x3400, 0x4DBF), ("Han", 0x4E00, 0x9FFF),
        ("Korean", 0xAC00, 0xD7AF), ("kana", 0xFF66, 0xFF9F), ("Han", 0x20000, 0x3FFFF),
    ];

    /// <summary>The script, or null where the text has no letter or is too mixed to tell.</summary>
    public static string? Of(string text)
    {
        Dictionary<string, double> weights = Weigh(text);
        (string name, double weight) = weights.OrderByDescending(w => w.Value).ThenBy(w => w.Key, StringComparer.Ordinal).Select(w => (w.Key, w.Value)).FirstOrDefault();
        if (weight == 0 || weight < 0.6 * weights.Values.Sum()) return null;
        return name == "Chinese" && weight < FewestHan * DenseWeight ? null : name;
    }

    /// <summary>The share of a script in a text, from 0 to 1.</summary>
    public static double Share(string text, string script)
    {
        Dictionary<string, double> weights = Weigh(text);
        return weights.GetValueOrDefault(script) / Math.Max(1, weights.Values.Sum());
    }

    /// <summary>How many letters of a known script a text has, one of a dense script for three.</summary>
    public static double Letters(string text) => Weigh(text).Values.Sum();

    // Kana make Han Japanese; a character of either says about as much as three letters of an alphabet.
    private static Dictionary<string, double> Weigh(string text)
    {
        Dictionary<string, int> counts = Count(text);
        string han = counts.ContainsKey("kana") ? "Japanese" : "Chinese";
        var weights = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach ((string name, int count) in counts)
        {
            string script = name switch { "Han" => han, "kana" => "Japanese", _ => name };
            weights[script] = weights.GetValueOrDefault(script) + count * (script is "Japanese" or "Chinese" or "Korean" ? DenseWeight : 1);
        }
        return weights;
    }

    // Codes such as order numbers are letters of no language.
    private static Dictionary<string, int> Count(string text)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        int start = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && (char.IsAsciiLetterOrDigit(text[i]) || text[i] is '-' or '_' or '@' or '.')) continue;
            if (!text.AsSpan(start, i - start).ContainsAnyInRange('0', '9') && !text.AsSpan(start, i - start).Contains('@'))
                Add(counts, "Latin", text.AsSpan(start, i - start).ToString().Count(char.IsAsciiLetter));
            start = i + 1;
            if (i < text.Length && text[i] > 0x7F) AddPoint(counts, Point(text, i));
        }
        return counts;
    }

    private static int Point(string text, int i) =>
        i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]) ? char.ConvertToUtf32(text[i], text[i + 1]) : text[i];

    private static void AddPoint(Dictionary<string, int> counts, int point)
    {
        foreach ((string name, int from, int to) in Ranges)
        {
            if (point < from || point > to) continue;
            Add(counts, name, 1);
            return;
        }
    }

    private static void Add(Dictionary<string, int> counts, string name, int n)
    {
        if (n > 0) counts[name] = counts.GetValueOrDefault(name) + n;
    }
}
