using System.Text.Json;
using FineTuneKit.Fixtures;
using Xunit;

namespace FineTuneKit.Cli.Tests;

/// <summary><c>ftk train</c> on every language model among the fixtures, which are of all families, each for one step.</summary>
[Trait("Category", "Fixtures")]
public sealed class FamilyTests : IDisposable
{
    private const string Characters = " abcdefghijklmnopqrstuvwxyz0123456789?.";

    private readonly string _folder = Directory.CreateTempSubdirectory("ftk-family-").FullName;

    public static TheoryData<string> Models()
    {
        var data = new TheoryData<string>();
        if (!FixtureFolder.Exists) data.Add(FixtureFolder.Absent);
        else data.AddRange(ModelFolders().Select(folder => Path.GetRelativePath(FixtureFolder.PathOf("models"), folder)).Order(StringComparer.Ordinal));
        return data;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory, MemberData(nameof(Models))]
    public void One_step_runs_and_the_result_loads_again(string name)
    {
        FixtureFolder.SkipIfAbsent(name);
        string tokenizer = WriteTokenizer(), data = WriteRows();
        foreach (string method in new[] { "lora", "full" })
        {
            string output = Path.Combine(_folder, method);
            (int code, _, string error) = FtkProcess.Run("train", "--base", FixtureFolder.PathOf("models", name), "--tokenizer", tokenizer, "--data", data,
                "--method", method, "--epochs", "1", "--batch", "64", "--rank", "2", "--out", output, "--quiet");
            Assert.True(code == 0, error);
            using JsonDocument record = JsonDocument.Parse(File.ReadAllText(Path.Combine(output, "record.json")));
            Assert.Equal(1, record.RootElement.GetProperty("steps").GetInt64());
            Assert.True(double.IsFinite(record.RootElement.GetProperty("test_loss").GetDouble()));
        }
        (int again, _, string problem) = FtkProcess.Run("train", "--base", Path.Combine(_folder, "full", "model"), "--data", data, "--epochs", "1", "--batch", "64", "--rank", "2", "--out", Path.Combine(_folder, "again"), "--quiet");
        Assert.True(again == 0, problem);
    }

    // Folders of decoders with a head that writes text; those that classify, and encoders, are trained otherwise.
    private static IEnumerable<string> ModelFolders() =>
        from file in Directory.EnumerateFiles(FixtureFolder.PathOf("models"), "config.json", SearchOption.AllDirectories)
        where File.Exists(Path.Combine(Path.GetDirectoryName(file)!, "model.safetensors"))
        let config = JsonDocument.Parse(File.ReadAllText(file)).RootElement
        where config.TryGetProperty("architectures", out JsonElement names) && names[0].GetString() is { } architecture
            && (architecture.EndsWith("ForCausalLM", StringComparison.Ordinal) || architecture.EndsWith("LMHeadModel", StringComparison.Ordinal))
        select Path.GetDirectoryName(file)!;

    /// <summary>A tokenizer of single characters, which fits the 96 rows of the smallest models, with the kit's chat template.</summary>
    private string WriteTokenizer()
    {
        string folder = Path.Combine(_folder, "tokenizer");
        Directory.CreateDirectory(folder);
        string[] tokens = ["<unk>", "<|system|>", "<|user|>", "<|assistant|>", "<|end|>", .. Characters.Select(c => c.ToString())];
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), JsonSerializer.Serialize(new
        {
            version = "1.0",
            added_tokens = tokens[1..5].Select((token, i) => new { id = i + 1, content = token, special = true }),
            decoder = new { type = "Fuse" },
            model = new { type = "BPE", unk_token = "<unk>", vocab = tokens.Select((token, i) => (token, i)).ToDictionary(p => p.token, p => p.i, StringComparer.Ordinal), merges = Array.Empty<string>() },
        }));
        File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"), """{"eos_token": "<|end|>", "unk_token": "<unk>"}""");
        File.Copy(Path.Combine(Repository.Root, "data-samples", "mini-base", "chat_template.jinja"), Path.Combine(folder, "chat_template.jinja"), overwrite: true);
        return folder;
    }

    private string WriteRows()
    {
        string file = Path.Combine(_folder, "rows.jsonl");
        string[] things = ["cat", "dog", "bird", "fish", "horse", "mouse", "sheep", "goat", "wolf", "lion"];
        File.WriteAllLines(file, Enumerable.Range(0, 40).Select(i => JsonSerializer.Serialize(new { prompt = $"how many {things[i % 10]}s in {i * 37 % 101}?", completion = $"{i * 11 % 97} {things[i * 3 % 10]}" })));
        return file;
    }
}
