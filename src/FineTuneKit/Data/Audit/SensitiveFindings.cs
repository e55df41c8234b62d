namespace FineTuneKit.Data;

/// <summary>Findings of texts that have a certain form, in any message of a row: one for each row and kind.</summary>
internal static class SensitiveFindings
{
    public static IEnumerable<Finding> Find(AuditedRows rows, string rule, IReadOnlyList<SensitiveForm> forms, string advice)
    {
        var found = new List<Finding>?[rows.Count];
        Parallel.For(0, rows.Count, i => found[i] = OfRow(rows, i, rule, forms, advice));
        return found.SelectMany(f => f ?? []);
    }

    private static List<Finding>? OfRow(AuditedRows rows, int i, string rule, IReadOnlyList<SensitiveForm> forms, string advice)
    {
        List<(string Kind, string Place)>? places = null;
        foreach (ChatMessage message in rows[i].Row.Messages)
        {
            foreach (SensitiveText text in SensitiveForms.In(message.Content, forms))
                (places ??= []).Add((text.Kind, $"{message.Role}: {Shorten(message.Content.Substring(text.Start, text.Length))}"));
        }
        return places?.GroupBy(p => p.Kind, StringComparer.Ordinal)
            .Select(kind => rows.Finding(rule, [i], $"{kind.Key} in {string.Join("; ", kind.Select(p => p.Place).Take(3))}", advice)).ToList();
    }

    /// <summary>Enough to find the place by, not enough to pass the value on in a report.</summary>
    private static string Shorten(string value) => $"{value[..Math.Min(4, value.Length / 3)]}… ({value.Length} characters)";
}
