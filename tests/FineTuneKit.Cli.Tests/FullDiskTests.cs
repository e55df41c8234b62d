using System.Diagnostics;
using FineTuneKit.Fixtures;
using Xunit;

namespace FineTuneKit.Cli.Tests;

/// <summary>A disk that fills up in the middle of a run, made of a small file system of the test's own.</summary>
public sealed class FullDiskTests : IDisposable
{
    // Room for the first checkpoint of a full training of mini-base, not for a second.
    private const int Megabytes = 60;

    private readonly string _folder = Directory.CreateTempSubdirectory("ftk-full-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void TheRunSaysSoAndGoesOnFromItsLastCheckpointWhereThereIsRoom()
    {
        string small = Path.Combine(_folder, "small"), kept = Path.Combine(_folder, "kept");
        Directory.CreateDirectory(small);
        Directory.CreateDirectory(kept);
        Assert.SkipWhen(OnSmallDisk(small, kept, "true").Code != 0, "this system lets no test mount a file system of its own");

        string[] train = ["train", "--data", Rows(), "--method", "full", "--epochs", "3", "--batch", "8"];
        (int code, string error) = OnSmallDisk(small, kept, ["dotnet", Path.Combine(AppContext.BaseDirectory, "ftk.dll"), .. train, "--out", Path.Combine(small, "run")]);
        Assert.Equal(1, code);
        Assert.Contains("cannot be written", error, StringComparison.Ordinal);
        Assert.Contains("make room", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error);

        (int resumed, _, string message) = FtkProcess.Run([.. train, "--out", Path.Combine(kept, "run"), "--resume"]);
        Assert.True(resumed == 0, message);
        Assert.Equal(0, FtkProcess.Run([.. train, "--out", Path.Combine(_folder, "roomy")]).Code);
        string weights = Path.Combine("model", "model.safetensors");
        Assert.Equal(File.ReadAllBytes(Path.Combine(_folder, "roomy", weights)), File.ReadAllBytes(Path.Combine(kept, "run", weights)));
    }

    // The file system lives as long as the command; what is on it then is copied out.
    private static (int Code, string Error) OnSmallDisk(string folder, string kept, params string[] command)
    {
        var info = new ProcessStartInfo("unshare") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = Repository.Root };
        string script = $"mount -t tmpfs -o size={Megabytes}m tmpfs \"$0\" || exit 99; kept=\"$1\"; shift; \"$@\"; code=$?; cp -r \"$0/.\" \"$kept\"; exit $code";
        foreach (string argument in (string[])["-rm", "sh", "-c", script, folder, kept, .. command]) info.ArgumentList.Add(argument);
        try
        {
            using Process process = Process.Start(info)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            string error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, error + output.Result);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return (99, e.Message);
        }
    }

    private string Rows()
    {
        string path = Path.Combine(_folder, "rows.jsonl");
        File.WriteAllLines(path, Enumerable.Range(0, 60).Select(i => $"{{\"prompt\": \"What is item {i * 37 % 101}?\", \"completion\": \"It is {i * 53 % 97}.\"}}"));
        return path;
    }
}
