namespace FineTuneKit;

/// <summary>Finds the data that comes with the kit, so that a notebook runs from any folder of it.</summary>
public static class ShippedFiles
{
    private const string Folder = "data-samples";

    /// <summary>A path that exists, as it is; else that of the shipped file or folder of this name.</summary>
    /// <exception cref="InputException">It is nowhere.</exception>
    public static string Resolve(string pathOrName) => Path.Exists(pathOrName) ? pathOrName : Find(pathOrName);

    /// <summary>
    /// The path of a shipped file or folder, such as <c>mini-base</c> or <c>support-desk/clean.jsonl</c>: in
    /// <c>data-samples</c> in the current folder or above it, else above the program.
    /// </summary>
    /// <exception cref="InputException">It is nowhere.</exception>
    public static string Find(string name)
    {
        foreach (string start in new[] { Environment.CurrentDirectory, AppContext.BaseDirectory })
        {
            for (DirectoryInfo? at = new(start); at is not null; at = at.Parent)
            {
                string candidate = Path.Combine(at.FullName, Folder, name);
                if (Path.Exists(candidate)) return candidate;
            }
        }
        throw new InputException($"{Folder}/{name} is not here or above; run in the kit's folder, or name the whole path");
    }
}
