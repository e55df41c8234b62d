using System.Diagnostics;
using FineTuneKit.Fixtures;
using FineTuneKit.Notebooks.Jupyter;
using Xunit;

namespace FineTuneKit.Notebooks.Tests;

/// <summary>The kernel under Jupyter's own client and tests, where a Python with them is there.</summary>
public sealed class JupyterKernelTests : IDisposable
{
    private const string Modules = "ipykernel, jupyter_client, jupyter_kernel_test, nbclient";

    private readonly string _prefix = Directory.CreateTempSubdirectory("ftk-kernel-").FullName;

    public void Dispose() => Directory.Delete(_prefix, recursive: true);

    [Fact]
    public void PassesJupytersTests()
    {
        string? python = new[] { "python3", "/usr/bin/python3", "python" }.FirstOrDefault(p => Run(p, ["-c", $"import {Modules}"]).Code == 0);
        if (python is null) Assert.Skip($"No Python with {Modules}: on Debian, python3-jupyter-kernel-test and python3-nbclient bring them.");
        IReadOnlyList<string> folders = KernelInstaller.Install(new KernelInstallOptions
        {
            Prefix = _prefix,
            Python = python,
            Host = ["dotnet", Path.Combine(AppContext.BaseDirectory, "ftk.dll"), "kernel", "host"],
        });
        Assert.Equal(["finetunekit", ".net-csharp"], folders.Select(Path.GetFileName));
        (int code, string output) = Run(python, [Path.Combine(Repository.Root, "tests", "FineTuneKit.Notebooks.Tests", "test_kernel.py")]);
        Assert.True(code == 0, output);
    }

    [Fact]
    public void LeavesAKernelOfAnotherMakerAlone()
    {
        string other = Path.Combine(_prefix, "share", "jupyter", "kernels", ".net-csharp");
        Directory.CreateDirectory(other);
        File.WriteAllText(Path.Combine(other, "kernel.json"), "{}");
        Assert.Equal(["finetunekit"], KernelInstaller.Install(new KernelInstallOptions { Prefix = _prefix, Host = ["ftk"] }).Select(Path.GetFileName));
        Assert.Equal("{}", File.ReadAllText(Path.Combine(other, "kernel.json")));
    }

    private (int Code, string Output) Run(string program, string[] arguments)
    {
        var info = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (string argument in arguments) info.ArgumentList.Add(argument);
        info.Environment["JUPYTER_PATH"] = Path.Combine(_prefix, "share", "jupyter");
        try
        {
            using Process process = Process.Start(info)!;
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
}
