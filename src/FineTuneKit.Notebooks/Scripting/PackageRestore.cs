using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FineTuneKit.Records;

namespace FineTuneKit.Notebooks.Scripting;

/// <summary>A package that a notebook asks for; without a version the newest.</summary>
internal sealed record PackageRequest(string Name, string? Version);

/// <summary>What a restore found: the assemblies to reference, the folders of native libraries, what was installed.</summary>
internal sealed record RestoredPackages(IReadOnlyList<string> Assemblies, IReadOnlyList<string> NativeFiles, IReadOnlyList<string> Installed);

/// <summary>Restores packages with <c>dotnet restore</c>, so that sources, credentials and caches are those of the user's own builds.</summary>
internal static partial class PackageRestore
{
    private const string Framework = "net10.0", Mark = "restored";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <exception cref="InputException">A name or version that is none, or a restore that failed; the message is NuGet's.</exception>
    public static RestoredPackages Run(IReadOnlyList<PackageRequest> packages, IReadOnlyList<string> sources, CancellationToken cancel)
    {
        foreach (PackageRequest package in packages)
        {
            if (!PackageName().IsMatch(package.Name)) throw new InputException($"\"{package.Name}\" is no name of a package; #r \"nuget:Name, Version\" is required");
            if (package.Version is { } version && !PackageVersion().IsMatch(version)) throw new InputException($"\"{version}\" is no version of {package.Name}; one like 1.2.3 is required");
        }
        string project = Project(packages, sources);
        string folder = Path.Combine(Cache(), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(project)))[..16]);
        string assets = Path.Combine(folder, "obj", "project.assets.json");
        // A restore that failed leaves its assets too, so success has a mark. Without versions the newest is asked for anew.
        if (!File.Exists(Path.Combine(folder, Mark)) || packages.Any(p => p.Version is null or "*" || p.Version.Contains('*'))) Restore(folder, project, cancel);
        return Read(assets);
    }

    private static string Cache()
    {
        string local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return Path.Combine(local.Length > 0 ? local : Path.GetTempPath(), "finetunekit", "notebook-packages");
    }

    private static string Project(IReadOnlyList<PackageRequest> packages, IReadOnlyList<string> sources) => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <TargetFramework>{Framework}</TargetFramework>
            <NuGetAudit>false</NuGetAudit>
            <RestoreAdditionalProjectSources>{SecurityElement.Escape(string.Join(';', sources))}</RestoreAdditionalProjectSources>
          </PropertyGroup>
          <ItemGroup>
        {string.Join('\n', packages.Select(p => $"    <PackageReference Include=\"{SecurityElement.Escape(p.Name)}\" Version=\"{SecurityElement.Escape(p.Version ?? "*")}\" />"))}
          </ItemGroup>
        </Project>

        """;

    private static void Restore(string folder, string project, CancellationToken cancel)
    {
        string file = Path.Combine(folder, "packages.csproj");
        AtomicFile.WriteText(file, project);
        // What stands in folders above must not reach in here.
        foreach (string name in new[] { "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props" })
            AtomicFile.WriteText(Path.Combine(folder, name), "<Project />\n");
        var start = new ProcessStartInfo(Environment.ProcessPath is { } own && Path.GetFileNameWithoutExtension(own) == "dotnet" ? own : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
            WorkingDirectory = folder,
        };
        foreach (string argument in new[] { "restore", file, "--nologo", "-v", "quiet" }) start.ArgumentList.Add(argument);
        using Process process = Process.Start(start) ?? throw new InputException("\"dotnet\" does not start; the .NET SDK is required to restore packages");
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancel), error = process.StandardError.ReadToEndAsync(cancel);
        using CancellationTokenRegistration kill = cancel.Register(() => process.Kill(entireProcessTree: true));
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            throw new InputException($"the packages could not be restored within {Limit.TotalMinutes:0} minutes");
        }
        cancel.ThrowIfCancellationRequested();
        if (process.ExitCode != 0) throw new InputException($"the packages could not be restored: {Errors(output.Result + error.Result, file)}");
        AtomicFile.WriteText(Path.Combine(folder, Mark), "");
    }

    private static string Errors(string output, string file)
    {
        string[] errors = [.. output.Split('\n').Where(l => l.Contains("error", StringComparison.Ordinal)).Select(l => l.Replace(file + " : ", "").Trim()).Distinct()];
        return errors.Length > 0 ? string.Join("\n", errors) : output.Trim();
    }

    private static RestoredPackages Read(string assetsFile)
    {
        JsonObject assets = JsonNode.Parse(File.ReadAllText(assetsFile))!.AsObject();
        string[] roots = [.. assets["packageFolders"]!.AsObject().Select(p => p.Key)];
        List<string> assemblies = [], native = [], installed = [];
        foreach ((string library, JsonNode? parts) in assets["targets"]![Framework]!.AsObject())
        {
            string relative = (string)assets["libraries"]![library]!["path"]!;
            string folder = roots.Select(r => Path.Combine(r, relative)).FirstOrDefault(Directory.Exists)
                ?? throw new InputException($"{library} is restored, but its folder {relative} is in none of {string.Join(", ", roots)}");
            installed.Add(library.Replace('/', ' '));
            Dictionary<string, string> specific = ForThisMachine(parts!["runtimeTargets"] as JsonObject, folder, native);
            foreach ((string file, _) in parts["runtime"] as JsonObject ?? [])
                if (Path.GetFileName(file) != "_._") assemblies.Add(specific.GetValueOrDefault(Path.GetFileName(file)) ?? Path.Combine(folder, file));
        }
        return new RestoredPackages(assemblies, native, installed);
    }

    private static Dictionary<string, string> ForThisMachine(JsonObject? targets, string folder, List<string> native)
    {
        var managed = new Dictionary<string, string>();
        string[] identifiers = Identifiers();
        foreach ((string file, JsonNode? target) in (targets ?? []).OrderByDescending(t => Array.IndexOf(identifiers, (string?)t.Value!["rid"])))
        {
            if (!identifiers.Contains((string?)target!["rid"])) continue;
            if ((string?)target["assetType"] == "native") native.Add(Path.Combine(folder, file));
            else managed[Path.GetFileName(file)] = Path.Combine(folder, file);
        }
        return managed;
    }

    // The most special first.
    private static string[] Identifiers()
    {
        string architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        string system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
        return [RuntimeInformation.RuntimeIdentifier, $"{system}-{architecture}", system, system == "win" ? "any" : "unix", $"unix-{architecture}", "any"];
    }

    [GeneratedRegex(@"^[\w.-]+$")]
    private static partial Regex PackageName();

    [GeneratedRegex(@"^[\d*\[(][\w.*+\[\](),-]*$")]
    private static partial Regex PackageVersion();
}
