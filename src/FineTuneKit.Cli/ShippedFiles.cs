namespace FineTuneKit.Cli;

/// <summary>Finds the data that comes with the kit: in the current folder or above it, else above the program.</summary>
internal static class ShippedFiles
{
    private const string Folder = "data-samples";

    /// <exception cref="InputException">It is nowhere.</exception>
    public static string Find(string name)
    {
        foreach (string start in new[] { Environment.CurrentDirectory, AppContext.BaseDirectory })
        {
            for (DirectoryInfo? at = new(start); at is not null; at = at.Parent)
            {
                string candidate = Path.Combine(at.FullName, Folder, name);
                if (Directory.Exists(candidate)) return candidate;
            }
        }
        throw new InputException($"{Folder}/{name} is not here or above; run in the kit's folder, or name the folder with its option");
    }
}
