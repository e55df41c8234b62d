namespace FineTuneKit.Data;

/// <summary>Answers that go round in circles: the same few words, characters or lines four times in a row or more.</summary>
internal static class Repetitions
{
    private const int LongestPeriod = 30, FewestTimes = 4, FewestTokens = 12;

    public static IEnumerable<Finding> Find(AuditedRows rows)
    {
        var found = new (int Start, int Period, int Times)?[rows.Count];
        Parallel.For(0, rows.Count, i => found[i] = Of(TextTokens.Of(rows[i].Answer)));
        for (int i = 0; i < rows.Count; i++)
        {
            if (found[i] is { } loop)
                yield return rows.Finding(AuditRules.Repetition, [i], $"{loop.Times} times: {TextTokens.Excerpt(rows[i].Answer, loop.Start, loop.Period)}", "cut or remove the answer: it teaches to repeat without an end");
        }
    }

    /// <summary>The first loop of tokens: where it begins, how long one round is, how many rounds there are.</summary>
    internal static (int Start, int Period, int Times)? Of(ReadOnlySpan<ulong> tokens)
    {
        for (int period = 1; period <= LongestPeriod && period * FewestTimes <= tokens.Length; period++)
        {
            int run = 0;
            for (int i = period; i <= tokens.Length; i++)
            {
                if (i < tokens.Length && tokens[i] == tokens[i - period])
                {
                    run++;
                    continue;
                }
                int times = run / period + 1;
                if (times >= FewestTimes && run + period >= FewestTokens) return (i - run - period, period, times);
                run = 0;
            }
        }
        return null;
    }
}
