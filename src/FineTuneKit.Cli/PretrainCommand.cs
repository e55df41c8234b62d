using System.CommandLine;
using System.Globalization;
using FineTuneKit.Lab;

namespace FineTuneKit.Cli;

/// <summary><c>ftk pretrain</c>: makes mini-base from nothing.</summary>
internal static class PretrainCommand
{
    public static Command Create()
    {
        var defaults = new PretrainingOptions();
        Option<string> output = new("--out") { Description = "Folder of the model.", HelpName = "DIR", DefaultValueFactory = _ => "runs/mini-base" };
        Option<int> steps = new("--steps") { Description = "Optimizer steps of all stages, which keep their shares.", DefaultValueFactory = _ => defaults.TotalSteps };
        Option<int> layers = new("--layers") { Description = "Blocks of the decoder.", DefaultValueFactory = _ => defaults.Layers };
        Option<long> seed = new("--seed") { Description = "Seed of everything.", DefaultValueFactory = _ => defaults.Seed };
        Option<bool> resume = new("--resume") { Description = "Go on from the last checkpoint in --out." };
        var command = new Command("pretrain", "Make a base model like the shipped mini-base from nothing. Takes three hours or more.") { output, steps, layers, seed, resume };
        var common = new CommonOptions(command);
        command.SetAction(parsed => ExitCode.Of(cancel =>
        {
            IRunProgress progress = common.Apply(parsed);
            PretrainingRecord record = Pretraining.Run(
                defaults.WithTotalSteps(parsed.GetValue(steps)) with { Layers = parsed.GetValue(layers), Seed = parsed.GetValue(seed) },
                parsed.GetValue(output)!, parsed.GetValue(resume), progress, cancel);
            common.Write(parsed, record);
            foreach (SkillResult skill in record.Skills)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{skill.Skill,-12} {skill.Share.Value:0.00}  [{skill.Share.Low:0.00}, {skill.Share.High:0.00}]"));
            return ExitCode.Done;
        }));
        return command;
    }
}
