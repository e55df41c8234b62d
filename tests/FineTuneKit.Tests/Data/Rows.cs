using FineTuneKit.Data;

namespace FineTuneKit.Tests.Data;

/// <summary>Rows and files made for a test.</summary>
internal static class Rows
{
    public static Row Of(string prompt, string answer, int line = 1, string? group = null, string? label = null, string? language = null) => new()
    {
        Origin = new RowOrigin("made.jsonl", line),
        Messages = [new("user", prompt), new("assistant", answer)],
        Group = group,
        Label = label,
        Language = language,
    };

    /// <summary>A text that shares next to nothing with those of other numbers.</summary>
    public static string Unlike(int number)
    {
        var random = new NamedRandom("text", number);
        return string.Join(' ', Enumerable.Range(0, 8).Select(_ => $"{random.NextBits():x}"[..8]));
    }
}

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("rows").FullName;

    public string Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] bytes)
    {
        string path = System.IO.Path.Combine(Path, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
