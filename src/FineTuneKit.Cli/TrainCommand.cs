using System.CommandLine;
using System.Globalization;
using FineTuneKit.Records;
using FineTuneKit.Training;

namespace FineTuneKit.Cli;

/// <summary><c>ftk train</c>: one run on the user's own rows.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var defaults = new TuningJobOptions { Base = "", Data = "", Out = "" };
        Option<string?> baseFolder = new("--base") { Description = "Folder of the base model, or owner/name of one in the hub's cache (ftk hub download). Default: the shipped mini-base.", HelpName = "DIR" };
        Option<string?> tokenizer = new("--tokenizer") { Description = "Folder of the tokenizer and the chat template. Default: the base's.", HelpName = "DIR" };
        Option<string> data = new("--data") { Description = "The rows: JSONL, JSON, CSV or TSV.", HelpName = "FILE", Required = true };
        Option<TuningMethod> method = new("--method") { Description = "lora, full, or qlora: lora on a base packed in four bits a weight.", DefaultValueFactory = _ => defaults.Method };
        Option<int> epochs = new("--epochs") { Description = "Passes over the training rows at most.", DefaultValueFactory = _ => defaults.Epochs };
        Option<string> optimizer = new("--optimizer") { Description = "adamw, or muon, which suits a base that muon made, as mini-base.", DefaultValueFactory = _ => defaults.Optimizer };
        optimizer.AcceptOnlyFromAmong(TrainingOptions.AdamW, TrainingOptions.Muon);
        Option<double?> rate = new("--lr") { Description = "Peak learning rate. Default: 2e-3 for lora and qlora, 5e-4 for full." };
        Option<int> rank = new("--rank") { Description = "LoRA's rank; alpha is twice the rank.", DefaultValueFactory = _ => defaults.Rank };
        Option<int> batch = new("--batch") { Description = "Rows of an optimizer step.", DefaultValueFactory = _ => defaults.BatchRows };
        Option<bool> checkpointing = new("--gradient-checkpointing") { Description = "Compute the blocks' inner values again instead of keeping them: less memory, about a third more time, the same weights." };
        Option<string> baseType = new("--base-dtype")
        {
            Description = "float32, bfloat16 or float16: how LoRA's frozen base is kept. Half precision halves its memory; the arithmetic stays float32.",
            DefaultValueFactory = _ => defaults.BaseType,
        };
        baseType.AcceptOnlyFromAmong("float32", "bfloat16", "float16");
        Option<long> seed = new("--seed") { Description = "Seed of the split, the order and LoRA's first weights.", DefaultValueFactory = _ => defaults.Seed };
        Option<string> output = new("--out") { Description = "Folder of the results.", HelpName = "DIR", DefaultValueFactory = _ => "runs/train" };
        Option<bool> resume = new("--resume") { Description = "Go on from the last checkpoint in --out." };
        var command = new Command("train", "Fine-tune a model on your own rows: audit, split, train with early stopping, test, record.")
        {
            baseFolder, tokenizer, data, method, epochs, optimizer, rate, rank, batch, checkpointing, baseType, seed, output, resume,
        };
        var common = new CommonOptions(command);
        command.SetAction(parsed => ExitCode.Of(cancel =>
        {
            IRunProgress progress = common.Apply(parsed);
            TuningRecord record = TuningJob.Run(
                new TuningJobOptions
                {
                    Base = parsed.GetValue(baseFolder) ?? ShippedFiles.Find("mini-base"),
                    Tokenizer = parsed.GetValue(tokenizer),
                    Data = parsed.GetValue(data)!,
                    Out = parsed.GetValue(output)!,
                    Method = parsed.GetValue(method),
                    Epochs = parsed.GetValue(epochs),
                    Optimizer = parsed.GetValue(optimizer)!,
                    LearningRate = parsed.GetValue(rate),
                    Rank = parsed.GetValue(rank),
                    BatchRows = parsed.GetValue(batch),
                    GradientCheckpointing = parsed.GetValue(checkpointing),
                    BaseType = parsed.GetValue(baseType)!,
                    Seed = parsed.GetValue(seed),
                },
                parsed.GetValue(resume), progress, cancel);
            TuningReport.Write(parsed.GetValue(output)!);
            common.Write(parsed, record);
            Print(record, parsed.GetValue(output)!);
            return ExitCode.Done;
        }));
        return command;
    }

    private static void Print(TuningRecord record, string folder) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
        rows            {record.Split.Counts[0]} to train, {record.Split.Counts[1]} to choose, {record.Split.Counts[2]} to test; {record.Findings.Values.Sum()} audit findings
        trained         {record.TrainableParameters:N0} weights, {record.Steps} steps, kept step {record.BestStep}
        test loss       {record.TestLossBefore:0.000} before, {record.TestLoss:0.000} after (nats per token)
        exact answers   {record.ExactMatch.Value:0%}, 95 % interval {record.ExactMatch.Low:0%} to {record.ExactMatch.High:0%}
        results         {folder}
        """));
}
