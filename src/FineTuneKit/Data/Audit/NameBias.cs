namespace FineTuneKit.Data;

/// <summary>Answers that differ where the prompts differ in a person's name, a pronoun or a word of gender alone.</summary>
internal static class NameBias
{
    private const double AlikeAnswers = 0.5;

    public static IEnumerable<Finding> Find(AuditedRows rows)
    {
        var neutral = new (string Text, int Count)[rows.Count];
        Parallel.For(0, rows.Count, i => neutral[i] = ExchangeableWords.Neutral(rows[i].Prompt));
        foreach (IGrouping<string, int> same in Enumerable.Range(0, rows.Count).Where(i => neutral[i].Count > 0).GroupBy(i => neutral[i].Text, StringComparer.Ordinal))
        {
            int first = same.First();
            foreach (int other in same.Skip(1))
            {
                if (rows[first].Prompt != rows[other].Prompt && Difference(rows[first], rows[other], rows.LabelFields) is { } difference)
                    yield return rows.Finding(AuditRules.NameBias, [first, other], $"{difference}: {rows[other].Prompt}", "give both the same answer: only a name, a pronoun or a word of gender differs");
            }
        }
    }

    private static string? Difference(AuditedRow a, AuditedRow b, IReadOnlySet<string> labels)
    {
        if (a.Row.Label is { } one && b.Row.Label is { } two && one != two) return $"{one} ≠ {two}";
        if (a.Json is not null || b.Json is not null) return Contradictions.Difference(a, b, labels);
        string x = ExchangeableWords.Neutral(a.Answer).Text, y = ExchangeableWords.Neutral(b.Answer).Text;
        if (Shingles.Fold(x) == Shingles.Fold(y)) return null;
        return Shingles.Jaccard(Shingles.Of(x), Shingles.Of(y)) < AlikeAnswers ? $"{Short(a.Answer)} ≠ {Short(b.Answer)}" : null;
    }

    private static string Short(string text) => text.Length <= 30 ? text : text[..29] + "…";
}
