using System.Text.Json;

namespace FineTuneKit.Records;

/// <summary>
/// How often a test set was looked at, told from the records of the runs that lie beside each other. The more often results
/// on it decide what is tried next, the less it tells about new data.
/// </summary>
public static class TestLooks
{
    // No record is near this size; what is larger is not one.
    private const long RecordBytes = 16 << 20;

    /// <summary>The looks so far, one that a run is about to take included: one more than the largest count that a run in the same folder, or an earlier one in its place, has recorded for these rows.</summary>
    /// <param name="runFolder">The folder of the run's results; it need not exist.</param>
    /// <param name="testSha256">The identity of the test rows (<see cref="Data.DataHash"/>).</param>
    public static int With(string runFolder, string testSha256)
    {
        string folder = Path.GetFullPath(Path.TrimEndingDirectorySeparator(runFolder));
        IEnumerable<string> beside = Path.GetDirectoryName(folder) is { } parent && Directory.Exists(parent) ? Folders(parent) : [];
        return 1 + beside.Append(folder).Max(run => Recorded(Path.Combine(run, "record.json"), testSha256));
    }

    private static IEnumerable<string> Folders(string parent) => Directory.EnumerateDirectories(parent, "*", new EnumerationOptions { IgnoreInaccessible = true });

    private static int Recorded(string file, string testSha256)
    {
        try
        {
            if (new FileInfo(file) is not { Exists: true, Length: <= RecordBytes }) return 0;
            using JsonDocument record = JsonDocument.Parse(File.ReadAllBytes(file));
            return record.RootElement.ValueKind == JsonValueKind.Object
                && record.RootElement.TryGetProperty("test_sha256", out JsonElement hash) && hash.ValueEquals(testSha256)
                && record.RootElement.TryGetProperty("test_looks", out JsonElement looks) && looks.TryGetInt32(out int count) ? count : 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            // Another program's file; a run does not fail for it.
            return 0;
        }
    }
}
