using System.CommandLine;
using FineTuneKit.Lab;

namespace FineTuneKit.Cli;

/// <summary><c>ftk lab</c>: the whole story on the shipped data.</summary>
internal static class LabCommand
{
    public static Command Create()
    {
        Option<bool> quick = new("--quick") { Description = "One seed and fewer rows, the same path, in about a minute." };
        Option<string?> output = new("--out") { Description = "Folder of the results. Default: runs/lab, or runs/lab-quick.", HelpName = "DIR" };
        Option<string?> baseFolder = new("--base") { Description = "Folder of the base model. Default: the shipped mini-base.", HelpName = "DIR" };
        Option<string?> data = new("--data") { Description = "Folder of the support desk's rows. Default: the shipped ones.", HelpName = "DIR" };
        Option<long> seed = new("--seed") { Description = "The first seed; the full lab takes this one and the two after it.", DefaultValueFactory = _ => 1 };
        Option<bool> resume = new("--resume") { Description = "Keep what was finished in --out and go on." };
        var command = new Command("lab", "See what fine-tuning does to a model: LoRA and full training, learned and forgotten, with intervals.") { quick, output, baseFolder, data, seed, resume };
        var common = new CommonOptions(command);
        command.SetAction(parsed => ExitCode.Of(cancel =>
        {
            IRunProgress progress = common.Apply(parsed);
            long first = parsed.GetValue(seed);
            var options = new LabOptions
            {
                Base = parsed.GetValue(baseFolder) ?? ShippedFiles.Find("mini-base"),
                Data = parsed.GetValue(data) ?? ShippedFiles.Find("support-desk"),
                Out = parsed.GetValue(output) ?? (parsed.GetValue(quick) ? "runs/lab-quick" : "runs/lab"),
                Seeds = [first, first + 1, first + 2],
            };
            if (parsed.GetValue(quick)) options = options.AsQuick();
            LabRecord record = LabExperiment.Run(options, parsed.GetValue(resume), progress, cancel);
            common.Write(parsed, record);
            LabTable.Print(record, options.Out);
            return ExitCode.Done;
        }));
        return command;
    }
}
