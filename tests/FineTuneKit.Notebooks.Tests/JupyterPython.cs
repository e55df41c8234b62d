using System.Diagnostics;
using FineTuneKit.Notebooks.Jupyter;

namespace FineTuneKit.Notebooks.Tests;

/// <summary>A Python with Jupyter, where one is there, and the kernel installed for it in a folder of its own.</summary>
internal sealed class JupyterPython : IDisposable
{
    private readonly string _python;

    private JupyterPython(string python, string prefix) => (_python, Prefix) = (python, prefix);

    /// <summary>The folder of the kernels.</summary>
    public string Prefix { get; }

    /// <summary>The names of the kernels that were installed.</summary>
    public IReadOnlyList<string?> Kernels { get; private init; } = [];

    /// <summary>The first Python that has the modules, with the kernel of this build; null where there is none.</summary>
    public static JupyterPython? With(string modules)
    {
        string prefix = Directory.CreateTempSubdirectory("ftk-kernel-").FullName;
        foreach (string python in new[] { "python3", "/usr/bin/python3", "python" })
        {
            var found = new JupyterPython(python, prefix);
            if (found.Run("-c", $"import {modules}").Code != 0) continue;
            IReadOnlyList<string> folders = KernelInstaller.Install(new KernelInstallOptions
            {
                Prefix = prefix,
                Python = python,
                Host = ["dotnet", Path.Combine(AppContext.BaseDirectory, "ftk.dll"), "kernel", "host"],
            });
            return new JupyterPython(python, prefix) { Kernels = [.. folders.Select(Path.GetFileName)] };
        }
        Directory.Delete(prefix, recursive: true);
        return null;
    }

    /// <summary>A process that finds the kernel; its output and errors are redirected.</summary>
    public Process Start(params string[] arguments)
    {
        var info = new ProcessStartInfo(_python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        info.Environment["JUPYTER_PATH"] = Path.Combine(Prefix, "share", "jupyter");
        return Process.Start(info)!;
    }

    /// <summary>Runs a program of at most ten minutes to its end.</summary>
    public (int Code, string Output) Run(params string[] arguments)
    {
        try
        {
            using Process process = Start(arguments);
            Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(TimeSpan.FromMinutes(10))) process.Kill(entireProcessTree: true);
            process.WaitForExit();
            return (process.ExitCode, output.Result + error.Result);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return (-1, e.Message);
        }
    }

    public void Dispose() => Directory.Delete(Prefix, recursive: true);
}
