using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FineTuneKit.Tests.Models.Hub;

/// <summary>A file as the fake hub has it; a large one is redirected to the other server, by LFS.</summary>
internal sealed record FakeFile(byte[] Bytes, bool Large = false)
{
    /// <summary>What the hub says the hash is.</summary>
    public string Etag { get; init; } = Large ? Convert.ToHexStringLower(SHA256.HashData(Bytes)) : GitHash(Bytes);

    /// <summary>What the hub says the size is.</summary>
    public long Size { get; init; } = Bytes.Length;

    private static string GitHash(byte[] bytes) => Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {bytes.Length}\0"), .. bytes]));
}

/// <summary>What reached a server.</summary>
internal sealed record Seen(string Server, string Method, string Path, string? Range, string? Authorization);

/// <summary>
/// The hub's own protocol over real HTTP: a server that lists and answers, and a second one, at another address, that holds
/// the large files. Faults are queued: each request for a file's content meets the next.
/// </summary>
internal sealed class FakeHub : IDisposable
{
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly WebApplication _hub, _store;

    public FakeHub()
    {
        _hub = Start(Hub);
        _store = Start(Store);
    }

    public string Name { get; init; } = "owner/tiny";

    public ConcurrentDictionary<string, FakeFile> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>What a list names besides.</summary>
    public List<string> ExtraNames { get; } = [];

    /// <summary>Whether the list gives sizes and hashes, or they are to be asked for.</summary>
    public bool ListsBlobs { get; set; } = true;

    public string ListedCommit { get; set; } = Commit;

    public bool KnowsRanges { get; set; } = true;

    /// <summary>Met by requests for contents, one each; true where it answered.</summary>
    public ConcurrentQueue<Func<HttpContext, Task<bool>>> Faults { get; } = new();

    /// <summary>Met by requests for the list.</summary>
    public ConcurrentQueue<Func<HttpContext, Task<bool>>> ListFaults { get; } = new();

    public ConcurrentQueue<Seen> Requests { get; } = new();

    /// <summary>What was pushed: LFS objects by hash, and the lines of commits.</summary>
    public ConcurrentDictionary<string, byte[]> Stored { get; } = new(StringComparer.Ordinal);

    public ConcurrentQueue<JsonElement> Committed { get; } = new();

    public bool Exists { get; set; }

    public Uri Address => AddressOf(_hub);

    public static Func<HttpContext, Task<bool>> Status(int code, string? retryAfter = null) => context =>
    {
        context.Response.StatusCode = code;
        if (retryAfter is not null) context.Response.Headers.RetryAfter = retryAfter;
        return Task.FromResult(true);
    };

    /// <summary>Sends so many bytes and breaks the connection.</summary>
    public static Func<HttpContext, Task<bool>> CutAfter(byte[] content, int bytes) => async context =>
    {
        int from = RangeOf(context) ?? 0;
        if (from > 0) context.Response.StatusCode = 206;
        if (from > 0) context.Response.Headers.ContentRange = $"bytes {from}-{content.Length - 1}/{content.Length}";
        context.Response.ContentLength = content.Length - from;
        await context.Response.Body.WriteAsync(content.AsMemory(from, bytes));
        await context.Response.Body.FlushAsync();
        context.Abort();
        return true;
    };

    /// <summary>Sends nothing for so long.</summary>
    public static Func<HttpContext, Task<bool>> Silence(TimeSpan time) => async context =>
    {
        await Task.Delay(time, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        context.Abort();
        return true;
    };

    /// <summary>Sends other bytes than it should.</summary>
    public static Func<HttpContext, Task<bool>> Instead(byte[] bytes) => async context =>
    {
        await context.Response.Body.WriteAsync(bytes);
        return true;
    };

    public static Func<HttpContext, Task<bool>> Redirect(string to) => context =>
    {
        context.Response.StatusCode = 302;
        context.Response.Headers.Location = to;
        return Task.FromResult(true);
    };

    public void Dispose()
    {
        foreach (WebApplication server in new[] { _hub, _store })
        {
            server.StopAsync(new CancellationToken(true)).GetAwaiter().GetResult();
            ((IDisposable)server).Dispose();
        }
    }

    private static WebApplication Start(RequestDelegate answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(options => options.Listen(System.Net.IPAddress.Loopback, 0));
        WebApplication server = builder.Build();
        server.Run(answer);
        server.StartAsync().GetAwaiter().GetResult();
        return server;
    }


    private static Uri AddressOf(WebApplication server) => new(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/");

    private void Note(string server, HttpContext context) => Requests.Enqueue(new(
        server, context.Request.Method, context.Request.Path.Value!, context.Request.Headers.Range.FirstOrDefault(), context.Request.Headers.Authorization.FirstOrDefault()));

    private async Task Hub(HttpContext context)
    {
        Note("hub", context);
        string path = context.Request.Path.Value![1..], method = context.Request.Method;
        if (path.StartsWith($"api/models/{Name}/revision/", StringComparison.Ordinal)) await List(context);
        else if (path.StartsWith($"{Name}/resolve/{Commit}/", StringComparison.Ordinal)) await Resolve(context, path[$"{Name}/resolve/{Commit}/".Length..]);
        else if (method == "POST") await Push(context, path);
        else context.Response.StatusCode = 404;
    }

    private async Task List(HttpContext context)
    {
        if (ListFaults.TryDequeue(out var fault) && await fault(context)) return;
        var entries = Files.Select(file => (object)(!ListsBlobs ? new { rfilename = file.Key }
            : file.Value.Large ? new { rfilename = file.Key, size = file.Value.Size, blobId = new string('a', 40), lfs = new { sha256 = file.Value.Etag, size = file.Value.Size, pointerSize = 134 } }
            : new { rfilename = file.Key, size = file.Value.Size, blobId = file.Value.Etag }))
            .Concat(ExtraNames.Select(name => new { rfilename = name }));
        await Answer(context, new { id = Name, sha = ListedCommit, siblings = entries });
    }

    private async Task Resolve(HttpContext context, string path)
    {
        if (!Files.TryGetValue(path, out FakeFile? file))
        {
            context.Response.StatusCode = 404;
            return;
        }
        context.Response.Headers["X-Repo-Commit"] = Commit;
        context.Response.Headers.ETag = file.Large ? "\"redirect\"" : $"\"{file.Etag}\"";
        if (file.Large)
        {
            context.Response.Headers["X-Linked-Etag"] = $"\"{file.Etag}\"";
            context.Response.Headers["X-Linked-Size"] = file.Size.ToString(CultureInfo.InvariantCulture);
            context.Response.StatusCode = 302;
            context.Response.Headers.Location = $"{AddressOf(_store)}{Uri.EscapeDataString(path)}";
            return;
        }
        await Send(context, file);
    }

    private async Task Store(HttpContext context)
    {
        Note("store", context);
        string path = context.Request.Path.Value![1..];
        if (context.Request.Method == "PUT")
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            Stored[path] = body.ToArray();
        }
        else if (Files.TryGetValue(path, out FakeFile? file))
        {
            await Send(context, file);
        }
        else
        {
            context.Response.StatusCode = 404;
        }
    }

    private async Task Send(HttpContext context, FakeFile file)
    {
        if (context.Request.Method == "HEAD")
        {
            context.Response.ContentLength = file.Size;
            return;
        }
        if (Faults.TryDequeue(out var fault) && await fault(context)) return;
        int from = KnowsRanges ? RangeOf(context) ?? 0 : 0;
        if (from >= file.Bytes.Length && file.Bytes.Length > 0)
        {
            context.Response.StatusCode = 416;
            return;
        }
        if (from > 0)
        {
            context.Response.StatusCode = 206;
            context.Response.Headers.ContentRange = $"bytes {from}-{file.Bytes.Length - 1}/{file.Bytes.Length}";
        }
        context.Response.ContentLength = file.Bytes.Length - from;
        await context.Response.Body.WriteAsync(file.Bytes.AsMemory(from));
    }

    private async Task Push(HttpContext context, string path)
    {
        using var reader = new StreamReader(context.Request.Body);
        string body = await reader.ReadToEndAsync();
        if (path == "api/repos/create")
        {
            if (Exists) context.Response.StatusCode = 409;
            await Answer(context, new { url = Name });
        }
        else if (path == $"api/models/{Name}/preupload/main")
        {
            using JsonDocument question = JsonDocument.Parse(body);
            await Answer(context, new
            {
                files = question.RootElement.GetProperty("files").EnumerateArray()
                    .Select(file => file.GetProperty("path").GetString()!).Select(file => new { path = file, uploadMode = file.EndsWith(".safetensors", StringComparison.Ordinal) ? "lfs" : "regular" }).ToArray(),
            });
        }
        else if (path == $"{Name}.git/info/lfs/objects/batch")
        {
            using JsonDocument question = JsonDocument.Parse(body);
            JsonElement asked = question.RootElement.GetProperty("objects")[0];
            string oid = asked.GetProperty("oid").GetString()!;
            object known = new { oid, size = asked.GetProperty("size").GetInt64() };
            object wanted = new
            {
                oid,
                size = asked.GetProperty("size").GetInt64(),
                actions = new { upload = new { href = AddressOf(_store) + oid, header = new Dictionary<string, string> { ["x-note"] = "1" } }, verify = new { href = Address + "verify" } },
            };
            await Answer(context, new { transfer = "basic", objects = new[] { Stored.ContainsKey(oid) ? known : wanted } });
        }
        else if (path == "verify")
        {
            await Answer(context, new { ok = true });
        }
        else if (path == $"api/models/{Name}/commit/main")
        {
            foreach (string line in body.Split('\n')) Committed.Enqueue(JsonDocument.Parse(line).RootElement.Clone());
            await Answer(context, new { success = true, commitOid = Commit, commitUrl = "" });
        }
        else
        {
            context.Response.StatusCode = 404;
        }
    }

    private static int? RangeOf(HttpContext context) =>
        context.Request.Headers.Range.FirstOrDefault() is { } range ? int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture) : null;

    private static Task Answer(HttpContext context, object value) => context.Response.WriteAsync(JsonSerializer.Serialize(value));
}
