using System.CommandLine;
using FineTuneKit.Cli;

var root = new RootCommand("FineTuneKit: learn, try and document the fine-tuning of language models.")
{
    LabCommand.Create(),
    DataCommand.Create(),
    TrainCommand.Create(),
    PlanCommand.Create(),
    PretrainCommand.Create(),
    HubCommand.Create(),
    QuantizeCommand.Create(),
    AdaptersCommand.Create(),
    NotebookCommand.Create(),
    KernelCommand.Create(),
};
ParseResult parsed = root.Parse(NotebookCommand.JoinParameters(args));
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors) Console.Error.WriteLine($"error: {error.Message}");
    Console.Error.WriteLine("See ftk --help.");
    return ExitCode.BadInput;
}
// Ctrl-C is ours: a run saves itself first, however long that takes.
return parsed.Invoke(new InvocationConfiguration { ProcessTerminationTimeout = null });
