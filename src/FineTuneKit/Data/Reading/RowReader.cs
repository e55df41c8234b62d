namespace FineTuneKit.Data;

/// <summary>
/// Reads rows from JSONL (<c>.jsonl</c>, <c>.ndjson</c>), JSON arrays (<c>.json</c>), CSV (RFC 4180), TSV and plain
/// text, all in UTF-8 with or without a byte order mark, each also packed by gzip; from folders of them, and from
/// standard input (<c>-</c>). Each row has one of the shapes of <see cref="DataShape"/>. Nothing is skipped but blank
/// lines; the first row that cannot be read ends the reading with its file, line and column, unless
/// <see cref="ReadOptions.PassOver"/> takes it.
/// </summary>
public static class RowReader
{
    /// <summary>All rows of a file or folder, in its order.</summary>
    /// <exception cref="InputException">No such file, no row, or a row that cannot be read.</exception>
    public static IReadOnlyList<Row> Read(string path, ReadOptions? options = null) => Enumerate(path, options).ToList();

    /// <summary>The rows one after another, in the memory of one row, however long the file.</summary>
    /// <exception cref="InputException">As in <see cref="Read"/>, thrown when the enumeration comes to it.</exception>
    public static IEnumerable<Row> Enumerate(string path, ReadOptions? options = null) => new RowSource(path, options);

    /// <summary>Throws at the first row that is no conversation, which is what supervised training learns from.</summary>
    /// <exception cref="InputException">A row of another kind.</exception>
    public static IReadOnlyList<Row> RequireConversations(IReadOnlyList<Row> rows)
    {
        foreach (Row row in rows)
            if (row.Kind != RowKind.Conversation) throw new InputException($"{row.Origin}: a {row.Kind.ToString().ToLowerInvariant()} row; a conversation is required");
        return rows;
    }

    /// <summary>Throws at the first row that is more than a conversation of plain texts.</summary>
    /// <exception cref="InputException">A row of another kind, with tools, or with a message of weight 0.</exception>
    public static IReadOnlyList<Row> RequirePlainConversations(IReadOnlyList<Row> rows)
    {
        foreach (Row row in RequireConversations(rows))
        {
            if (row.Tools is not null || !row.Messages.All(m => m.IsPlain && m.Role != "tool"))
                throw new InputException($"{row.Origin}: the row has tools, weights or reasoning, which would be lost; messages of role and content are required");
        }
        return rows;
    }
}
