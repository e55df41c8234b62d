using System.Diagnostics;
using FineTuneKit.Fixtures;

namespace FineTuneKit.Cli.Tests;

/// <summary>Runs the command line as a user does: another process, its output and its exit code.</summary>
internal sealed class FtkProcess : IDisposable
{
    private readonly Process _process;

    private FtkProcess(Process process) => _process = process;

    public static (int Code, string Out, string Error) Run(params string[] arguments)
    {
        using FtkProcess ftk = Start(arguments);
        return ftk.Wait(TimeSpan.FromMinutes(5));
    }

    public static FtkProcess Start(params string[] arguments) => Start(new Dictionary<string, string?>(StringComparer.Ordinal), arguments);

    /// <param name="environment">Variables that are set, or taken away where they are null.</param>
    /// <param name="arguments">The command line.</param>
    public static FtkProcess Start(IReadOnlyDictionary<string, string?> environment, string[] arguments)
    {
        var info = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = Repository.Root };
        info.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "ftk.dll"));
        foreach (string argument in arguments) info.ArgumentList.Add(argument);
        foreach ((string name, string? value) in environment) info.Environment[name] = value;
        return new FtkProcess(Process.Start(info)!);
    }

    public (int Code, string Out, string Error) Wait(TimeSpan limit)
    {
        Task<string> output = _process.StandardOutput.ReadToEndAsync(), error = _process.StandardError.ReadToEndAsync();
        if (!_process.WaitForExit(limit))
        {
            _process.Kill(entireProcessTree: true);
            throw new TimeoutException($"ftk ran longer than {limit}: {error.Result}");
        }
        return (_process.ExitCode, output.Result, error.Result);
    }

    /// <summary>Ends the process at once, as kill -9 does.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Asks it to end, as Ctrl-C does; or as a shutdown does, where the tests themselves run in the background, which passes on that SIGINT is ignored.</summary>
    public void Interrupt()
    {
        using Process kill = Process.Start("kill", $"{(IgnoresInterrupts() ? "-TERM" : "-INT")} {_process.Id}");
        kill.WaitForExit();
    }

    private static bool IgnoresInterrupts()
    {
        const string Field = "SigIgn:";
        const long Interrupts = 1L << (2 - 1);
        string? line = File.Exists("/proc/self/status") ? File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith(Field, StringComparison.Ordinal)) : null;
        return line is not null && (Convert.ToInt64(line[Field.Length..].Trim(), 16) & Interrupts) != 0;
    }

    public bool HasExited => _process.HasExited;

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }
}
