using System.Text.Json;
using FineTuneKit.Adapters;
using FineTuneKit.Data;
using FineTuneKit.Evaluation;
using FineTuneKit.Fixtures;
using FineTuneKit.Models;
using FineTuneKit.Training;
using Xunit;

namespace FineTuneKit.Cli.Tests;

/// <summary>Each adapter method from the command line: a few steps on the shipped rows, and its folder read back.</summary>
public sealed class AdapterMethodTests : IDisposable
{
    private const int Seed = 1;

    private readonly string _folder = Directory.CreateTempSubdirectory("ftk-methods").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("rslora", "plain")]
    [InlineData("loraplus", "plain")]
    [InlineData("dora", "DoRA, which scales whole rows")]
    [InlineData("pissa", "plain")]
    [InlineData("olora", "plain")]
    [InlineData("loftq", "the 4-bit weight of LoftQ")]
    [InlineData("ia3", "peft_type is IA3")]
    [InlineData("bottleneck", "peft_type is BOTTLENECK")]
    [InlineData("prompt", "peft_type is PROMPT_TUNING")]
    [InlineData("prefix", "peft_type is PREFIX_TUNING")]
    public void A_method_trains_and_its_folder_computes_the_same(string method, string conversion)
    {
        string data = Path.Combine(_folder, "rows.jsonl"), run = Path.Combine(_folder, "run"), adapter = Path.Combine(run, "adapter");
        File.WriteAllLines(data, File.ReadLines(Repository.Sample("support-desk", "clean.jsonl")).Take(20));
        Ftk("train", "--data", data, "--method", method, "--rank", "4", "--epochs", "1", "--batch", "8", "--seed", $"{Seed}", "--out", run, "--quiet");
        double told = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "record.json"))).RootElement.GetProperty("test_loss").GetDouble();
        Assert.Equal(told, TestLoss(data, adapter));

        string plain = Path.Combine(_folder, "plain");
        string[] convert = ["adapters", "convert", "--base", Repository.Sample("mini-base"), "--adapter", adapter, "--out", plain];
        if (conversion != "plain")
        {
            (int code, _, string error) = FtkProcess.Run(convert);
            Assert.Equal(2, code);
            Assert.Contains(conversion, error, StringComparison.Ordinal);
            return;
        }
        Assert.Contains("largest difference of logits", Ftk(convert), StringComparison.Ordinal);
        Assert.Equal(told, TestLoss(data, plain), 1e-5);
    }

    [Theory]
    [InlineData("lastk")]
    [InlineData("gradual")]
    [InlineData("layerwise")]
    public void A_method_that_changes_the_base_leaves_a_whole_model(string method)
    {
        string data = Path.Combine(_folder, "rows.jsonl"), run = Path.Combine(_folder, "run");
        File.WriteAllLines(data, File.ReadLines(Repository.Sample("support-desk", "clean.jsonl")).Take(20));
        Ftk("train", "--data", data, "--method", method, "--epochs", "1", "--batch", "8", "--thaw-every", "1", "--out", run, "--quiet");
        using LoadedModel model = ModelFolder.Load(Path.Combine(run, "model"));
        Assert.NotEqual(ModelFolder.Sha256(Repository.Sample("mini-base")), model.Sha256);
    }

    [Theory]
    [InlineData("headonly", "tied to the embedding")]
    [InlineData("bitfit", "no biases")]
    public void A_method_that_does_not_suit_the_base_is_refused(string method, string why)
    {
        (int code, _, string error) = FtkProcess.Run("train", "--data", Repository.Sample("support-desk", "clean.jsonl"), "--method", method, "--out", Path.Combine(_folder, "run"), "--quiet");
        Assert.Equal(2, code);
        Assert.Contains(why, error, StringComparison.Ordinal);
    }

    private static string Ftk(params string[] arguments)
    {
        (int code, string output, string error) = FtkProcess.Run(arguments);
        Assert.True(code == 0, error);
        return output;
    }

    private static double TestLoss(string data, string adapter)
    {
        IReadOnlyList<Row> rows = RowReader.Read(data);
        bool stratify = rows.Select(row => row.Label).Distinct().Count() > 1;
        IReadOnlyList<Row> test = DataSplit.Make(rows, new SplitOptions { Seed = Seed, Stratify = stratify }).Test;
        using ChatModel model = ChatModel.Load(Repository.Sample("mini-base"));
        if (PromptLearningFolder.IsOne(adapter)) PromptLearningFolder.Load(adapter, model.Decoder, model.Sha256, model.Template);
        else PeftFolder.Load(adapter, model.Decoder, model.Sha256, model.Template);
        var objective = new SupervisedObjective(model.Decoder, endIds: [.. model.Template.StopIds]);
        return Trainer.Evaluate(objective, [.. test.Select(row => TrainingRows.Of(row, model.Template))], batchRows: 8).Loss;
    }
}
