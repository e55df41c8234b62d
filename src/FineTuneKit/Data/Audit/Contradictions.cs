namespace FineTuneKit.Data;

/// <summary>
/// Nearly equal prompts whose answers disagree. Of answers in JSON the fields that are labels are compared (few values,
/// often repeated); of others the label or the whole answer where it is short. A value that is copied from its prompt
/// explains itself, and so do numbers that differ between the prompts.
/// </summary>
internal static class Contradictions
{
    private const int ShortAnswer = 40;

    private const string Advice = "decide which is right and correct the other; where both are, the prompt lacks what tells them apart";

    public static IEnumerable<Finding> Find(AuditedRows rows, PromptPairs pairs, AuditOptions options)
    {
        IReadOnlySet<string> labels = rows.LabelFields;
        var found = new SortedDictionary<(int, int), string>();
        foreach (IGrouping<int, int> same in pairs.Equal())
            Compare(rows, [.. same], labels, found);
        foreach ((int i, int j, _) in pairs.AtLeast(options.ContradictionThreshold))
        {
            if (SameNumbers(rows[i].Prompt, rows[j].Prompt) && Difference(rows[i], rows[j], labels) is { } difference)
                found[(i, j)] = difference;
        }
        return found.Select(f => rows.Finding(AuditRules.Contradiction, [f.Key.Item1, f.Key.Item2], $"{f.Value}: {rows[f.Key.Item1].Prompt}", Advice));
    }

    /// <summary>Rows of one prompt: each against the first, and against the one before, which is enough to show every disagreement.</summary>
    private static void Compare(AuditedRows rows, int[] same, IReadOnlySet<string> labels, SortedDictionary<(int, int), string> found)
    {
        for (int k = 1; k < same.Length; k++)
        {
            if (Difference(rows[same[0]], rows[same[k]], labels) is { } difference) found[(same[0], same[k])] = difference;
            else if (k > 1 && Difference(rows[same[k - 1]], rows[same[k]], labels) is { } other && !found.ContainsKey((same[0], same[k - 1])))
                found[(same[k - 1], same[k])] = other;
        }
    }

    /// <summary>What two answers disagree about, null where they do not.</summary>
    public static string? Difference(AuditedRow a, AuditedRow b, IReadOnlySet<string> labels)
    {
        if (string.IsNullOrWhiteSpace(a.Answer) || string.IsNullOrWhiteSpace(b.Answer)) return null;
        if (a.Json is not null && b.Json is not null) return FieldDifference(a, b, labels);
        if (a.Json is not null || b.Json is not null) return null;
        if (a.Row.Label is { } one && b.Row.Label is { } other && one != other) return $"{one} ≠ {other}";
        string x = Shingles.Fold(a.Answer), y = Shingles.Fold(b.Answer);
        bool differ = x.Length <= ShortAnswer && y.Length <= ShortAnswer && !SaysTheSame(x, y) && !Explained(a, b, x, y);
        return differ ? $"{x} ≠ {y}" : null;
    }

    /// <summary>Whether one answer is the other in more words, as "Berlin" and "It is Berlin.".</summary>
    private static bool SaysTheSame(string x, string y)
    {
        string[] Words(string text) => text.Split([.. text.Where(c => !char.IsLetterOrDigit(c)).Distinct()], StringSplitOptions.RemoveEmptyEntries);
        string[] a = Words(x), b = Words(y);
        return a.All(w => b.Contains(w) || ContainsIdeographic(y, w)) || b.All(w => a.Contains(w) || ContainsIdeographic(x, w));
    }

    // Without spaces a word is found inside others.
    private static bool ContainsIdeographic(string text, string word) =>
        Shingles.IsIdeographic(word[0]) && text.Contains(word, StringComparison.Ordinal);

    private static string? FieldDifference(AuditedRow a, AuditedRow b, IReadOnlySet<string> labels)
    {
        foreach ((string path, string value) in a.Fields)
        {
            if (!labels.Contains(path)) continue;
            int at = b.Fields.FindIndex(f => f.Path == path);
            if (at < 0 || b.Fields[at].Value == value || Explained(a, b, value, b.Fields[at].Value)) continue;
            return $"{path} {value} ≠ {b.Fields[at].Value}";
        }
        return null;
    }

    /// <summary>Prompts that differ and each hold the value of their own answer.</summary>
    private static bool Explained(AuditedRow a, AuditedRow b, string x, string y) =>
        a.Prompt != b.Prompt && x.Length > 0 && y.Length > 0
        && (a.Prompt.Contains(x, StringComparison.OrdinalIgnoreCase) || b.Prompt.Contains(y, StringComparison.OrdinalIgnoreCase));

    private static bool SameNumbers(string a, string b) =>
        a.Where(char.IsAsciiDigit).SequenceEqual(b.Where(char.IsAsciiDigit));
}
