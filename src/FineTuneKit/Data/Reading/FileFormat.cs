namespace FineTuneKit.Data;

/// <summary>How a file holds its rows. Each may be compressed by gzip.</summary>
public enum FileFormat
{
    /// <summary>A JSON object on each line: <c>.jsonl</c>, <c>.ndjson</c>.</summary>
    JsonLines,

    /// <summary>One JSON array of objects: <c>.json</c>.</summary>
    Json,

    /// <summary>RFC 4180: <c>.csv</c>.</summary>
    Csv,

    /// <summary>The same with tabs: <c>.tsv</c>.</summary>
    Tsv,

    /// <summary>A text on each line, without a key: <c>.txt</c>.</summary>
    PlainText,
}

/// <summary>Formats by the names of files.</summary>
internal static class FileFormats
{
    public const string Accepted = ".jsonl, .ndjson, .json, .csv, .tsv, .txt, each also with .gz";

    /// <summary>The format that a name says, null where it says none.</summary>
    public static FileFormat? OfName(string path) => Extension(path) switch
    {
        ".jsonl" or ".ndjson" => FileFormat.JsonLines,
        ".json" => FileFormat.Json,
        ".csv" => FileFormat.Csv,
        ".tsv" => FileFormat.Tsv,
        ".txt" => FileFormat.PlainText,
        _ => null,
    };

    public static bool IsCompressed(string path) => path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    /// <summary>The extension, without that of the compression.</summary>
    public static string Extension(string path) =>
        Path.GetExtension(IsCompressed(path) ? path[..^3] : path).ToLowerInvariant();
}
