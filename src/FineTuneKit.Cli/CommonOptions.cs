using System.CommandLine;

namespace FineTuneKit.Cli;

/// <summary>The options that every verb takes.</summary>
internal sealed class CommonOptions
{
    private readonly Option<string?> _json = new("--json") { Description = "Also write the result as JSON to this file.", HelpName = "FILE" };
    private readonly Option<int?> _threads = new("--threads") { Description = "Threads of the engine; results do not depend on it. Default: all cores." };
    private readonly Option<bool> _quiet = new("--quiet") { Description = "No progress." };

    public CommonOptions(Command command)
    {
        command.Options.Add(_json);
        command.Options.Add(_threads);
        command.Options.Add(_quiet);
        _threads.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1) result.AddError("--threads must be 1 or more");
        });
    }

    /// <summary>Sets the threads and gives the progress to tell.</summary>
    public IRunProgress Apply(ParseResult parsed)
    {
        if (parsed.GetValue(_threads) is { } threads) CpuTorch.torch.set_num_threads(threads);
        return parsed.GetValue(_quiet) ? new SilentProgress() : new Progress();
    }

    /// <summary>Writes a result that is JSON already where <c>--json</c> says.</summary>
    public void WriteText(ParseResult parsed, string json)
    {
        if (parsed.GetValue(_json) is { } file) Records.AtomicFile.WriteText(file, json);
    }

    /// <summary>Writes the result where <c>--json</c> says.</summary>
    public void Write<T>(ParseResult parsed, T result)
    {
        if (parsed.GetValue(_json) is { } file) Records.AtomicFile.WriteJson(file, result);
    }
}
