using System.Globalization;
using System.Text;

namespace FineTuneKit.Data;

/// <summary>The names of the cleaning's rules.</summary>
public static class CleaningRules
{
    /// <summary>A row that could not be read.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>Changed: another form of the same characters.</summary>
    public const string Normalization = "unicode_normalization";

    /// <summary>Changed: text that was read in the wrong encoding; dropped where it cannot be mended.</summary>
    public const string Mojibake = "mojibake";

    /// <summary>Changed: tags and entities.</summary>
    public const string Html = "html";

    /// <summary>Changed: characters that show nothing.</summary>
    public const string ControlCharacters = "control_characters";

    /// <summary>Changed: white space.</summary>
    public const string WhiteSpace = "white_space";

    /// <summary>Changed: a term from the list.</summary>
    public const string Terms = "terms";

    /// <summary>Dropped: nothing to learn.</summary>
    public const string EmptyAnswer = "empty_answer";

    /// <summary>Dropped: a code fence that is not closed.</summary>
    public const string CodeFence = "code_fence";

    /// <summary>Dropped: too few or too many tokens.</summary>
    public const string Length = "length";

    /// <summary>Dropped: an answer in another script than the prompt.</summary>
    public const string OtherScript = "other_script";

    /// <summary>Dropped: said before.</summary>
    public const string ExactDuplicate = "exact_duplicate";

    /// <summary>All rules in the order in which they work.</summary>
    public static IReadOnlyList<string> All { get; } =
        [Unreadable, Mojibake, Normalization, Html, ControlCharacters, WhiteSpace, Terms, EmptyAnswer, CodeFence, OtherScript, Length, ExactDuplicate];
}

/// <summary>What happened to one row.</summary>
/// <param name="Row">The row as it was, null where it could not be read.</param>
/// <param name="Origin">File and line.</param>
/// <param name="Dropped">Whether it is gone; else it was changed.</param>
/// <param name="Rule">The rule that dropped it, or the rules that changed it with commas between.</param>
/// <param name="Reason">Why, in a few words.</param>
public sealed record CleanedRow(Row? Row, RowOrigin Origin, bool Dropped, string Rule, string Reason);

/// <summary>What a cleaning did. Its counts grow while rows stream through.</summary>
public sealed record CleaningReport
{
    private readonly SortedDictionary<string, long> _changed = new(StringComparer.Ordinal), _dropped = new(StringComparer.Ordinal);

    /// <summary>Rows that came in.</summary>
    public long RowsIn { get; private set; }

    /// <summary>Rows that went on.</summary>
    public long RowsOut => RowsIn - _dropped.Values.Sum();

    /// <summary>Rows that each rule changed; a row may count for several.</summary>
    public IReadOnlyDictionary<string, long> Changed => Ordered(_changed);

    /// <summary>Rows that each rule dropped; a row counts for one.</summary>
    public IReadOnlyDictionary<string, long> Dropped => Ordered(_dropped);

    /// <summary>Counts by rule as a text.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{RowsIn:N0} rows in, {RowsOut:N0} out\n");
        text.Append(CultureInfo.InvariantCulture, $"{"rule",-22}{"changed",12}{"dropped",12}\n");
        foreach (string rule in CleaningRules.All.Where(r => _changed.ContainsKey(r) || _dropped.ContainsKey(r)))
            text.Append(CultureInfo.InvariantCulture, $"{rule,-22}{_changed.GetValueOrDefault(rule),12:N0}{_dropped.GetValueOrDefault(rule),12:N0}\n");
        return text.ToString();
    }

    internal void CountIn() => RowsIn++;

    internal void CountChanged(string rule) => _changed[rule] = _changed.GetValueOrDefault(rule) + 1;

    internal void CountDropped(string rule) => _dropped[rule] = _dropped.GetValueOrDefault(rule) + 1;

    private static Dictionary<string, long> Ordered(SortedDictionary<string, long> counts) =>
        CleaningRules.All.Where(counts.ContainsKey).ToDictionary(r => r, r => counts[r], StringComparer.Ordinal);
}
