namespace FineTuneKit.Data;

/// <summary>How rows are written.</summary>
public sealed record WriteOptions
{
    /// <summary>Default null: by the file's name.</summary>
    public FileFormat? Format { get; init; }

    /// <summary>Default null: that of each row's kind (<see cref="RowShapes.Of(RowKind)"/>).</summary>
    public DataShape? Shape { get; init; }

    /// <summary>Default null. Told each row that shape or format cannot hold, with the reason.</summary>
    public Action<Row, string>? Refused { get; init; }
}

/// <summary>What was written, and what could not be.</summary>
public sealed record WriteReport
{
    /// <summary>The file.</summary>
    public required string File { get; init; }

    /// <summary>Rows written; each reads back with the same content.</summary>
    public required long Written { get; init; }

    /// <summary>Rows that shape or format cannot hold, by reason.</summary>
    public required IReadOnlyDictionary<string, long> Refused { get; init; }

    /// <summary>Other keys of rows that had to be left out, for the shape or the table has no place for them, with their rows.</summary>
    public required IReadOnlyDictionary<string, long> KeysLeftOut { get; init; }

    /// <summary>Rows that were not written.</summary>
    public long RefusedCount => Refused.Values.Sum();
}
