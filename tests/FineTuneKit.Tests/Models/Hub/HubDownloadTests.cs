using System.Net;
using System.Text;
using FineTuneKit.Models.Hub;
using Xunit;

namespace FineTuneKit.Tests.Models.Hub;

/// <summary>Downloads from a server that speaks the hub's protocol, well and badly.</summary>
public sealed class HubDownloadTests : IDisposable
{
    private const string Token = "hf_secret";

    private readonly string _folder = Directory.CreateTempSubdirectory("hub").FullName;
    private readonly FakeHub _hub = new();
    private readonly List<TimeSpan> _waits = [];
    private readonly byte[] _weights = Bytes(300_000);

    public HubDownloadTests()
    {
        _hub.Files["config.json"] = new(Encoding.UTF8.GetBytes("""{"model_type": "llama"}"""));
        _hub.Files["model.safetensors"] = new(_weights, Large: true);
    }

    private string Repository => Path.Combine(_folder, "hub", "models--owner--tiny");

    private string Snapshot => Path.Combine(Repository, "snapshots", FakeHub.Commit);

    private string Partial => Path.Combine(Repository, "blobs", _hub.Files["model.safetensors"].Etag + ".incomplete");

    public void Dispose()
    {
        _hub.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Files_lie_in_the_cache_as_Python_lays_them_and_are_fetched_once(bool listsBlobs)
    {
        _hub.ListsBlobs = listsBlobs;
        HubDownloadResult first = await Download();
        Assert.Equal(Snapshot, first.Folder);
        Assert.Equal(["config.json", "model.safetensors"], first.Files.Order(StringComparer.Ordinal));
        Assert.Equal(_hub.Files.Values.Sum(f => f.Size), first.Fetched);
        Assert.Equal(FakeHub.Commit, File.ReadAllText(Path.Combine(Repository, "refs", "main")));
        foreach ((string name, FakeFile file) in _hub.Files)
        {
            Assert.Equal(Path.Combine("..", "..", "blobs", file.Etag), new FileInfo(Path.Combine(Snapshot, name)).LinkTarget);
            Assert.Equal(file.Bytes, File.ReadAllBytes(Path.Combine(Snapshot, name)));
        }
        Assert.Equal(2, Directory.GetFiles(Path.Combine(Repository, "blobs")).Length);
        HubDownloadResult second = await Download();
        Assert.Equal(0, second.Fetched);
        Assert.Single(_hub.Requests, r => r is { Server: "store", Method: "GET" });
    }

    [Fact]
    public async Task The_token_goes_to_the_hub_and_nowhere_else()
    {
        await Download();
        Assert.All(_hub.Requests.Where(r => r.Server == "hub"), r => Assert.Equal("Bearer " + Token, r.Authorization));
        Seen stored = Assert.Single(_hub.Requests, r => r.Server == "store");
        Assert.Null(stored.Authorization);
    }

    [Fact]
    public async Task What_was_cut_off_goes_on_where_it_stopped()
    {
        Place(Partial, _weights[..100_000]);
        HubDownloadResult result = await Download();
        Assert.Equal("bytes=100000-", Assert.Single(_hub.Requests, r => r.Server == "store").Range);
        Assert.Equal(200_000 + _hub.Files["config.json"].Size, result.Fetched);
        Assert.Equal(_weights, File.ReadAllBytes(Path.Combine(Snapshot, "model.safetensors")));
        Assert.False(File.Exists(Partial));
    }

    [Fact]
    public async Task A_server_without_ranges_sends_all_of_it_again()
    {
        _hub.KnowsRanges = false;
        Place(Partial, _weights[..100_000]);
        await Download();
        Assert.Equal(_weights, File.ReadAllBytes(Path.Combine(Snapshot, "model.safetensors")));
    }

    [Fact]
    public async Task A_cut_connection_is_taken_up_again()
    {
        _hub.Files.TryRemove("config.json", out _);
        _hub.Faults.Enqueue(FakeHub.CutAfter(_weights, 70_000));
        _hub.Faults.Enqueue(FakeHub.CutAfter(_weights, 50_000));
        await Download();
        Assert.Equal(_weights, File.ReadAllBytes(Path.Combine(Snapshot, "model.safetensors")));
        string?[] ranges = [.. _hub.Requests.Where(r => r.Server == "store").Select(r => r.Range)];
        Assert.Equal(3, ranges.Length);
        Assert.Null(ranges[0]);
        Assert.NotNull(ranges[2]);
    }

    [Fact]
    public async Task An_interrupted_download_keeps_what_came()
    {
        _hub.Files.TryRemove("config.json", out _);
        _hub.Faults.Enqueue(FakeHub.CutAfter(_weights, 70_000));
        using var cancel = new CancellationTokenSource();
        HubSettings settings = Settings() with { Wait = (_, _) => { cancel.Cancel(); return Task.FromCanceled(cancel.Token); } };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => HubDownload.Run(HubName.Parse("owner/tiny"), new(), settings, new SilentProgress(), cancel.Token));
        Assert.Equal(_weights[..70_000], File.ReadAllBytes(Partial));
        Assert.False(File.Exists(Path.Combine(Repository, "refs", "main")));
        Assert.Equal(230_000, (await Download()).Fetched);
    }

    [Fact]
    public async Task It_waits_as_long_as_the_server_asks()
    {
        _hub.ListFaults.Enqueue(FakeHub.Status(429, "7"));
        _hub.ListFaults.Enqueue(FakeHub.Status(503, DateTimeOffset.UtcNow.AddSeconds(20).ToString("R")));
        _hub.ListFaults.Enqueue(FakeHub.Status(500));
        await Download();
        Assert.Equal(TimeSpan.FromSeconds(7), _waits[0]);
        Assert.InRange(_waits[1], TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20));
        Assert.Equal(TimeSpan.FromSeconds(4), _waits[2]);
        Assert.Equal(3, _waits.Count);
    }

    [Fact]
    public async Task It_does_not_wait_for_hours()
    {
        _hub.ListFaults.Enqueue(FakeHub.Status(429, "86400"));
        Assert.Contains("86400 s", (await Assert.ThrowsAsync<HubException>(() => Download())).Message, StringComparison.Ordinal);
        Assert.Empty(_waits);
    }

    [Fact]
    public async Task It_gives_up_after_some_tries()
    {
        for (int i = 0; i < 5; i++) _hub.ListFaults.Enqueue(FakeHub.Status(502));
        Assert.Contains("502", (await Assert.ThrowsAsync<HubException>(() => Download())).Message, StringComparison.Ordinal);
        Assert.Equal(4, _waits.Count);
    }

    [Fact]
    public async Task A_silent_server_is_asked_again()
    {
        _hub.Faults.Enqueue(FakeHub.Silence(TimeSpan.FromMinutes(1)));
        await HubDownload.Run(HubName.Parse("owner/tiny"), new(), Settings() with { Patience = TimeSpan.FromSeconds(2) }, new SilentProgress(), CancellationToken.None);
        Assert.NotEmpty(_waits);
        Assert.Equal(_weights, File.ReadAllBytes(Path.Combine(Snapshot, "model.safetensors")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_wrong_hash_is_refused(bool large)
    {
        byte[] other = [.. _weights];
        other[1234] ^= 1;
        _hub.Files["model.safetensors"] = new FakeFile(_weights, large) with { Bytes = other };
        HubException e = await Assert.ThrowsAsync<HubException>(() => Download());
        Assert.Contains("model.safetensors", e.Message, StringComparison.Ordinal);
        Assert.Contains(_hub.Files["model.safetensors"].Etag, e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Partial));
        Assert.False(File.Exists(Path.Combine(Snapshot, "model.safetensors")));
        Assert.False(File.Exists(Path.Combine(Repository, "refs", "main")));
    }

    [Fact]
    public async Task A_damaged_beginning_of_an_earlier_run_is_fetched_anew()
    {
        Place(Partial, new byte[100_000]);
        await Download();
        Assert.Equal(_weights, File.ReadAllBytes(Path.Combine(Snapshot, "model.safetensors")));
    }

    [Fact]
    public async Task More_bytes_than_promised_are_refused()
    {
        _hub.Files.TryRemove("config.json", out _);
        _hub.Faults.Enqueue(FakeHub.Instead(Bytes(400_000)));
        Assert.Contains("300000", (await Assert.ThrowsAsync<HubException>(() => Download())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../evil.json")]
    [InlineData("a/../../../../evil.json")]
    [InlineData("/tmp/evil.json")]
    [InlineData("..\\evil.json")]
    [InlineData("C:\\evil.json")]
    [InlineData("C:evil.json")]
    [InlineData("a//evil.json")]
    [InlineData("./evil.json")]
    [InlineData("evil.json/")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("evil\0.json")]
    [InlineData("evil\n.json")]
    [InlineData("NUL.json")]
    [InlineData("evil.json.")]
    public async Task A_name_that_leads_out_of_the_cache_is_refused(string name)
    {
        _hub.ExtraNames.Add(name);
        Assert.Contains("lead out", (await Assert.ThrowsAsync<InputException>(() => Download())).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("../../../../evil")]
    [InlineData("a/b")]
    [InlineData("")]
    [InlineData("x.incomplete")]
    public async Task An_etag_that_leads_out_of_the_cache_is_refused(string etag)
    {
        _hub.ListsBlobs = false;
        _hub.Files["model.safetensors"] = new FakeFile(_weights, Large: true) with { Etag = etag };
        Assert.Contains("etag", (await Assert.ThrowsAsync<HubException>(() => Download())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../../evil")]
    [InlineData("main")]
    [InlineData("")]
    public async Task A_commit_that_is_none_is_refused(string commit)
    {
        _hub.ListedCommit = commit;
        Assert.Contains("commit", (await Assert.ThrowsAsync<HubException>(() => Download())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://127.0.0.1/x")]
    public async Task A_redirect_to_something_else_than_a_web_server_is_refused(string to)
    {
        _hub.ListFaults.Enqueue(FakeHub.Redirect(to));
        Assert.Contains("not safe", (await Assert.ThrowsAsync<HubException>(() => Download())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirects_end()
    {
        for (int i = 0; i < 20; i++) _hub.ListFaults.Enqueue(FakeHub.Redirect("/api/models/owner/tiny/revision/main"));
        Assert.Contains("without end", (await Assert.ThrowsAsync<HubException>(() => Download())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("not json")]
    [InlineData("{\"sha\": 3, \"siblings\": []}")]
    [InlineData("{\"sha\": \"0123456789abcdef0123456789abcdef01234567\", \"siblings\": [{}]}")]
    [InlineData("{\"sha\": \"0123456789abcdef0123456789abcdef01234567\", \"siblings\": [{\"rfilename\": null}]}")]
    public async Task A_list_that_is_none_is_refused(string list)
    {
        _hub.ListFaults.Enqueue(FakeHub.Instead(Encoding.UTF8.GetBytes(list)));
        await Assert.ThrowsAsync<HubException>(() => Download());
    }

    [Theory]
    [InlineData(401, "HF_TOKEN")]
    [InlineData(403, "not granted")]
    [InlineData(404, "not found")]
    public async Task A_refusal_says_what_to_do(int status, string said)
    {
        _hub.ListFaults.Enqueue(FakeHub.Status(status));
        InputException e = await Assert.ThrowsAsync<InputException>(() => HubDownload.Run(HubName.Parse("owner/tiny"), new(), Settings() with { Token = null }, new SilentProgress(), CancellationToken.None));
        Assert.Contains(said, e.Message, StringComparison.Ordinal);
        Assert.Empty(_waits);
    }

    [Fact]
    public async Task Offline_the_cache_alone_is_asked()
    {
        await Assert.ThrowsAsync<InputException>(() => Download(offline: true));
        await Download();
        int before = _hub.Requests.Count;
        HubDownloadResult result = await Download(offline: true);
        Assert.Equal(Snapshot, result.Folder);
        Assert.Equal(["config.json", "model.safetensors"], result.Files);
        Assert.Equal(before, _hub.Requests.Count);
    }

    [Fact]
    public async Task Pickles_are_refused_with_the_way_to_convert_them()
    {
        _hub.Files.TryRemove("model.safetensors", out _);
        _hub.Files["pytorch_model.bin"] = new(Bytes(10), Large: true);
        Assert.Contains("save_pretrained", (await Assert.ThrowsAsync<InputException>(() => Download())).Message, StringComparison.Ordinal);
        Assert.Contains("save_pretrained", (await Assert.ThrowsAsync<InputException>(() => Download(new FileChoice { Include = ["*.bin"] }))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Patterns_choose_files()
    {
        _hub.Files["onnx/model.onnx"] = new(Bytes(10));
        _hub.Files["original/notes.txt"] = new(Bytes(11));
        Assert.Equal(["config.json", "model.safetensors"], (await Download()).Files.Order(StringComparer.Ordinal));
        Assert.Equal(["original/notes.txt"], (await Download(new FileChoice { Include = ["original/"] })).Files);
        Assert.Equal(_hub.Files["original/notes.txt"].Bytes, File.ReadAllBytes(Path.Combine(Snapshot, "original", "notes.txt")));
        Assert.Equal(["config.json"], (await Download(new FileChoice { Include = ["*.json", "*.onnx"], Exclude = ["onnx/*"] })).Files);
        await Assert.ThrowsAsync<InputException>(() => Download(new FileChoice { Include = ["*.gguf"] }));
    }

    [Fact]
    public async Task Two_at_once_fetch_a_file_once()
    {
        await Task.WhenAll(Download(), Download());
        Assert.Single(_hub.Requests, r => r.Server == "store");
    }

    [Fact]
    public async Task A_snapshot_that_Python_made_is_found()
    {
        await Download();
        File.WriteAllText(Path.Combine(Repository, "refs", "v1"), FakeHub.Commit + "\n");
        var cache = new HubCache(Path.Combine(_folder, "hub"));
        Assert.Equal(Snapshot, cache.Snapshot(HubName.Parse("owner/tiny@v1")));
        Assert.Equal(Snapshot, cache.Snapshot(HubName.Parse($"owner/tiny@{FakeHub.Commit}")));
        Assert.Null(cache.Snapshot(HubName.Parse("owner/tiny@v2")));
        Assert.Null(cache.Snapshot(HubName.Parse("owner/other")));
    }

    private Task<HubDownloadResult> Download(FileChoice? choice = null, bool offline = false) =>
        HubDownload.Run(HubName.Parse("owner/tiny"), choice ?? new(), Settings() with { Offline = offline }, new SilentProgress(), CancellationToken.None);

    private HubSettings Settings() => new()
    {
        Endpoint = _hub.Address,
        CacheFolder = Path.Combine(_folder, "hub"),
        Token = Token,
        Wait = (time, _) =>
        {
            _waits.Add(time);
            return Task.CompletedTask;
        },
    };

    private static void Place(string file, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, bytes);
    }

    private static byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }
}
