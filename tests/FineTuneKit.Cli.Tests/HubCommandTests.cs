using System.Text.Json;
using FineTuneKit.Fixtures;
using FineTuneKit.Tests.Models.Hub;
using Xunit;

namespace FineTuneKit.Cli.Tests;

/// <summary><c>ftk hub</c> against a server of its own, and <c>ftk train</c> on what it fetched.</summary>
public sealed class HubCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ftk-hub-").FullName;
    private readonly FakeHub _hub = new();

    private string Cache => Path.Combine(_folder, "home", "hub");

    public void Dispose()
    {
        _hub.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_model_is_fetched_then_trained_by_its_name_and_its_adapter_pushed()
    {
        foreach (string file in Directory.GetFiles(Path.Combine(Repository.Root, "data-samples", "mini-base")))
            _hub.Files[Path.GetFileName(file)] = new(File.ReadAllBytes(file), Large: file.EndsWith(".safetensors", StringComparison.Ordinal));
        string result = Path.Combine(_folder, "result.json");
        (int code, string output, string error) = Ftk("hub", "download", "owner/tiny", "--json", result, "--quiet");
        Assert.True(code == 0, error);
        string snapshot = Path.Combine(Cache, "models--owner--tiny", "snapshots", FakeHub.Commit);
        Assert.Equal(snapshot, output.Trim());
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(result));
        Assert.Equal("finetunekit.hub-download/1", json.RootElement.GetProperty("schema").GetString());
        Assert.Equal(FakeHub.Commit, json.RootElement.GetProperty("commit").GetString());
        Assert.Equal(0, Ftk("hub", "download", "owner/tiny", "--offline", "--quiet").Code);

        string data = Path.Combine(_folder, "rows.jsonl"), run = Path.Combine(_folder, "run");
        File.WriteAllLines(data, Enumerable.Range(0, 30).Select(i => $$"""{"prompt": "say {{i}} and {{i * 7}}", "completion": "{{i}}"}"""));
        (code, _, error) = Ftk("train", "--base", "owner/tiny", "--data", data, "--epochs", "1", "--batch", "64", "--out", run, "--quiet");
        Assert.True(code == 0, error);
        Assert.Contains("\"owner/tiny\"", File.ReadAllText(Path.Combine(run, "adapter", "adapter_config.json")), StringComparison.Ordinal);

        (code, output, error) = Ftk("hub", "push", "owner/tiny", "--adapter", Path.Combine(run, "adapter"), "--dry-run");
        Assert.True(code == 0, error);
        Assert.Contains("base_model: owner/tiny", output, StringComparison.Ordinal);
        Assert.Empty(_hub.Committed);
        (code, output, error) = Ftk("hub", "push", "owner/tiny", "--adapter", Path.Combine(run, "adapter"), "--quiet");
        Assert.True(code == 0, error);
        Assert.Contains(FakeHub.Commit, output, StringComparison.Ordinal);
        Assert.NotEmpty(_hub.Committed);
    }

    [Fact]
    public void What_cannot_be_used_is_told_in_a_line()
    {
        Refuses("fetches it", "train", "--base", "owner/none", "--data", "rows.jsonl");
        Refuses("not found", "hub", "download", "owner/none");
        Refuses("no name of a model", "hub", "download", "../x");
        Refuses("not in the cache", "hub", "download", "owner/none", "--offline");
        _hub.Files["pytorch_model.bin"] = new([1], Large: true);
        Refuses("save_pretrained", "hub", "download", "owner/tiny");
        Refuses("adapter_config.json", "hub", "push", "owner/tiny", "--adapter", _folder);
    }

    private void Refuses(string said, params string[] arguments)
    {
        (int code, _, string error) = Ftk(arguments);
        Assert.Equal(2, code);
        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    private (int Code, string Out, string Error) Ftk(params string[] arguments)
    {
        using FtkProcess ftk = FtkProcess.Start(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["HF_ENDPOINT"] = _hub.Address.ToString(),
            ["HF_HOME"] = Path.Combine(_folder, "home"),
            ["HF_TOKEN"] = "t",
            ["HF_HUB_CACHE"] = null,
            ["HF_HUB_OFFLINE"] = null,
            ["TRANSFORMERS_OFFLINE"] = null,
            ["HTTP_PROXY"] = null,
            ["http_proxy"] = null,
        }, arguments);
        return ftk.Wait(TimeSpan.FromMinutes(5));
    }
}
