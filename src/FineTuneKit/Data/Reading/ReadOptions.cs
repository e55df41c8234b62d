namespace FineTuneKit.Data;

/// <summary>A row that could not be read.</summary>
/// <param name="Origin">File and line.</param>
/// <param name="Reason">What is wrong, with file, line and column.</param>
/// <param name="Beginning">The first characters of what stands there.</param>
public sealed record BadRow(RowOrigin Origin, string Reason, string Beginning);

/// <summary>How files are read.</summary>
public sealed record ReadOptions
{
    /// <summary>Default null: by the file's name; of standard input by its first character, JSON or else CSV.</summary>
    public FileFormat? Format { get; init; }

    /// <summary>Default null: by the keys of each row.</summary>
    public DataShape? Shape { get; init; }

    /// <summary>Default null: the first row that cannot be read ends the reading. Else it is told, and reading goes on.</summary>
    public Action<BadRow>? PassOver { get; init; }

    /// <summary>Default null: told the share of the bytes that is read, and the rows so far with their rate.</summary>
    public IRunProgress? Progress { get; init; }
}
