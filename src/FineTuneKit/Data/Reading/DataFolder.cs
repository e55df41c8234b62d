namespace FineTuneKit.Data;

/// <summary>
/// Folders of rows: all files of a kind that is read, by name; or the sides of a split, <c>train</c>, <c>valid</c> and
/// <c>test</c>, as mlx-lm has them.
/// </summary>
public static class DataFolder
{
    private static readonly (SplitSide Side, string[] Names)[] SideNames =
    [
        (SplitSide.Train, ["train"]), (SplitSide.Validation, ["valid", "validation", "val", "dev"]), (SplitSide.Test, ["test"]),
    ];

    /// <summary>The file of each side that a folder has, by its name.</summary>
    /// <exception cref="InputException">Two files of one side.</exception>
    public static IReadOnlyDictionary<SplitSide, string> Sides(string folder)
    {
        var sides = new Dictionary<SplitSide, string>();
        foreach (string file in FilesOf(folder, out _))
        {
            string name = Path.GetFileName(file).Split('.')[0].ToLowerInvariant();
            foreach ((SplitSide side, _) in SideNames.Where(s => s.Names.Contains(name)))
            {
                if (!sides.TryAdd(side, file))
                    throw new InputException($"{folder}: {Path.GetFileName(sides[side])} and {Path.GetFileName(file)} are both the {side.ToString().ToLowerInvariant()} side; one is required");
            }
        }
        return sides;
    }

    /// <summary>The sides of a split that stands already, proven.</summary>
    /// <exception cref="InputException">No training side, a row that cannot be read, or a leak between the sides.</exception>
    public static SplitResult ReadSplit(string folder, SplitOptions? options = null)
    {
        IReadOnlyDictionary<SplitSide, string> sides = Sides(folder);
        if (!sides.ContainsKey(SplitSide.Train)) throw new InputException($"{folder}: no file of the training side; train.jsonl, or train of another kind, is required");
        IReadOnlyList<Row> Rows(SplitSide side) => sides.TryGetValue(side, out string? file) ? RowReader.Read(file) : [];
        return DataSplit.Check(Rows(SplitSide.Train), Rows(SplitSide.Validation), Rows(SplitSide.Test), options);
    }

    /// <summary>Writes each side that has rows: <c>train.jsonl</c>, <c>valid.jsonl</c>, <c>test.jsonl</c>.</summary>
    public static IReadOnlyList<WriteReport> WriteSplit(string folder, SplitResult split, WriteOptions? options = null) =>
    [
        .. new[] { (SplitSide.Train, split.Train), (SplitSide.Validation, split.Validation), (SplitSide.Test, split.Test) }
            .Where(side => side.Item2.Count > 0)
            .Select(side => RowWriter.Write(Path.Combine(folder, FileName(side.Item1)), side.Item2, options)),
    ];

    /// <summary>The name that a side's file gets.</summary>
    public static string FileName(SplitSide side) => SideNames.First(s => s.Side == side).Names[0] + ".jsonl";

    /// <summary>The file itself, or the files of a folder and its folders that hold rows, by name; hidden ones are no part of it.</summary>
    internal static IReadOnlyList<string> FilesOf(string path, out IReadOnlyList<string> others)
    {
        others = [];
        if (!Directory.Exists(path)) return [path];
        string[] all = [.. Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
            .Where(f => !Path.GetRelativePath(path, f).Split(Path.DirectorySeparatorChar).Any(part => part.StartsWith('.'))).Order(StringComparer.Ordinal)];
        string[] files = [.. all.Where(f => FileFormats.OfName(f) is not null && !IsDescription(f))];
        others = [.. all.Except(files, StringComparer.Ordinal)];
        if (files.Length == 0)
            throw new InputException($"{path}: the folder holds {all.Length} files and none of rows; at least one is required, of the kinds {FileFormats.Accepted}");
        return files;
    }

    // What data sets carry beside their rows.
    private static bool IsDescription(string file) => Path.GetFileName(file).ToLowerInvariant() is
        "dataset_info.json" or "dataset_infos.json" or "dataset_dict.json" or "state.json" or "license.txt" or "readme.txt" or "source.txt" or "dropped.jsonl" or "split.jsonl" or "audit.json" or "vault.json";
}
