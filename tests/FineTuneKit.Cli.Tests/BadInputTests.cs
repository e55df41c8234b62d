using System.Text;
using Xunit;

namespace FineTuneKit.Cli.Tests;

/// <summary>What users get wrong: a message that names file, row, found and required; code 2; no stack trace; nothing written.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ftk-bad-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void MissingFile() => Refuses(["rows.jsonl"], Train(Path.Combine(_folder, "rows.jsonl")));

    [Fact]
    public void FolderInsteadOfFile() => Refuses([_folder], Train(_folder));

    [Fact]
    public void EmptyFile() => Refuses(["rows.jsonl"], Train(Write("")));

    [Fact]
    public void OneRow() => Refuses(["1 row"], Train(Write(Row("a", "b"))));

    [Fact]
    public void NotJson() => Refuses(["rows.jsonl:2", "JSON"], Train(Write(Row("a", "b") + "\nthis is not json\n")));

    [Fact]
    public void MissingKeys() => Refuses(["rows.jsonl:1", "question"], Train(Write("{\"question\": \"a\"}\n")));

    [Fact]
    public void DuplicateKeys() => Refuses(["rows.jsonl:1", "prompt"], Train(Write("{\"prompt\": \"a\", \"prompt\": \"b\", \"completion\": \"c\"}\n")));

    [Fact]
    public void WrongType() => Refuses(["rows.jsonl:1", "prompt"], Train(Write("{\"prompt\": 3, \"completion\": \"c\"}\n")));

    [Fact]
    public void AnswerLongerThanTheContext()
    {
        var rows = new StringBuilder();
        for (int i = 0; i < 30; i++) rows.AppendLine(Row($"question {i} about thing {i * 7}", i == 7 ? string.Concat(Enumerable.Repeat("long 1 2 3 ", 900)) : $"answer {i}"));
        Refuses(["rows.jsonl:8", "tokens", "1024"], Train(Write(rows.ToString())));
    }

    [Fact]
    public void BaseThatIsNoFolder() => Refuses(["no-such-base"], [.. Train(ManyRows()), "--base", "no-such-base"]);

    [Fact]
    public void OptionOutOfRange() => Refuses(["Epochs", "1 or more"], [.. Train(ManyRows()), "--epochs", "0"]);

    [Fact]
    public void UnknownOption() => Refuses(["--epoch"], [.. Train(ManyRows()), "--epoch", "1"]);

    [Fact]
    public void CheckpointOfAnotherRunIsNotOverwritten()
    {
        string data = ManyRows();
        string[] run = [.. Train(data), "--epochs", "1"];
        Assert.Equal(0, FtkProcess.Run(run).Code);
        Refuses(["resume"], run);
    }

    [Fact]
    public void QuantisingIntoTheFloatModel() => Refuses(["mini-base", "another folder"], ["quantize", "--base", "data-samples/mini-base", "--out", "data-samples/mini-base"]);

    [Fact]
    public void BlockSizeThatIsNoPowerOfTwo() => Refuses(["65", "power of two"], ["quantize", "--base", "data-samples/mini-base", "--out", _folder, "--block-size", "65"]);

    [Fact]
    public void QuantisedModelTrainedWholeOrQuantisedAgain()
    {
        string packed = Path.Combine(_folder, "packed");
        Assert.Equal(0, FtkProcess.Run("quantize", "--base", "data-samples/mini-base", "--out", packed, "--double").Code);
        Refuses(["four bits", "QLoRA"], [.. Train(ManyRows()), "--base", packed, "--method", "full"]);
        Refuses(["quantised already"], ["quantize", "--base", packed, "--out", Path.Combine(_folder, "twice")]);
        Assert.False(Directory.Exists(Path.Combine(_folder, "twice")));
    }

    [Fact]
    public void AdapterThatIsNoFolder() => Refuses(["no-such-adapter"], ["adapters", "show", "no-such-adapter"]);

    [Fact]
    public void MergedAdapterThatIsNoFolder() => Refuses(["no-such-adapter"], ["adapters", "merge", "--base", "data-samples/mini-base", "--adapter", "no-such-adapter", "--out", _folder]);

    [Fact]
    public void WeightsThatAreFewerThanAdapters() =>
        Refuses(["2 adapters"], ["adapters", "combine", "--base", "data-samples/mini-base", "--adapter", "a", "--adapter", "b", "--weight", "1", "--out", _folder]);

    private static string Row(string prompt, string completion) => $"{{\"prompt\": \"{prompt}\", \"completion\": \"{completion}\"}}";

    private string ManyRows() => Write(string.Concat(Enumerable.Range(0, 40).Select(i => Row($"What is item {i * 37 % 101}?", $"It is {i * 53 % 97}.") + "\n")));

    private string Write(string text)
    {
        string path = Path.Combine(_folder, "rows.jsonl");
        File.WriteAllText(path, text);
        return path;
    }

    private string[] Train(string data) => ["train", "--data", data, "--out", Path.Combine(_folder, "out")];

    private static void Refuses(string[] mentions, string[] arguments)
    {
        (int code, string output, string error) = FtkProcess.Run(arguments);
        Assert.True(code == 2, $"exit code {code}\n{output}\n{error}");
        foreach (string mention in mentions) Assert.Contains(mention, error, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("   at ", error);
    }
}
