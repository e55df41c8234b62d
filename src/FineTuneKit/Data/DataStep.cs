namespace FineTuneKit.Data;

/// <summary>What a step did to a data set.</summary>
/// <param name="Name">The step, such as "clean".</param>
/// <param name="RowsBefore">Rows before.</param>
/// <param name="RowsAfter">Rows after.</param>
/// <param name="Counts">What it counted, by name.</param>
public sealed record DataStep(string Name, long RowsBefore, long RowsAfter, IReadOnlyDictionary<string, long> Counts);
