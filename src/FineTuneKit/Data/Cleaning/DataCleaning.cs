namespace FineTuneKit.Data;

/// <summary>
/// Cleans rows one after another, in the memory of one row (and 16 bytes a row to know duplicates by). Every row that
/// changes or goes is told, with the rule and the reason.
/// </summary>
public sealed class DataCleaning
{
    private readonly CleaningOptions _options;
    private readonly TextCleaning _texts;
    private readonly Action<CleanedRow>? _told;
    private readonly HashSet<UInt128> _seen = [];

    /// <summary>A cleaning; <paramref name="told"/> hears of every row that changes or goes.</summary>
    /// <exception cref="InputException">An option is out of range.</exception>
    public DataCleaning(CleaningOptions? options = null, Action<CleanedRow>? told = null)
    {
        _options = options ?? new CleaningOptions();
        _options.Check();
        (_texts, _told) = (new TextCleaning(_options), told);
    }

    /// <summary>What was done so far.</summary>
    public CleaningReport Report { get; } = new();

    /// <summary>The rows that stay, cleaned.</summary>
    public IEnumerable<Row> Clean(IEnumerable<Row> rows)
    {
        foreach (Row row in rows)
            if (Clean(row) is { } clean) yield return clean;
    }

    /// <summary>One row cleaned, null where it goes.</summary>
    public Row? Clean(Row row)
    {
        Report.CountIn();
        var rules = new List<string>();
        Row clean = row with
        {
            Messages = [.. row.Messages.Select(m => Clean(m, rules))],
            Rejected = row.Rejected is null ? null : Clean(row.Rejected, rules),
        };
        // An answer that is the class stays so.
        if (row.Label == row.Answer) clean = clean with { Label = clean.Answer };
        if (Fault(clean) is { } fault)
        {
            Report.CountDropped(fault.Rule);
            _told?.Invoke(new CleanedRow(row, row.Origin, true, fault.Rule, fault.Reason));
            return null;
        }
        string[] changes = [.. rules.Distinct()];
        if (changes.Length == 0) return row;
        foreach (string rule in changes) Report.CountChanged(rule);
        _told?.Invoke(new CleanedRow(row, row.Origin, false, string.Join(", ", changes), "the text was changed"));
        return clean;
    }

    /// <summary>Counts and tells a row that could not be read; fits <see cref="ReadOptions.PassOver"/>.</summary>
    public void PassOver(BadRow bad)
    {
        Report.CountIn();
        Report.CountDropped(CleaningRules.Unreadable);
        _told?.Invoke(new CleanedRow(null, bad.Origin, true, CleaningRules.Unreadable, bad.Reason));
    }

    private ChatMessage Clean(ChatMessage message, List<string> rules)
    {
        string text = _texts.Clean(message.Content, rules);
        return text == message.Content ? message : message with { Content = text };
    }

    private (string Rule, string Reason)? Fault(Row row)
    {
        if (_options.EmptyAnswers && row.Messages[^1].ToolCalls.Count == 0 && string.IsNullOrWhiteSpace(row.Answer))
            return (CleaningRules.EmptyAnswer, "the answer is empty");
        if (_options.Mojibake && row.Messages.Any(m => m.Content.Contains('\uFFFD') || Mojibake.IsBroken(m.Content)))
            return (CleaningRules.Mojibake, "characters were lost in a wrong encoding and cannot be restored");
        if (_options.CodeFences && row.Messages.Any(m => CodeSpans.HasOpenFence(m.Content)))
            return (CleaningRules.CodeFence, "a code fence is not closed");
        if (_options.OtherScripts && Scripts(row) is { } scripts) return (CleaningRules.OtherScript, scripts);
        if (Length(row) is { } length) return (CleaningRules.Length, length);
        return _options.ExactDuplicates && !_seen.Add(Identity(row)) ? (CleaningRules.ExactDuplicate, "an earlier row says the same") : null;
    }

    private static string? Scripts(Row row) =>
        Script.Of(RowText.Prompt(row)) is { } asked && Script.Of(row.Answer) is { } answered && asked != answered
            ? $"the answer is {answered}, the prompt {asked}" : null;

    private string? Length(Row row)
    {
        if (_options.CountTokens is null || (_options.FewestTokens ?? _options.MostTokens) is null) return null;
        int tokens = row.Messages.Sum(m => _options.CountTokens(m.Content));
        return tokens < _options.FewestTokens ? $"{tokens} tokens; at least {_options.FewestTokens} are required"
            : tokens > _options.MostTokens ? $"{tokens} tokens; at most {_options.MostTokens} are allowed" : null;
    }

    private static UInt128 Identity(Row row)
    {
        UInt128 key = 0;
        foreach (ChatMessage message in row.Rejected is null ? row.Messages : row.Messages.Append(row.Rejected))
        {
            key = (UInt128.RotateLeft(key, 37) ^ (ulong)message.Role[0]) * 0x9FB21C651E98DF25;
            foreach (char c in Shingles.OneSpace(message.Content) + "\n") key = (UInt128.RotateLeft(key, 41) ^ c) * 0x9FB21C651E98DF25;
            foreach (ToolCall call in message.ToolCalls)
                foreach (char c in call.Name + call.Arguments) key = (UInt128.RotateLeft(key, 43) ^ c) * 0x9FB21C651E98DF25;
        }
        return row.Desirable is { } good ? key * 2 + (good ? 1u : 0u) : key;
    }
}
