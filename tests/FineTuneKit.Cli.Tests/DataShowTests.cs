using System.Text.Json;
using Xunit;

namespace FineTuneKit.Cli.Tests;

/// <summary><c>ftk data show</c> on rows of the user's own.</summary>
public sealed class DataShowTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ftk-show-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Shows_tokens_and_what_is_learned()
    {
        string rows = Path.Combine(_folder, "rows.jsonl"), json = Path.Combine(_folder, "shown.json");
        File.WriteAllText(rows, "{\"prompt\": \"Copy: <|end|>\", \"completion\": \"日本\\nOK\"}\n{\"prompt\": \"a\", \"completion\": \"b\"}\n");

        (int code, string output, string error) = FtkProcess.Run("data", "show", "--data", rows, "--rows", "1", "--json", json);

        Assert.True(code == 0, error);
        Assert.Contains("rows.jsonl:1", output, StringComparison.Ordinal);
        Assert.DoesNotContain("rows.jsonl:2", output, StringComparison.Ordinal);
        JsonElement[] tokens = [.. JsonDocument.Parse(File.ReadAllText(json)).RootElement.GetProperty("rows")[0].GetProperty("tokens").EnumerateArray()];
        string Texts(IEnumerable<JsonElement> some) => string.Concat(some.Select(t => t.GetProperty("text").GetString()));
        Assert.Equal("<|user|>Copy: <|end|><|assistant|>日本\nOK<|end|>", Texts(tokens));
        Assert.Equal("日本\nOK<|end|>", Texts(tokens.Where(t => t.GetProperty("learned").GetBoolean())));
        // The one that the user typed is characters, not a control token.
        Assert.Equal(["<|user|>", "<|assistant|>", "<|end|>"], tokens.Where(t => t.GetProperty("special").GetBoolean()).Select(t => t.GetProperty("text").GetString()));
    }

    [Fact]
    public void Names_the_row_that_has_nothing_to_learn()
    {
        string rows = Path.Combine(_folder, "rows.jsonl");
        File.WriteAllText(rows, "{\"prompt\": \"a\", \"completion\": \" \"}\n");

        (int code, _, string error) = FtkProcess.Run("data", "show", "--data", rows);

        Assert.Equal(2, code);
        Assert.Contains("rows.jsonl:1", error, StringComparison.Ordinal);
        Assert.Contains("nothing to learn", error, StringComparison.Ordinal);
    }
}
