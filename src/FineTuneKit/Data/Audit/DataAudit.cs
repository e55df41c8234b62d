namespace FineTuneKit.Data;

/// <summary>
/// Looks through rows for what spoils a fine-tuned model: nothing to learn, text that breaks off, copies that leak from
/// train to test, labels that contradict each other or the other rows, refusals and loops, answers that hang on a name,
/// personal data and secrets, the wrong language, stale facts, rows that occur in other data, one class far ahead of the
/// others. It reports and changes nothing. The same rows give the same report.
/// </summary>
public static class DataAudit
{
    /// <summary>Runs every rule over the rows.</summary>
    /// <exception cref="InputException">An option is out of range, or there is no row.</exception>
    public static AuditReport Run(IReadOnlyList<Row> rows, AuditOptions? options = null)
    {
        options ??= new AuditOptions();
        options.Check();
        if (rows.Count == 0) throw new InputException("0 rows; at least one is required for an audit");
        var audited = new AuditedRows(rows);
        var pairs = new PromptPairs(audited, options);
        List<Finding> findings =
        [
            .. EmptyTexts.Find(audited),
            .. TruncatedAnswers.Find(audited),
            .. Refusals.Find(audited),
            .. Repetitions.Find(audited),
            .. Duplicates.Find(audited, pairs, options),
            .. Contradictions.Find(audited, pairs, options),
            .. LabelNoise.Find(audited, pairs),
            .. NameBias.Find(audited),
            .. PersonalData.Find(audited),
            .. Secrets.Find(audited),
            .. AnswerLanguage.Find(audited),
            .. StaleFacts.Find(audited, options),
            .. Contamination.Find(audited, options),
            .. Imbalance.Find(audited, options),
        ];
        return new AuditReport { RowCount = rows.Count, Findings = findings, Notes = audited.Notes, Profile = DataProfile.Of(audited) };
    }
}
