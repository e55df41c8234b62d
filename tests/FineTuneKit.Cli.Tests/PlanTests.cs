using System.Text.Json;
using FineTuneKit.Fixtures;
using Xunit;

namespace FineTuneKit.Cli.Tests;

/// <summary><c>ftk plan</c> says what <c>ftk train</c> with the same flags then takes.</summary>
public sealed class PlanTests : IDisposable
{
    // Of a resident size, half of which is the runtime's own and moves with its collections.
    private const double MemoryTolerance = 0.25;

    private static readonly string Rows = Path.Combine(Repository.Root, "data-samples", "support-desk", "clean.jsonl");

    private readonly string _folder = Directory.CreateTempSubdirectory("ftk-plan-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("lora")]
    [InlineData("full")]
    public void The_plan_is_what_the_run_takes(string method)
    {
        string data = Path.Combine(_folder, "rows.jsonl");
        File.WriteAllLines(data, File.ReadLines(Rows).Take(120));
        string[] flags = ["--data", data, "--method", method, "--epochs", "1", "--quiet"];
        using JsonDocument plan = Json("plan", flags), run = Json("train", [.. flags, "--out", Path.Combine(_folder, "run")]);
        Assert.Equal(run.RootElement.GetProperty("steps").GetInt64(), plan.RootElement.GetProperty("steps").GetInt64());
        Assert.Equal(run.RootElement.GetProperty("trainable_parameters").GetInt64(), plan.RootElement.GetProperty("trainable_parameters").GetInt64());
        double peak = run.RootElement.GetProperty("peak_memory_bytes").GetDouble();
        Assert.InRange(plan.RootElement.GetProperty("memory").GetProperty("peak").GetDouble(), peak * (1 - MemoryTolerance), peak * (1 + MemoryTolerance));
        Assert.True(plan.RootElement.GetProperty("time").GetProperty("training").GetDouble() > 0);
    }

    [Fact]
    public void A_price_makes_a_cost_and_leaves_no_file()
    {
        (int code, string output, string error) = FtkProcess.Run("plan", "--data", Rows, "--epochs", "1", "--price", "3600", "--quiet");
        Assert.True(code == 0, error);
        Assert.Contains("at 3600 an hour", output);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Theory]
    [InlineData("plan", "--price", "0", "more than 0 is required")]
    [InlineData("plan", "--batch", "0", "BatchRows is 0; it must be 1 or more")]
    [InlineData("train", "--batch", "0", "BatchRows is 0; it must be 1 or more")]
    public void What_cannot_run_is_refused_before_anything_is_read(string verb, string flag, string value, string message)
    {
        (int code, _, string error) = FtkProcess.Run(verb, "--data", Rows, flag, value, "--quiet");
        Assert.Equal(2, code);
        Assert.Contains(message, error);
    }

    private JsonDocument Json(string verb, string[] flags)
    {
        string file = Path.Combine(_folder, verb + ".json");
        (int code, _, string error) = FtkProcess.Run([verb, .. flags, "--json", file]);
        Assert.True(code == 0, error);
        return JsonDocument.Parse(File.ReadAllText(file));
    }
}
