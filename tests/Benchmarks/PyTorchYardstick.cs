using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Benchmarks;

/// <summary>yardstick.py in a process of its own: one training step for each line it is sent.</summary>
internal sealed class PyTorchYardstick : IDisposable
{
    private readonly Process process;

    private PyTorchYardstick(Process process, string settings) => (this.process, Settings) = (process, settings);

    public string Settings { get; }

    /// <summary>Starts it on a model folder with ids.bin; null, and why, where Python or PyTorch is missing.</summary>
    public static PyTorchYardstick? TryStart(string folder, int rows, int tokens, int threads, out string missing)
    {
        string script = Path.Combine(folder, "yardstick.py");
        using (Stream source = typeof(PyTorchYardstick).Assembly.GetManifestResourceStream("yardstick.py")!)
        using (FileStream target = File.Create(script))
        {
            source.CopyTo(target);
        }

        var start = new ProcessStartInfo(File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in new[] { script, folder, Text(rows), Text(tokens) })
        {
            start.ArgumentList.Add(argument);
        }

        // Of itself Debian's build starts with one thread and AVX2, and its idle threads spin.
        start.Environment["OMP_NUM_THREADS"] = Text(threads);
        start.Environment["OMP_WAIT_POLICY"] = "PASSIVE";
        if (OpenBlas.CoreType is { } core)
        {
            start.Environment["OPENBLAS_CORETYPE"] = core;
            start.Environment["ATEN_CPU_CAPABILITY"] = string.Equals(core, "SkylakeX", StringComparison.Ordinal) ? "avx512" : "avx2";
        }

        return TryStart(start, out missing);
    }

    /// <summary>One step: its milliseconds and its loss.</summary>
    public (double Milliseconds, double Loss) Step()
    {
        process.StandardInput.WriteLine("step");
        process.StandardInput.Flush();
        string line = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"yardstick.py stopped: {process.StandardError.ReadToEnd()}");
        using JsonDocument answer = JsonDocument.Parse(line);
        return (answer.RootElement.GetProperty("milliseconds").GetDouble(), answer.RootElement.GetProperty("loss").GetDouble());
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
            missing = $"python3 does not start: {e.Message}";
            return null;
        }

        string? hello = python.StandardOutput.ReadLine();
        if (hello is null)
        {
            string last = python.StandardError.ReadToEnd().TrimEnd().Split('\n')[^1];
            python.Dispose();
            missing = $"PyTorch does not start: {last}";
            return null;
        }

        missing = "";
        using JsonDocument settings = JsonDocument.Parse(hello);
        return new PyTorchYardstick(python, settings.RootElement.GetProperty("settings").GetString()!);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
