using FineTuneKit.Fixtures;
using FineTuneKit.Notebooks.Jupyter;
using Xunit;

namespace FineTuneKit.Notebooks.Tests;

/// <summary>The kernel under Jupyter's own client and tests, where a Python with them is there.</summary>
public sealed class JupyterKernelTests
{
    private const string Modules = "ipykernel, jupyter_client, jupyter_kernel_test, nbclient";

    [Fact]
    public void PassesJupytersTests()
    {
        using JupyterPython? python = JupyterPython.With(Modules);
        if (python is null) Assert.Skip($"No Python with {Modules}: on Debian, python3-jupyter-kernel-test and python3-nbclient bring them.");
        Assert.Equal(["finetunekit", ".net-csharp"], python.Kernels);
        (int code, string output) = python.Run(Path.Combine(Repository.Root, "tests", "FineTuneKit.Notebooks.Tests", "test_kernel.py"));
        Assert.True(code == 0, output);
    }

    [Fact]
    public void LeavesAKernelOfAnotherMakerAlone()
    {
        string prefix = Directory.CreateTempSubdirectory("ftk-kernel-").FullName;
        string other = Path.Combine(prefix, "share", "jupyter", "kernels", ".net-csharp");
        Directory.CreateDirectory(other);
        File.WriteAllText(Path.Combine(other, "kernel.json"), "{}");
        Assert.Equal(["finetunekit"], KernelInstaller.Install(new KernelInstallOptions { Prefix = prefix, Host = ["ftk"] }).Select(Path.GetFileName));
        Assert.Equal("{}", File.ReadAllText(Path.Combine(other, "kernel.json")));
        Directory.Delete(prefix, recursive: true);
    }
}
