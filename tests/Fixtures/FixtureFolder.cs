using System.Text.Json;
using Xunit;

namespace FineTuneKit.Fixtures;

/// <summary>
/// Cases that other people's software computed, outside this repository. The folder is the environment
/// variable <c>FINETUNEKIT_FIXTURES</c>, else <c>../shared/fixtures</c> beside the repository. Without it
/// a theory gets one row with the case name <see cref="Absent"/>, which skips.
/// </summary>
public static class FixtureFolder
{
    /// <summary>The case name that stands for "no folder, so no case".</summary>
    public const string Absent = "(fixtures absent)";

    /// <summary>The folder, or null where there is none.</summary>
    public static string? Root { get; } = Find();

    /// <summary>True when the folder is there.</summary>
    public static bool Exists => Root is not null;

    /// <summary>The path of a file or folder inside the fixtures.</summary>
    public static string PathOf(params string[] parts) =>
        Path.Combine([Root ?? throw new InvalidOperationException("FINETUNEKIT_FIXTURES is not set"), .. parts]);

    /// <summary>Skips the running test when it was given <see cref="Absent"/>.</summary>
    public static void SkipIfAbsent(string caseName)
    {
        if (caseName == Absent)
            Assert.Skip("No fixtures: set FINETUNEKIT_FIXTURES to their folder to run these cases.");
    }

    /// <summary>Names of the folders below <paramref name="folder"/> that hold <paramref name="file"/> and pass the filter.</summary>
    public static TheoryData<string> Folders(string folder, string file, Func<JsonElement, bool>? filter = null)
    {
        var data = new TheoryData<string>();
        if (Exists && Directory.Exists(PathOf(folder)))
        {
            foreach (string path in Directory.GetDirectories(PathOf(folder)).Order(StringComparer.Ordinal))
            {
                string candidate = Path.Combine(path, file);
                if (!File.Exists(candidate)) continue;
                if (filter is not null)
                {
                    using var json = JsonDocument.Parse(File.ReadAllText(candidate));
                    if (!filter(json.RootElement)) continue;
                }
                data.Add(Path.GetFileName(path));
            }
        }
        if (!Exists) data.Add(Absent);
        return data;
    }

    /// <summary>The ids of the entries of the array <paramref name="list"/> in one JSON file.</summary>
    public static TheoryData<string> Cases(string file, string list = "cases", Func<JsonElement, bool>? filter = null)
    {
        var data = new TheoryData<string>();
        if (Exists && File.Exists(PathOf(file)))
        {
            foreach (JsonElement entry in Json(file).GetProperty(list).EnumerateArray())
                if (filter is null || filter(entry)) data.Add(entry.GetProperty("id").GetString()!);
        }
        if (!Exists) data.Add(Absent);
        return data;
    }

    /// <summary>One entry of <see cref="Cases"/> by its id.</summary>
    public static JsonElement Case(string file, string id, string list = "cases") =>
        Json(file).GetProperty(list).EnumerateArray().First(e => e.GetProperty("id").GetString() == id);

    /// <summary>A JSON file of the fixtures, parsed once for the whole run.</summary>
    public static JsonElement Json(string file)
    {
        lock (Parsed)
        {
            if (!Parsed.TryGetValue(file, out JsonElement root))
            {
                using var json = JsonDocument.Parse(File.ReadAllText(PathOf(file)));
                Parsed[file] = root = json.RootElement.Clone();
            }
            return root;
        }
    }

    private static readonly Dictionary<string, JsonElement> Parsed = new(StringComparer.Ordinal);

    private static string? Find()
    {
        string? named = Environment.GetEnvironmentVariable("FINETUNEKIT_FIXTURES");
        if (!string.IsNullOrEmpty(named))
            return Directory.Exists(named) ? Path.GetFullPath(named) : null;
        string beside = Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "fixtures"));
        return Directory.Exists(beside) ? beside : null;
    }
}
