using System.Text.Json.Nodes;
using FineTuneKit.Records;

namespace FineTuneKit.Notebooks.Jupyter;

/// <summary>Where a kernel goes and how it is started.</summary>
public sealed record KernelInstallOptions
{
    /// <summary>Default null: the user's own data folder of Jupyter. A prefix such as that of a virtual environment puts it into <c>PREFIX/share/jupyter</c>.</summary>
    public string? Prefix { get; init; }

    /// <summary>Default <c>python3</c>. The Python that has ipykernel.</summary>
    public string Python { get; init; } = OperatingSystem.IsWindows() ? "python" : "python3";

    /// <summary>Command of the process behind the kernel.</summary>
    public required IReadOnlyList<string> Host { get; init; }
}

/// <summary>Installs the Jupyter kernel: a folder with <c>kernel.json</c> and the wrapper in Python.</summary>
public static class KernelInstaller
{
    /// <summary>The kernel's name, and the name that notebooks of .NET Interactive give.</summary>
    public const string Name = "finetunekit", InteractiveName = ".net-csharp";

    private const string Wrapper = "finetunekit_kernel.py", SpecFile = "kernel.json", HostKey = "FINETUNEKIT_HOST";

    /// <summary>Installs under the kit's name, and under .NET Interactive's where no other kernel has it, so that its notebooks open without a question.</summary>
    /// <returns>The folders written.</returns>
    /// <exception cref="InputException">A folder cannot be written.</exception>
    public static IReadOnlyList<string> Install(KernelInstallOptions options)
    {
        string kernels = Path.Combine(options.Prefix is { } prefix ? Path.Combine(Path.GetFullPath(prefix), "share", "jupyter") : UserFolder(), "kernels");
        var written = new List<string> { Write(Path.Combine(kernels, Name), "C# (FineTuneKit)", options) };
        string other = Path.Combine(kernels, InteractiveName);
        if (!Directory.Exists(other) || IsOurs(other)) written.Add(Write(other, ".NET (C#)", options));
        return written;
    }

    // As jupyter_core has it.
    private static string UserFolder()
    {
        if (Environment.GetEnvironmentVariable("JUPYTER_DATA_DIR") is { Length: > 0 } given) return given;
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (OperatingSystem.IsWindows()) return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "jupyter");
        if (OperatingSystem.IsMacOS()) return Path.Combine(home, "Library", "Jupyter");
        string data = Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } xdg ? xdg : Path.Combine(home, ".local", "share");
        return Path.Combine(data, "jupyter");
    }

    private static bool IsOurs(string folder)
    {
        string spec = Path.Combine(folder, SpecFile);
        return File.Exists(spec) && File.ReadAllText(spec).Contains(HostKey, StringComparison.Ordinal);
    }

    private static string Write(string folder, string displayName, KernelInstallOptions options)
    {
        string wrapper = Path.Combine(folder, Wrapper);
        AtomicFile.WriteText(wrapper, Embedded());
        AtomicFile.WriteText(Path.Combine(folder, SpecFile), new JsonObject
        {
            ["argv"] = new JsonArray(options.Python, wrapper, "-f", "{connection_file}"),
            ["display_name"] = displayName,
            ["language"] = "C#",
            ["interrupt_mode"] = "signal",
            ["env"] = new JsonObject
            {
                [HostKey] = new JsonArray([.. options.Host.Select(a => (JsonNode)a)]).ToJsonString(),
                // ipykernel's debugger of Python, which this kernel has no use for, warns of its own limits at every start.
                ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1",
            },
            ["metadata"] = new JsonObject { ["debugger"] = false },
        }.ToJsonString(AtomicFile.JsonOptions) + "\n");
        return folder;
    }

    private static string Embedded()
    {
        using var reader = new StreamReader(typeof(KernelInstaller).Assembly.GetManifestResourceStream(Wrapper)!);
        return reader.ReadToEnd();
    }
}
