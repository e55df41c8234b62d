using System.Text;
using System.Text.Json;
using FineTuneKit.Models.Hub;
using Xunit;

namespace FineTuneKit.Tests.Models.Hub;

/// <summary>Pushing an adapter to a server that speaks the hub's protocol.</summary>
public sealed class HubPushTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("push").FullName;
    private readonly FakeHub _hub = new() { Name = "me/adapter" };

    public HubPushTests()
    {
        Directory.CreateDirectory(Adapter);
        File.WriteAllText(Path.Combine(Adapter, "adapter_config.json"), """{"peft_type": "LORA", "r": 8, "lora_alpha": 16, "target_modules": ["q_proj"], "base_model_name_or_path": "/home/me/secret/base"}""");
        using Tensor a = zeros(8, 4);
        FineTuneKit.Models.SafetensorsFile.Write(Path.Combine(Adapter, "adapter_model.safetensors"), [KeyValuePair.Create("base_model.model.q_proj.lora_A.weight", a)]);
        File.WriteAllText(Path.Combine(Adapter, "private-notes.txt"), "not for others");
        File.WriteAllText(Path.Combine(_folder, "record.json"), """
            {"version": "1.2.3", "options": {"method": "lora"}, "training": {"learning_rate": 0.002, "batch_rows": 16, "seed": 1, "optimizer": "adamw"},
             "split": {"counts": [80, 10, 10]}, "data_sha256": "abc", "base_sha256": "def", "test_loss_before": 2.5, "test_loss": 0.25,
             "exact_match": {"value": 0.9, "low": 0.6, "high": 0.98}, "steps": 30, "best_step": 25}
            """);
    }

    private string Adapter => Path.Combine(_folder, "adapter");

    public void Dispose()
    {
        _hub.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_adapter_is_committed_with_its_card(bool exists)
    {
        _hub.Exists = exists;
        HubPushResult result = await Push(new() { Folder = Adapter, BaseModel = "owner/base" });
        Assert.Equal(FakeHub.Commit, result.Commit);
        byte[] weights = File.ReadAllBytes(Path.Combine(Adapter, "adapter_model.safetensors"));
        Assert.Equal(weights, Assert.Single(_hub.Stored).Value);
        var lines = _hub.Committed.ToDictionary(line => line.GetProperty("value").TryGetProperty("path", out JsonElement path) ? path.GetString()! : "", StringComparer.Ordinal);
        Assert.Equal(["", "README.md", "adapter_config.json", "adapter_model.safetensors"], lines.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(_hub.Stored.Keys.Single(), lines["adapter_model.safetensors"].GetProperty("value").GetProperty("oid").GetString());
        Assert.Equal(result.Card, Content(lines["README.md"]));
        string config = Content(lines["adapter_config.json"]);
        Assert.Contains("owner/base", config, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", config, StringComparison.Ordinal);
        Assert.All(_hub.Requests.Where(r => r.Server == "hub"), r => Assert.Equal("Bearer t", r.Authorization));
        Assert.All(_hub.Requests.Where(r => r.Server == "store"), r => Assert.Null(r.Authorization));
    }

    [Fact]
    public async Task What_the_hub_has_is_not_sent_again()
    {
        await Push(new() { Folder = Adapter });
        await Push(new() { Folder = Adapter });
        Assert.Single(_hub.Requests, r => r.Server == "store");
    }

    [Fact]
    public void The_card_says_what_the_record_says()
    {
        string card = HubPush.Plan(HubName.Parse("me/adapter"), new() { Folder = Adapter, BaseModel = "owner/base" }).Card;
        foreach (string said in new[] { "base_model: owner/base\n", "library_name: peft", "0.250", "2.500", "90.0 % (60.0 % to 98.0 %)", "80, 10, 10", "0.002", "def", "rank 8, alpha 16" })
            Assert.Contains(said, card, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", HubPush.Plan(HubName.Parse("me/adapter"), new() { Folder = Adapter }).Card, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_token_or_an_adapter_nothing_is_sent()
    {
        Assert.Contains("HF_TOKEN", (await Assert.ThrowsAsync<InputException>(() => HubPush.Run(HubName.Parse("me/adapter"), new() { Folder = Adapter }, Settings() with { Token = null }, new SilentProgress(), CancellationToken.None))).Message, StringComparison.Ordinal);
        Assert.Contains("adapter_config.json", (await Assert.ThrowsAsync<InputException>(() => Push(new() { Folder = _folder }))).Message, StringComparison.Ordinal);
        Assert.Empty(_hub.Requests);
    }

    private Task<HubPushResult> Push(HubPushOptions options) => HubPush.Run(HubName.Parse("me/adapter"), options, Settings(), new SilentProgress(), CancellationToken.None);

    private HubSettings Settings() => new() { Endpoint = _hub.Address, CacheFolder = Path.Combine(_folder, "hub"), Token = "t" };

    private static string Content(JsonElement line) => Encoding.UTF8.GetString(Convert.FromBase64String(line.GetProperty("value").GetProperty("content").GetString()!));
}
