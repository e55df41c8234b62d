using System.Text.Json;
using FineTuneKit.Fixtures;
using Xunit;

namespace FineTuneKit.Cli.Tests;

/// <summary><c>ftk data</c> on the shipped rows.</summary>
public sealed class DataCommandTests : IDisposable
{
    private static readonly string Dirty = Repository.Sample("support-desk", "dirty.jsonl"), Clean = Repository.Sample("support-desk", "clean.jsonl");

    private readonly string _folder = Directory.CreateTempSubdirectory("ftk-data-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Audit_writes_page_and_json_and_keeps_a_gate()
    {
        (int code, string output, _) = FtkProcess.Run("data", "audit", Dirty, "--out", _folder, "--most-findings", "10");
        Assert.Equal(1, code);
        Assert.Contains("empty_answer: 12", output);
        Assert.StartsWith("<!doctype html>", File.ReadAllText(At("audit.html")));
        using var json = JsonDocument.Parse(File.ReadAllText(At("audit.json")));
        Assert.Equal("finetunekit.audit/1", json.RootElement.GetProperty("schema").GetString());
    }

    [Fact]
    public void Rows_survive_conversion_masking_and_back()
    {
        Assert.Equal(0, FtkProcess.Run("data", "convert", Dirty, "--to", "sharegpt", "--out", At("s.json.gz")).Code);
        Assert.Equal(0, FtkProcess.Run("data", "mask", At("s.json.gz"), "--vault", At("vault.json"), "--out", At("m.jsonl")).Code);
        Assert.DoesNotContain("@", File.ReadAllText(At("m.jsonl")));
        Assert.Equal(0, FtkProcess.Run("data", "mask", At("m.jsonl"), "--undo", "--vault", At("vault.json"), "--out", At("u.jsonl")).Code);
        Assert.Equal(0, FtkProcess.Run("data", "convert", Dirty, "--out", At("o.jsonl")).Code);
        Assert.Equal(File.ReadAllText(At("o.jsonl")), File.ReadAllText(At("u.jsonl")));
    }

    [Fact]
    public void Clean_split_and_mix_write_what_they_say()
    {
        Assert.Equal(0, FtkProcess.Run("data", "clean", Dirty, "--out", At("clean")).Code);
        Assert.Equal(800, File.ReadLines(At("clean/clean.jsonl")).Count() + File.ReadLines(At("clean/dropped.jsonl")).Count(l => l.Contains("\"action\":\"dropped\"")));
        (int code, string output, _) = FtkProcess.Run("data", "split", Clean, "--out", At("split"), "--json", At("split.json"));
        Assert.Equal(0, code);
        Assert.Contains("train 480 (80.0 %)", output);
        Assert.Equal(480, File.ReadLines(At("split/train.jsonl")).Count());
        Assert.Equal(601, File.ReadLines(At("split/split.jsonl")).Count());
        Assert.Equal(0, FtkProcess.Run("data", "mix", At("split/train.jsonl") + "=3", At("split/test.jsonl") + "=1x2", "--out", At("mix.jsonl")).Code);
        // All 120 that the second source may give, and three times as many of the first.
        Assert.InRange(File.ReadLines(At("mix.jsonl")).Count(), 479, 482);
    }

    [Fact]
    public void Bad_input_is_named()
    {
        File.WriteAllText(At("bad.csv"), "text,label\na\n");
        (int code, _, string error) = FtkProcess.Run("data", "audit", At("bad.csv"));
        Assert.Equal(2, code);
        Assert.Contains("bad.csv:2: 1 fields; the header has 2", error);
        Assert.Equal(2, FtkProcess.Run("data", "mix", "x.jsonl", "--out", At("m.jsonl")).Code);
        Directory.CreateDirectory(At("empty"));
        Assert.Contains("none of rows", FtkProcess.Run("data", "audit", At("empty")).Error);
    }

    private string At(string name) => Path.Combine(_folder, name);
}
