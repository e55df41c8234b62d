namespace FineTuneKit.Data;

/// <summary>Which text of a row is compared with that of others when near-duplicates are sought.</summary>
public enum CompareBy
{
    /// <summary>All messages before the answer but the system's; the answer where they are empty.</summary>
    Prompt,

    /// <summary>The answer.</summary>
    Answer,

    /// <summary>Prompt and answer, for data whose prompts are all alike.</summary>
    Both,
}

/// <summary>The texts of a row that rules look at.</summary>
internal static class RowText
{
    /// <summary>What is compared.</summary>
    public static string Of(Row row, CompareBy by)
    {
        string prompt = Prompt(row);
        return by switch
        {
            CompareBy.Answer => row.Answer,
            CompareBy.Both => prompt + "\n" + row.Answer,
            _ => string.IsNullOrWhiteSpace(prompt) ? row.Answer : prompt,
        };
    }

    /// <summary>The conversation before the answer, without the system's message, which many rows share.</summary>
    public static string Prompt(Row row) =>
        string.Join('\n', row.Messages.SkipLast(1).Where(m => m.Role != "system").Select(m => m.Content));
}
