using System.CommandLine;
using System.Globalization;
using FineTuneKit.Records;

namespace FineTuneKit.Cli;

/// <summary><c>ftk train</c>: one run on the user's own rows.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        Option<string> output = new("--out") { Description = "Folder of the results.", HelpName = "DIR", DefaultValueFactory = _ => "runs/train" };
        Option<bool> resume = new("--resume") { Description = "Go on from the last checkpoint in --out." };
        var command = new Command("train", "Fine-tune a model on your own rows: audit, split, train with early stopping, test, record.");
        var flags = new TuningFlags(command);
        command.Options.Add(output);
        command.Options.Add(resume);
        command.Subcommands.Add(TrainClassifierCommand.Create());
        var common = new CommonOptions(command);
        command.SetAction(parsed => ExitCode.Of(cancel =>
        {
            IRunProgress progress = common.Apply(parsed);
            string folder = parsed.GetValue(output)!;
            TuningRecord record = TuningJob.Run(flags.Read(parsed, folder), parsed.GetValue(resume), progress, cancel);
            TuningReport.Write(folder);
            common.Write(parsed, record);
            Print(record, folder);
            return ExitCode.Done;
        }));
        return command;
    }

    private static void Print(TuningRecord record, string folder) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
        rows            {record.Split.Counts[0]} to train, {record.Split.Counts[1]} to choose, {record.Split.Counts[2]} to test; {record.Findings.Values.Sum()} audit findings
        trained         {record.TrainableParameters:N0} weights, {record.Steps} steps, kept step {record.BestStep}
        test loss       {record.TestLossBefore:0.000} before, {record.TestLoss:0.000} after (nats per token)
        exact answers   {record.ExactMatch.Value:0%}, 95 % interval {record.ExactMatch.Low:0%} to {record.ExactMatch.High:0%}; look {record.TestLooks} at these test rows
        results         {folder}
        """));
}
