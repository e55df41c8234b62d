using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FineTuneKit.Adapters;

namespace FineTuneKit.Models.Hub;

/// <summary>What is pushed.</summary>
public sealed record HubPushOptions
{
    /// <summary>The PEFT folder.</summary>
    public required string Folder { get; init; }

    /// <summary>Default null: <c>record.json</c> beside the folder, where there is one.</summary>
    public string? Record { get; init; }

    /// <summary>Default null: the base that the adapter's configuration names, where that is a name on the hub.</summary>
    public string? BaseModel { get; init; }

    /// <summary>Default true. A new repository is seen by its owner only.</summary>
    public bool Private { get; init; } = true;

    /// <summary>The commit's message.</summary>
    public string Message { get; init; } = "Upload adapter";
}

/// <summary>What a push did. Schema <c>finetunekit.hub-push/1</c>.</summary>
/// <param name="Model"><c>owner/name</c>.</param>
/// <param name="Commit">The new commit; null where nothing was sent.</param>
/// <param name="Files">Names of the files.</param>
/// <param name="Card">The model card.</param>
public sealed record HubPushResult(string Model, string? Commit, IReadOnlyList<string> Files, string Card)
{
    /// <summary>The schema's name and version.</summary>
    public string Schema { get; init; } = "finetunekit.hub-push/1";
}

/// <summary>
/// Puts an adapter on the hub, with a model card: large files through git LFS, then one commit of all. Only the files that
/// make up the adapter are sent, whatever else is in its folder.
/// </summary>
public static class HubPush
{
    private const int SampleBytes = 512;
    private const string LfsType = "application/vnd.git-lfs+json";

    private static readonly string[] Sent = [PeftFolder.ConfigName, PeftFolder.WeightsName, PeftFolder.BaseName];

    /// <summary>The files and the card that a push would send.</summary>
    /// <exception cref="InputException">The folder is no adapter, or the record is missing or malformed.</exception>
    public static HubPushResult Plan(HubName name, HubPushOptions options)
    {
        foreach (string required in new[] { PeftFolder.ConfigName, PeftFolder.WeightsName })
        {
            if (!File.Exists(Path.Combine(options.Folder, required)))
                throw new InputException($"{options.Folder}: no {required}; a PEFT folder, as ftk train writes it, is required");
        }
        SafetensorsFile.Open(Path.Combine(options.Folder, PeftFolder.WeightsName)).Dispose();
        string beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(Path.TrimEndingDirectorySeparator(options.Folder)))!, "record.json");
        string card = ModelCard.Of(name, options.Folder, options.Record ?? (File.Exists(beside) ? beside : null), options.BaseModel);
        return new(name.Name, null, [.. Sent.Where(file => File.Exists(Path.Combine(options.Folder, file))), "README.md"], card);
    }

    /// <summary>Makes the repository where there is none and commits the files.</summary>
    /// <exception cref="InputException">As <see cref="Plan"/>; or no token, or one that may not write.</exception>
    /// <exception cref="HubException">The hub cannot be reached, or sends what is not what it promised.</exception>
    public static async Task<HubPushResult> Run(HubName name, HubPushOptions options, HubSettings settings, IRunProgress progress, CancellationToken cancel)
    {
        HubPushResult plan = Plan(name, options);
        if (settings.Offline) throw new InputException("HF_HUB_OFFLINE or --offline is set: nothing can be pushed");
        if (settings.Token is null) throw new InputException("no token: set HF_TOKEN to one that may write (huggingface.co/settings/tokens)");
        using var client = new HubClient(settings);
        var files = plan.Files.Select(file => (Path: file, Bytes: file == "README.md" ? Encoding.UTF8.GetBytes(plan.Card) : Content(options, file))).ToList();
        var upload = new Upload(client, name);
        progress.Begin($"push to {name.Name}");
        await upload.Create(options.Private, cancel);
        HashSet<string> large = await upload.LargeOnes(files, cancel);
        foreach ((string path, byte[] bytes) in files.Where(file => large.Contains(file.Path)))
        {
            progress.Report(0.5, path);
            await upload.Store(path, bytes, cancel);
        }
        string commit = await upload.Commit(files, large, options.Message, cancel);
        progress.End(string.Create(CultureInfo.InvariantCulture, $"{files.Count} files, {files.Sum(file => (long)file.Bytes.Length) / 1e6:0.0} MB"));
        return plan with { Commit = commit };
    }

    private static byte[] Content(HubPushOptions options, string file)
    {
        byte[] bytes = File.ReadAllBytes(Path.Combine(options.Folder, file));
        // A folder on this machine as the name of the base is of no use to others.
        return options.BaseModel is null || file != PeftFolder.ConfigName ? bytes : WithBase(bytes, options.BaseModel);
    }

    private static byte[] WithBase(byte[] config, string baseModel)
    {
        var fields = System.Text.Json.Nodes.JsonNode.Parse(config)!.AsObject();
        fields["base_model_name_or_path"] = baseModel;
        return Encoding.UTF8.GetBytes(fields.ToJsonString(Records.AtomicFile.JsonOptions) + "\n");
    }

    /// <summary>The requests of one push.</summary>
    private sealed class Upload(HubClient client, HubName name)
    {
        public async Task Create(bool isPrivate, CancellationToken cancel)
        {
            string[] parts = name.Name.Split('/');
            object repository = parts.Length == 2
                ? new { type = "model", organization = parts[0], name = parts[1], @private = isPrivate, exist_ok = true }
                : new { type = "model", name = parts[0], @private = isPrivate, exist_ok = true };
            try
            {
                await client.Send(() => Post("api/repos/create", repository), (_, _, _) => Task.FromResult(true), cancel);
            }
            catch (HubException e) when (e.Message.Contains("answers 409", StringComparison.Ordinal))
            {
                // It is there already.
            }
        }

        /// <summary>The hub says which files go through LFS.</summary>
        public async Task<HashSet<string>> LargeOnes(List<(string Path, byte[] Bytes)> files, CancellationToken cancel)
        {
            var question = new { files = files.Select(file => new { path = file.Path, size = file.Bytes.LongLength, sample = Convert.ToBase64String(file.Bytes.AsSpan(0, Math.Min(SampleBytes, file.Bytes.Length))) }) };
            using JsonDocument answer = await client.Json(() => Post($"api/models/{name.Name}/preupload/{Revision}", question), cancel);
            return Usable(answer, () => answer.RootElement.GetProperty("files").EnumerateArray()
                .Where(file => file.GetProperty("uploadMode").GetString() == "lfs").Select(file => file.GetProperty("path").GetString()!).ToHashSet(StringComparer.Ordinal));
        }

        /// <summary>Sends a content to where the hub says, unless it has it.</summary>
        public async Task Store(string path, byte[] bytes, CancellationToken cancel)
        {
            var question = new
            {
                operation = "upload",
                transfers = new[] { "basic" },
                hash_algo = "sha256",
                @ref = new { name = $"refs/heads/{name.Revision}" },
                objects = new[] { new { oid = Hash(bytes), size = bytes.LongLength } },
            };
            using JsonDocument answer = await client.Json(() => Post($"{name.Name}.git/info/lfs/objects/batch", question, LfsType), cancel);
            (Uri? target, Dictionary<string, string> headers, Uri? verify) = Usable(answer, () => Actions(answer.RootElement.GetProperty("objects")[0], path));
            if (target is null) return;
            await client.Send(() => Put(target, bytes, headers), (_, _, _) => Task.FromResult(true), cancel);
            if (verify is not null)
                await client.Send(() => Post(verify, new { oid = Hash(bytes), size = bytes.LongLength }, LfsType), (_, _, _) => Task.FromResult(true), cancel);
        }

        public async Task<string> Commit(List<(string Path, byte[] Bytes)> files, HashSet<string> large, string message, CancellationToken cancel)
        {
            IEnumerable<object> lines = [
                new { key = "header", value = new { summary = message, description = "" } },
                .. files.Select(file => large.Contains(file.Path)
                    ? (object)new { key = "lfsFile", value = new { path = file.Path, algo = "sha256", oid = Hash(file.Bytes), size = file.Bytes.LongLength } }
                    : new { key = "file", value = new { path = file.Path, encoding = "base64", content = Convert.ToBase64String(file.Bytes) } })];
            byte[] body = Encoding.UTF8.GetBytes(string.Join('\n', lines.Select(line => JsonSerializer.Serialize(line))));
            using JsonDocument answer = await client.Json(
                () => new(HttpMethod.Post, client.Address($"api/models/{name.Name}/commit/{Revision}")) { Content = Typed(body, "application/x-ndjson") }, cancel);
            return Usable(answer, () => answer.RootElement.GetProperty("commitOid").GetString()!);
        }

        private string Revision => Uri.EscapeDataString(name.Revision);

        private static (Uri? Target, Dictionary<string, string> Headers, Uri? Verify) Actions(JsonElement stored, string path)
        {
            if (stored.TryGetProperty("error", out JsonElement error)) throw new HubException($"the hub does not take {path}: {error}");
            if (!stored.TryGetProperty("actions", out JsonElement actions) || !actions.TryGetProperty("upload", out JsonElement upload)) return (null, [], null);
            var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            if (upload.TryGetProperty("header", out JsonElement given))
                foreach (JsonProperty header in given.EnumerateObject()) headers[header.Name] = header.Value.ToString();
            if (headers.ContainsKey("chunk_size")) throw new HubException($"the hub wants {path} in parts, which is for files over 5 GB and not supported");
            return (Link(upload), headers, actions.TryGetProperty("verify", out JsonElement verify) ? Link(verify) : null);
        }

        private static Uri Link(JsonElement action) => new(action.GetProperty("href").GetString()!, UriKind.Absolute);

        private HttpRequestMessage Post(string path, object body, string type = "application/json") => Post(client.Address(path), body, type);

        private static HttpRequestMessage Post(Uri address, object body, string type)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = Typed(JsonSerializer.SerializeToUtf8Bytes(body), type) };
            request.Headers.Accept.Add(new(type));
            return request;
        }

        private HttpRequestMessage Put(Uri target, byte[] bytes, Dictionary<string, string> headers)
        {
            if (target.Scheme != "https" && client.Settings.Endpoint.Scheme == "https") throw new HubException($"the hub wants the file at {target}, which is not safe");
            var request = new HttpRequestMessage(HttpMethod.Put, target) { Content = new ByteArrayContent(bytes) };
            foreach ((string header, string value) in headers)
                if (!request.Headers.TryAddWithoutValidation(header, value)) request.Content.Headers.TryAddWithoutValidation(header, value);
            return request;
        }

        private static ByteArrayContent Typed(byte[] body, string type)
        {
            var content = new ByteArrayContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue(type);
            return content;
        }

        private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

        private static T Usable<T>(JsonDocument answer, Func<T> read)
        {
            try
            {
                return read();
            }
            catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or ArgumentException or UriFormatException or IndexOutOfRangeException)
            {
                throw new HubException($"the hub's answer cannot be used: {e.Message}: {answer.RootElement.GetRawText()[..Math.Min(200, answer.RootElement.GetRawText().Length)]}", e);
            }
        }
    }
}
