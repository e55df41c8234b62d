using System.Diagnostics;
using System.Text.Json;

namespace Benchmarks;

/// <summary>Starts a yardstick on a folder with a task; null, and why, where it is not on this machine.</summary>
internal delegate YardstickProcess? StartYardstick(WorkFolder folder, out string missing);

/// <summary>A script in a process of its own: it says its settings, then does one piece of work for each line it is sent.</summary>
internal sealed class YardstickProcess : IDisposable
{
    private readonly Process process;

    private YardstickProcess(Process process, string settings) => (this.process, Settings) = (process, settings);

    public string Settings { get; }

    /// <param name="start">The program with its settings; the script and the folder are added.</param>
    /// <param name="folder">Holds the task; the script is written there.</param>
    /// <param name="script">Its name among this program's resources.</param>
    /// <param name="howToInstall">What to do where it is missing.</param>
    /// <param name="missing">Why there is none.</param>
    public static YardstickProcess? TryStart(ProcessStartInfo start, WorkFolder folder, string script, string howToInstall, out string missing)
    {
        start.UseShellExecute = false;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.ArgumentList.Add(folder.Script(script));
        start.ArgumentList.Add(folder.Path);
        Process started;
        try
        {
            started = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            missing = $"{start.FileName} does not start ({e.Message}); {howToInstall}";
            return null;
        }

        string? hello = started.StandardOutput.ReadLine();
        if (hello is null)
        {
            string[] said = started.StandardError.ReadToEnd().TrimEnd().Split('\n');
            started.Dispose();
            missing = $"{script} does not start ({Array.Find(said, line => line.StartsWith("Error", StringComparison.Ordinal)) ?? said[^1]}); {howToInstall}";
            return null;
        }

        missing = "";
        using JsonDocument settings = JsonDocument.Parse(hello);
        return new YardstickProcess(started, settings.RootElement.GetProperty("settings").GetString()!);
    }

    /// <summary>One piece of work: its milliseconds, and what it came to.</summary>
    public (double Milliseconds, double Check) Run()
    {
        process.StandardInput.WriteLine("go");
        process.StandardInput.Flush();
        string line = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"the yardstick stopped: {process.StandardError.ReadToEnd()}");
        using JsonDocument answer = JsonDocument.Parse(line);
        return (answer.RootElement.GetProperty("milliseconds").GetDouble(), answer.RootElement.GetProperty("check").GetDouble());
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }
}
