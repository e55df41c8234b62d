namespace FineTuneKit.Data;

/// <summary>Rows without a prompt or without an answer.</summary>
internal static class EmptyTexts
{
    public static IEnumerable<Finding> Find(AuditedRows rows) =>
    [
        .. Where(rows, r => r.Prompt, AuditRules.EmptyPrompt, r => $"answer: {r.Answer}", "add what the answer responds to, or remove the row: it teaches to say this to anything"),
        .. Where(rows, r => r.Answer, AuditRules.EmptyAnswer, r => $"prompt: {r.Prompt}", "write the answer or remove the row: it teaches to say nothing"),
    ];

    private static IEnumerable<Finding> Where(AuditedRows rows, Func<AuditedRow, string> text, string rule, Func<AuditedRow, string> excerpt, string advice)
    {
        for (int i = 0; i < rows.Count; i++)
            if (string.IsNullOrWhiteSpace(text(rows[i]))) yield return rows.Finding(rule, [i], excerpt(rows[i]), advice);
    }
}
