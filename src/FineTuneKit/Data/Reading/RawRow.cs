namespace FineTuneKit.Data;

/// <summary>A row as its file holds it: a JSON object that is not looked at yet, or the error that stands in its place.</summary>
/// <param name="Origin">Where it begins.</param>
/// <param name="Json">The object's bytes; valid until the next row is asked for.</param>
internal readonly record struct RawRow(RowOrigin Origin, ReadOnlyMemory<byte> Json)
{
    /// <summary>How many characters stand before the row on its line.</summary>
    public int Column { get; init; }

    /// <summary>Whether the bytes were checked already.</summary>
    public bool IsStrict { get; init; }

    /// <summary>What is wrong where there is no object.</summary>
    public InputException? Error { get; init; }
}
