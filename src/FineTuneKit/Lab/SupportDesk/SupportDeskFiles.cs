using FineTuneKit.Records;

namespace FineTuneKit.Lab.SupportDesk;

/// <summary>The files of data-samples/support-desk, byte for byte as they are in the repository.</summary>
public static class SupportDeskFiles
{
    /// <summary>Rows of clean.jsonl.</summary>
    public const int CleanRows = 600;

    /// <summary>The seed of clean.jsonl.</summary>
    public const long CleanSeed = 1;

    /// <summary>Rows of dirty.jsonl.</summary>
    public const int DirtyRows = 800;

    /// <summary>The seed of dirty.jsonl and planted.jsonl.</summary>
    public const long DirtySeed = 2;

    /// <summary>The names and contents of the files.</summary>
    public static IReadOnlyDictionary<string, string> Contents()
    {
        DirtyDesk dirty = SupportDeskGenerator.Dirty(DirtyRows, DirtySeed);
        return new Dictionary<string, string>
        {
            ["clean.jsonl"] = Lines(SupportDeskGenerator.Clean(CleanRows, CleanSeed).Select(r => r.ToJsonLine())),
            ["dirty.jsonl"] = Lines(dirty.Rows.Select(r => r.ToJsonLine())),
            ["planted.jsonl"] = Lines(dirty.Planted.Select(f => f.ToJsonLine())),
            ["catalogue.json"] = Catalogue.ToJson(),
        };
    }

    /// <summary>Writes the files into a folder, which is made where it does not exist.</summary>
    /// <exception cref="InputException">A file cannot be written.</exception>
    public static void Write(string folder)
    {
        foreach ((string name, string text) in Contents()) AtomicFile.WriteText(Path.Combine(folder, name), text);
    }

    private static string Lines(IEnumerable<string> lines) => string.Concat(lines.Select(line => line + "\n"));
}
