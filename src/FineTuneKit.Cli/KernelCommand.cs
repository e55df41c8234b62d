using System.CommandLine;
using FineTuneKit.Notebooks.Jupyter;

namespace FineTuneKit.Cli;

/// <summary><c>ftk kernel</c>: the Jupyter kernel.</summary>
internal static class KernelCommand
{
    private const string HostName = "host";

    public static Command Create() => new("kernel", "The Jupyter kernel: C# notebooks in Jupyter and VS Code.") { Install(), Host() };

    private static Command Install()
    {
        Option<string?> prefix = new("--prefix") { Description = "Install into PREFIX/share/jupyter, such as a virtual environment's. Default: the user's own folder.", HelpName = "PREFIX" };
        Option<string> python = new("--python") { Description = "The Python that has ipykernel.", DefaultValueFactory = _ => new KernelInstallOptions { Host = [] }.Python };
        var command = new Command("install", "Install the kernel for Jupyter.") { prefix, python };
        var common = new CommonOptions(command);
        command.SetAction(parsed => ExitCode.Of(_ =>
        {
            common.Apply(parsed);
            IReadOnlyList<string> folders = KernelInstaller.Install(new KernelInstallOptions { Prefix = parsed.GetValue(prefix), Python = parsed.GetValue(python)!, Host = OwnCommand() });
            common.Write(parsed, folders);
            foreach (string folder in folders) Console.WriteLine(folder);
            return ExitCode.Done;
        }));
        return command;
    }

    private static Command Host()
    {
        var command = new Command(HostName, "The process behind the kernel; Jupyter starts it.") { Hidden = true };
        command.SetAction(_ => ExitCode.Of(_ =>
        {
            // Requests and replies have the standard streams to themselves.
            Stream input = Console.OpenStandardInput(), output = Console.OpenStandardOutput();
            Console.SetOut(Console.Error);
            Console.SetIn(TextReader.Null);
            KernelHost.Serve(input, output);
            return ExitCode.Done;
        }));
        return command;
    }

    // The kernel starts what runs now: an executable of its own, or dotnet with the program.
    private static string[] OwnCommand()
    {
        string process = Environment.ProcessPath!, program = typeof(KernelCommand).Assembly.Location;
        return Path.GetFileNameWithoutExtension(process) == "dotnet" ? [process, program, "kernel", HostName] : [process, "kernel", HostName];
    }
}
