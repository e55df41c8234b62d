using System.Text.Json;
using FineTuneKit.Records;

namespace FineTuneKit.Data;

/// <summary>
/// How often a test set was looked at: a line in <c>test-looks.jsonl</c> beside it for every time. The more often results
/// on it decide what is tried next, the less it tells about new data.
/// </summary>
public static class TestLooks
{
    /// <summary>The file's name.</summary>
    public const string FileName = "test-looks.jsonl";

    /// <summary>Counts a look.</summary>
    /// <param name="folder">The folder of the test set.</param>
    /// <param name="purpose">Why it was looked at, such as the name of a run.</param>
    /// <param name="testSha256">The identity of the test rows (<see cref="DataHash"/>).</param>
    /// <returns>How often these rows were looked at, this time included.</returns>
    public static int Add(string folder, string purpose, string testSha256)
    {
        string path = Path.Combine(folder, FileName);
        string earlier = File.Exists(path) ? File.ReadAllText(path) : "";
        string line = JsonSerializer.Serialize(new { time = DateTime.UtcNow, purpose, test_sha256 = testSha256 });
        AtomicFile.WriteText(path, earlier + line + "\n");
        return Count(folder, testSha256);
    }

    /// <summary>How often these rows were looked at.</summary>
    public static int Count(string folder, string testSha256)
    {
        string path = Path.Combine(folder, FileName);
        return File.Exists(path) ? File.ReadLines(path).Count(l => l.Contains($"\"{testSha256}\"", StringComparison.Ordinal)) : 0;
    }
}
