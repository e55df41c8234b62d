using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace FineTuneKit.Models.Hub;

/// <summary>What a download gave. Schema <c>finetunekit.hub-download/1</c>.</summary>
/// <param name="Model"><c>owner/name</c>.</param>
/// <param name="Revision">The revision that was asked for.</param>
/// <param name="Commit">The commit that it stands for.</param>
/// <param name="Folder">The snapshot in the cache.</param>
/// <param name="Files">Names of the files.</param>
/// <param name="Fetched">Bytes that came over the network in this run; the rest was there.</param>
public sealed record HubDownloadResult(string Model, string Revision, string Commit, string Folder, IReadOnlyList<string> Files, long Fetched)
{
    /// <summary>The schema's name and version.</summary>
    public string Schema { get; init; } = "finetunekit.hub-download/1";
}

/// <summary>
/// Fetches models from the hub into the cache that Python shares: what was cut off goes on where it stopped, sizes and
/// hashes are checked, a file appears only when it is whole, and no name that the server sends leads out of the cache.
/// </summary>
public static class HubDownload
{
    /// <summary>Fetches the files of a model, or finds them in the cache when offline.</summary>
    /// <exception cref="InputException">No such model, revision or file, no leave, pickles only, or offline and not in the cache.</exception>
    /// <exception cref="HubException">The hub cannot be reached, or sends what is not what it promised.</exception>
    public static async Task<HubDownloadResult> Run(HubName name, FileChoice choice, HubSettings settings, IRunProgress progress, CancellationToken cancel)
    {
        var cache = new HubCache(settings.CacheFolder);
        if (settings.Offline) return FromCache(cache, name, choice);
        using var client = new HubClient(settings);
        var download = new Transfer(client, cache, name, progress);
        return await download.Run(choice, cancel);
    }

    private static HubDownloadResult FromCache(HubCache cache, HubName name, FileChoice choice)
    {
        string snapshot = cache.Snapshot(name)
            ?? throw new InputException($"{name} is not in the cache {cache.Folder}, and the hub is not asked: HF_HUB_OFFLINE or --offline is set");
        string[] files = [.. Directory.EnumerateFiles(snapshot, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(snapshot, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];
        return new(name.Name, name.Revision, cache.Commit(name)!, snapshot, choice.Choose(files, name.Name), 0);
    }

    /// <summary>One run for one model.</summary>
    private sealed class Transfer(HubClient client, HubCache cache, HubName name, IRunProgress progress)
    {
        private long _fetched;

        public async Task<HubDownloadResult> Run(FileChoice choice, CancellationToken cancel)
        {
            progress.Begin($"list of {name}");
            (string commit, Dictionary<string, (string? Etag, long? Size)> listed) = await List(cancel);
            IReadOnlyList<string> chosen = choice.Choose([.. listed.Keys], name.Name);
            var files = new List<HubFile>();
            foreach (string path in chosen)
            {
                (string? etag, long? size) = listed[path];
                if (etag is null || size is null) (etag, size) = await Ask(commit, path, cancel);
                files.Add(HubFile.Of(path, etag, size, Address(commit, path)));
            }
            progress.End($"{chosen.Count} of {listed.Count} files, {Megabytes(files.Sum(f => f.Size))}");

            foreach (HubFile file in files) await Fetch(file, commit, cancel);
            // Last, so that a branch never stands for a snapshot that is not whole.
            cache.SetCommit(name, commit);
            return new(name.Name, name.Revision, commit, cache.SnapshotFolder(name, commit), chosen, _fetched);
        }

        private async Task<(string Commit, Dictionary<string, (string?, long?)> Files)> List(CancellationToken cancel)
        {
            Uri address = client.Address($"api/models/{name.Name}/revision/{Uri.EscapeDataString(name.Revision)}?blobs=true");
            using JsonDocument json = await client.Json(() => new(HttpMethod.Get, address), cancel);
            try
            {
                string commit = json.RootElement.GetProperty("sha").GetString() ?? "";
                if (!HubName.IsCommitHash(commit)) throw new HubException($"{address} gives the commit \"{commit}\"; 40 hexadecimal digits are required");
                var files = new Dictionary<string, (string?, long?)>(StringComparer.Ordinal);
                foreach (JsonElement entry in json.RootElement.GetProperty("siblings").EnumerateArray())
                {
                    (string path, string? etag, long? size) = HubFile.FromList(entry);
                    HubPath.Require(path, address.ToString());
                    files[path] = (etag, size);
                }
                return (commit, files);
            }
            catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or ArgumentException)
            {
                throw new HubException($"{address} answers with what is no list of a model's files: {e.Message}", e);
            }
        }

        private Task<(string?, long?)> Ask(string commit, string path, CancellationToken cancel) =>
            client.Send(() => new(HttpMethod.Head, Address(commit, path)), (response, _, _) => Task.FromResult(HubFile.FromHeaders(response)), cancel);

        private async Task Fetch(HubFile file, string commit, CancellationToken cancel)
        {
            string blob = cache.Blob(name, file.Etag);
            Directory.CreateDirectory(Path.GetDirectoryName(blob)!);
            using (await cache.Lock(name, file.Etag, cancel))
            {
                if (!File.Exists(blob) || new FileInfo(blob).Length != file.Size) await FetchBlob(file, commit, blob, cancel);
            }
            cache.Place(name, commit, file.Path, file.Etag);
        }

        private async Task FetchBlob(HubFile file, string commit, string blob, CancellationToken cancel)
        {
            string partial = blob + ".incomplete";
            progress.Begin(file.Path);
            // What an earlier run left may itself be damaged, so a wrong hash is met once by beginning anew.
            bool resumed = LengthOf(partial) > 0;
            string? wrong = await Whole(file, commit, partial, cancel);
            if (wrong is not null && resumed)
            {
                File.Delete(partial);
                wrong = await Whole(file, commit, partial, cancel);
            }
            if (wrong is not null)
            {
                File.Delete(partial);
                throw new HubException($"{Address(commit, file.Path)}: what was sent has the hash {wrong}; {file.Etag} is required; it was deleted");
            }
            File.Move(partial, blob, overwrite: true);
            progress.End(Megabytes(file.Size));
        }

        /// <summary>Completes a partial file; returns its hash where that is wrong.</summary>
        private async Task<string?> Whole(HubFile file, string commit, string partial, CancellationToken cancel)
        {
            if (LengthOf(partial) > file.Size) File.Delete(partial);
            if (!File.Exists(partial)) File.Create(partial).Dispose();
            long before = LengthOf(partial);
            while (LengthOf(partial) < file.Size)
            {
                await client.Send(
                    () => new(HttpMethod.Get, Address(commit, file.Path)) { Headers = { Range = LengthOf(partial) is > 0 and var at ? new RangeHeaderValue(at, null) : null } },
                    (response, address, quiet) => Receive(file, partial, response, address, quiet),
                    cancel,
                    progressed: () => LengthOf(partial) is var now && now > before && (before = now) > 0);
            }
            return file.WrongHash(partial);
        }

        private async Task<bool> Receive(HubFile file, string partial, HttpResponseMessage response, Uri address, Quiet quiet)
        {
            long from = response.StatusCode == HttpStatusCode.PartialContent ? response.Content.Headers.ContentRange?.From ?? -1 : 0;
            using var target = new FileStream(partial, FileMode.Open, FileAccess.Write, FileShare.Read);
            if (from < 0 || from > target.Length) throw new HubException($"{address} sends bytes from {from} on; from {target.Length} was asked");
            // A server that knows no ranges sends all of it again.
            target.SetLength(from);
            target.Position = from;
            using Stream source = await response.Content.ReadAsStreamAsync(quiet.Token);
            byte[] buffer = new byte[1 << 18];
            for (int read; (read = await source.ReadAsync(buffer, quiet.Token)) > 0; quiet.Heard())
            {
                if (target.Position + read > file.Size) throw new HubException($"{address} sends more than the {file.Size} bytes that {file.Path} has");
                Write(target, buffer.AsSpan(0, read));
                _fetched += read;
                progress.Report((double)target.Position / file.Size, $"{Megabytes(target.Position)} of {Megabytes(file.Size)}");
            }
            target.Flush(flushToDisk: true);
            if (target.Position < file.Size) throw new IOException($"the connection ended after {target.Position} of {file.Size} bytes");
            return true;
        }

        // A full disk is no fault of the hub, and trying again does not help.
        private static void Write(FileStream target, ReadOnlySpan<byte> bytes)
        {
            try
            {
                target.Write(bytes);
            }
            catch (IOException e)
            {
                throw new InputException($"{target.Name}: cannot be written: {e.Message}", e);
            }
        }

        private Uri Address(string commit, string path) => client.Address($"{name.Name}/resolve/{commit}/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}");

        private static long LengthOf(string file) => File.Exists(file) ? new FileInfo(file).Length : 0;

        private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB");
    }
}
