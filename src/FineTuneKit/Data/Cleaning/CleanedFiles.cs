using FineTuneKit.Records;

namespace FineTuneKit.Data;

/// <summary>A cleaning from files to files, in constant memory: <c>clean.jsonl</c> and <c>dropped.jsonl</c>.</summary>
public static class CleanedFiles
{
    /// <summary>The name of the file with the rows that stay.</summary>
    public const string CleanName = "clean.jsonl";

    /// <summary>Cleans rows and writes both files; both appear whole or not at all.</summary>
    /// <param name="folder">Where the files go.</param>
    /// <param name="options">What is cleaned.</param>
    /// <param name="open">Opens the rows; given the cleaning, to which unreadable rows can be told.</param>
    public static CleaningReport Write(string folder, CleaningOptions options, Func<DataCleaning, IEnumerable<Row>> open)
    {
        CleaningReport? report = null;
        AtomicFile.Write(Path.Combine(folder, DroppedRows.FileName), told =>
        {
            var cleaning = new DataCleaning(options, row =>
            {
                told.Write(DroppedRows.Line(row).Span);
                told.WriteByte((byte)'\n');
            });
            RowWriter.WriteJsonl(Path.Combine(folder, CleanName), cleaning.Clean(open(cleaning)));
            report = cleaning.Report;
        });
        return report!;
    }
}
