using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Benchmarks;

/// <summary>yardstick.py in a process of its own: one piece of work for each line it is sent.</summary>
internal sealed class PyTorchYardstick : IDisposable
{
    private readonly Process process;

    private PyTorchYardstick(Process process, string settings) => (this.process, Settings) = (process, settings);

    public string Settings { get; }

    /// <summary>Where Debian puts the Python that has its PyTorch.</summary>
    public static string Python => File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

    /// <summary>What to do where it is missing.</summary>
    public static string HowToInstall => "apt install python3-torch";

    /// <summary>Starts it on a folder with a task; null, and why, where Python or PyTorch is missing.</summary>
    public static PyTorchYardstick? TryStart(WorkFolder folder, out string missing)
    {
        string script = Path.Combine(folder.Path, "yardstick.py");
        using (Stream source = typeof(PyTorchYardstick).Assembly.GetManifestResourceStream("yardstick.py")!)
        using (FileStream target = File.Create(script))
        {
            source.CopyTo(target);
        }

        ProcessStartInfo start = Tuned();
        start.RedirectStandardInput = true;
        start.ArgumentList.Add(script);
        start.ArgumentList.Add(folder.Path);
        return TryStart(start, out missing);
    }

    /// <summary>Python with the settings at which PyTorch is fastest: of itself Debian's build starts with one thread and AVX2, and its idle threads spin.</summary>
    public static ProcessStartInfo Tuned()
    {
        var start = new ProcessStartInfo(Python) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["OMP_NUM_THREADS"] = get_num_threads().ToString(CultureInfo.InvariantCulture);
        start.Environment["OMP_WAIT_POLICY"] = "PASSIVE";
        if (OpenBlas.CoreType is { } core)
        {
            start.Environment["OPENBLAS_CORETYPE"] = core;
            start.Environment["ATEN_CPU_CAPABILITY"] = string.Equals(core, "SkylakeX", StringComparison.Ordinal) ? "avx512" : "avx2";
        }

        return start;
    }

    /// <summary>One piece of work: its milliseconds, and what it came to.</summary>
    public (double Milliseconds, double Check) Run()
    {
        process.StandardInput.WriteLine("go");
        process.StandardInput.Flush();
        string line = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"yardstick.py stopped: {process.StandardError.ReadToEnd()}");
        using JsonDocument answer = JsonDocument.Parse(line);
        return (answer.RootElement.GetProperty("milliseconds").GetDouble(), answer.RootElement.GetProperty("check").GetDouble());
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }

    private static PyTorchYardstick? TryStart(ProcessStartInfo start, out string missing)
    {
        Process python;
        try
        {
            python = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            missing = $"python3 does not start ({e.Message}); {HowToInstall}";
            return null;
        }

        string? hello = python.StandardOutput.ReadLine();
        if (hello is null)
        {
            string last = python.StandardError.ReadToEnd().TrimEnd().Split('\n')[^1];
            python.Dispose();
            missing = $"PyTorch does not start ({last}); {HowToInstall}";
            return null;
        }

        missing = "";
        using JsonDocument settings = JsonDocument.Parse(hello);
        return new PyTorchYardstick(python, settings.RootElement.GetProperty("settings").GetString()!);
    }
}
