using FineTuneKit.Records;

namespace FineTuneKit.Models.Hub;

/// <summary>
/// The folder in which Python's <c>huggingface_hub</c> keeps what it downloads: <c>models--owner--name</c> with the contents
/// under <c>blobs</c> by their hash, links to them under <c>snapshots/COMMIT</c>, and under <c>refs</c> the commit of each
/// branch. What one program fetched the other finds.
/// </summary>
public sealed class HubCache(string folder)
{
    /// <summary>The cache's folder.</summary>
    public string Folder => folder;

    /// <summary>
    /// The folder of a model: the path itself where there is such a folder or file, else the snapshot in the cache of the
    /// environment where the text has the form <c>owner/name</c> or <c>owner/name@revision</c>.
    /// </summary>
    /// <exception cref="InputException">It has that form and is not in the cache.</exception>
    public static string ModelFolder(string pathOrName)
    {
        if (Path.Exists(pathOrName) || !HubName.IsOne(pathOrName)) return pathOrName;
        var cache = new HubCache(HubSettings.FromEnvironment().CacheFolder);
        var name = HubName.Parse(pathOrName);
        return cache.Snapshot(name)
            ?? throw new InputException($"{pathOrName}: no such folder, and no such model in the cache {cache.Folder}; ftk hub download {name.Name}{(name.Revision == HubName.MainRevision ? "" : $" --revision {name.Revision}")} fetches it");
    }

    /// <summary>The snapshot of a revision, or null where it is not in the cache.</summary>
    public string? Snapshot(HubName name) =>
        Commit(name) is string commit && Directory.Exists(SnapshotFolder(name, commit)) ? SnapshotFolder(name, commit) : null;

    /// <summary>The commit that a revision stood for when it was last looked up, or null.</summary>
    internal string? Commit(HubName name)
    {
        if (name.IsCommit) return name.Revision;
        string reference = Path.Combine(RepositoryFolder(name), "refs", name.Revision);
        return File.Exists(reference) && File.ReadAllText(reference).Trim() is var commit && HubName.IsCommitHash(commit) ? commit : null;
    }

    internal void SetCommit(HubName name, string commit)
    {
        if (!name.IsCommit && Commit(name) != commit) AtomicFile.WriteText(Path.Combine(RepositoryFolder(name), "refs", name.Revision), commit);
    }

    internal string SnapshotFolder(HubName name, string commit) => Path.Combine(RepositoryFolder(name), "snapshots", commit);

    /// <summary>Where the content of a hash is kept.</summary>
    internal string Blob(HubName name, string etag) => Path.Combine(RepositoryFolder(name), "blobs", etag);

    /// <summary>Held while a content is fetched, also against Python; the same file and the same kind of lock.</summary>
    internal async Task<IDisposable> Lock(HubName name, string etag, CancellationToken cancel)
    {
        string file = Path.Combine(folder, ".locks", FolderName(name), etag + ".lock");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(file))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancel);
            }
        }
    }

    /// <summary>Puts a content under its file's name into a snapshot; a reader sees the old file, the new one or none.</summary>
    internal void Place(HubName name, string commit, string path, string etag)
    {
        string place = Path.GetFullPath(Path.Combine(SnapshotFolder(name, commit), path)), parent = Path.GetDirectoryName(place)!;
        Directory.CreateDirectory(parent);
        string temporary = Path.Combine(parent, $".{Path.GetFileName(place)}.{Path.GetRandomFileName()}.tmp"), blob = Blob(name, etag);
        try
        {
            File.CreateSymbolicLink(temporary, Path.GetRelativePath(parent, blob));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            // A file system or a Windows account without links.
            File.Copy(blob, temporary);
        }
        File.Move(temporary, place, overwrite: true);
    }

    private string RepositoryFolder(HubName name) => Path.Combine(folder, FolderName(name));

    private static string FolderName(HubName name) => "models--" + name.Name.Replace("/", "--", StringComparison.Ordinal);
}
