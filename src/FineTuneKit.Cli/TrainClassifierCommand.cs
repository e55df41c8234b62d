using System.CommandLine;
using System.Globalization;
using FineTuneKit.Records;

namespace FineTuneKit.Cli;

/// <summary><c>ftk train classifier</c>: an encoder with a new output layer, on the user's own texts and labels.</summary>
internal static class TrainClassifierCommand
{
    public static Command Create()
    {
        var defaults = new ClassifierJobOptions { Base = "", Data = "", Out = "" };
        Option<string> baseFolder = new("--base") { Description = "Folder of the encoder, or owner/name of one in the hub's cache (ftk hub download).", HelpName = "DIR", Required = true };
        Option<string> data = new("--data") { Description = "Rows of text and label: JSONL, JSON, CSV or TSV.", HelpName = "FILE", Required = true };
        Option<string?> validation = new("--validation") { Description = "Rows that choose the best weights. Default: a tenth of --data.", HelpName = "FILE" };
        Option<string?> test = new("--test") { Description = "Rows that are asked at the end. Default: a tenth of --data.", HelpName = "FILE" };
        Option<ClassifierMethod> method = new("--method")
        {
            HelpName = "METHOD",
            Description = "head: the output layer, on features that the frozen body computes once for each row; lora: adapters in the body and the output layer; full: every weight.",
            DefaultValueFactory = _ => defaults.Method,
        };
        Option<bool> regression = new("--regression") { Description = "Labels are numbers to be met, not classes." };
        Option<int> epochs = new("--epochs") { Description = "Passes over the training rows.", DefaultValueFactory = _ => defaults.Epochs };
        Option<double?> rate = new("--lr") { Description = "Peak learning rate. Default: 1e-2 for head, 2e-3 for lora, 2e-4 for full." };
        Option<int> rank = new("--rank") { Description = "LoRA's rank; alpha is twice the rank.", DefaultValueFactory = _ => defaults.Rank };
        Option<int> batch = new("--batch") { Description = "Rows of an optimizer step.", DefaultValueFactory = _ => defaults.BatchRows };
        Option<int> tokens = new("--max-tokens") { Description = "Tokens of a text at most; longer ones are cut, and counted.", DefaultValueFactory = _ => defaults.MaxTokens };
        Option<double?> dropout = new("--dropout") { Description = "Share that training drops, from 0 to below 1. Default: the model's own." };
        Option<long> seed = new("--seed") { Description = "Seed of the split, the order and the fresh weights.", DefaultValueFactory = _ => defaults.Seed };
        Option<string> output = new("--out") { Description = "Folder of the results.", HelpName = "DIR", DefaultValueFactory = _ => "runs/classifier" };
        var command = new Command("classifier", "Train an encoder to classify texts, or to give them numbers: the output layer is replaced.")
        {
            baseFolder, data, validation, test, method, regression, epochs, rate, rank, batch, tokens, dropout, seed, output,
        };
        var common = new CommonOptions(command);
        command.SetAction(parsed => ExitCode.Of(cancel =>
        {
            ClassifierRecord record = ClassifierJob.Run(
                new ClassifierJobOptions
                {
                    Base = parsed.GetValue(baseFolder)!,
                    Data = parsed.GetValue(data)!,
                    Validation = parsed.GetValue(validation),
                    Test = parsed.GetValue(test),
                    Out = parsed.GetValue(output)!,
                    Method = parsed.GetValue(method),
                    Regression = parsed.GetValue(regression),
                    Epochs = parsed.GetValue(epochs),
                    LearningRate = parsed.GetValue(rate),
                    Rank = parsed.GetValue(rank),
                    BatchRows = parsed.GetValue(batch),
                    MaxTokens = parsed.GetValue(tokens),
                    Dropout = parsed.GetValue(dropout),
                    Seed = parsed.GetValue(seed),
                },
                common.Apply(parsed), cancel);
            common.Write(parsed, record);
            Print(record, parsed.GetValue(output)!);
            return ExitCode.Done;
        }));
        return command;
    }

    private static void Print(ClassifierRecord record, string folder)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            rows            {record.Rows[0]} to train, {record.Rows[1]} to choose, {record.Rows[2]} to test; {record.CutTexts} texts cut at {record.Options.MaxTokens} tokens
            trained         {record.TrainableParameters:N0} weights, {record.Steps} steps in {record.Seconds:0.0} s, kept step {record.BestStep}
            test loss       {record.TestLoss:0.000}; look {record.TestLooks} at these test rows
            """));
        if (record.Accuracy is { } accuracy)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"accuracy        {accuracy.Value:0.0%}, 95 % interval {accuracy.Low:0.0%} to {accuracy.High:0.0%}; macro F1 {record.MacroF1:0.000} over {record.Labels.Count} classes"));
        else
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"explained       {record.ExplainedVariance:0.000} of the variance (R²)"));
        Console.WriteLine($"results         {folder}");
    }
}
