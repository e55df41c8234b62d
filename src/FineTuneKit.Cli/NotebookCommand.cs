using System.CommandLine;
using System.Globalization;
using FineTuneKit.Notebooks.Running;
using FineTuneKit.Notebooks.Scripting;

namespace FineTuneKit.Cli;

/// <summary><c>ftk notebook</c>: notebooks without a front end.</summary>
internal static class NotebookCommand
{
    private const string ParameterOption = "-p";

    public static Command Create() => new("notebook", "Run notebooks (.ipynb, .dib) without a front end.") { Run() };

    private static Command Run()
    {
        Argument<string> notebook = new("notebook") { Description = "The notebook, .ipynb or .dib." };
        Option<string[]> parameter = new(ParameterOption) { Description = "Sets a parameter of the cell tagged parameters; may be given again.", HelpName = "NAME VALUE" };
        Option<bool> smoke = new("--smoke") { Description = "The notebook's own small sizes: sets its parameter smoke. Without --out nothing is written." };
        Option<string?> output = new("--out") { Description = "Write the notebook with its outputs here. Default: into the notebook itself.", HelpName = "FILE" };
        Option<bool> stop = new("--stop-on-error") { Description = "Leave out the cells after one that fails." };
        Option<double?> timeout = new("--cell-timeout") { Description = "Seconds that a cell may take. Default: no limit.", HelpName = "SECONDS" };
        Option<bool> check = new("--check") { Description = "Compare the outputs with those in the file, but for cells tagged changing; exit code 1 where they differ." };
        Option<long> limit = new("--output-limit") { Description = "Characters of output that a cell keeps.", DefaultValueFactory = _ => new NotebookRunOptions().OutputLimit };
        Option<bool> show = new("--show") { Description = "Also print the outputs as text." };
        var command = new Command("run", "Run a notebook's cells in order; outputs and times are written into it after each cell.") { notebook, parameter, smoke, output, stop, timeout, check, limit, show };
        var common = new CommonOptions(command);
        timeout.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double?>() is <= 0) result.AddError("--cell-timeout must be above 0 seconds");
        });
        command.SetAction(parsed => ExitCode.Of(cancel =>
        {
            IRunProgress progress = common.Apply(parsed);
            TextWriter console = Console.Out;
            var options = new NotebookRunOptions
            {
                Out = parsed.GetValue(output),
                Parameters = Pairs(parsed.GetValue(parameter) ?? []),
                Smoke = parsed.GetValue(smoke),
                StopOnError = parsed.GetValue(stop),
                CellTimeout = parsed.GetValue(timeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                Check = parsed.GetValue(check),
                OutputLimit = parsed.GetValue(limit),
                Told = parsed.GetValue(show) ? console.Write : null,
            };
            NotebookRunRecord record = NotebookRunner.Run(parsed.GetValue(notebook)!, options, progress, cancel);
            common.Write(parsed, record);
            foreach (CellRecord cell in record.Cells) Tell(cell, record.Notebook);
            return record.Passed ? ExitCode.Done : ExitCode.Failed;
        }));
        return command;
    }

    private static void Tell(CellRecord cell, string notebook)
    {
        if (cell.Status != CellStatus.Done && cell.Error is { } error)
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{notebook}, cell {cell.Cell}: {string.Join('\n', error.Traceback)}"));
        if (cell.Difference is { } difference)
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{notebook}, cell {cell.Cell}: its outputs are not those in the file: {difference}"));
    }

    /// <summary>Makes one word of the two behind <c>-p</c>: an option that takes two words does not know where they end.</summary>
    public static string[] JoinParameters(string[] arguments)
    {
        var joined = new List<string>();
        for (int i = 0; i < arguments.Length; i++)
        {
            joined.Add(arguments[i]);
            if (arguments[i] != ParameterOption || i + 2 >= arguments.Length || arguments[i + 1].Contains('=')) continue;
            joined.Add($"{arguments[i + 1]}={arguments[i + 2]}");
            i += 2;
        }
        return [.. joined];
    }

    private static Dictionary<string, string> Pairs(string[] parameters)
    {
        var values = new Dictionary<string, string>();
        foreach (string parameter in parameters)
        {
            int equals = parameter.IndexOf('=');
            if (equals < 1) throw new InputException($"{ParameterOption} {parameter} has no value; {ParameterOption} NAME VALUE is required");
            values[parameter[..equals]] = parameter[(equals + 1)..];
        }
        return values;
    }
}
