using Xunit;

namespace FineTuneKit.Cli.Tests;

/// <summary>A run that is killed or interrupted ends, resumed, with the same bits as one that was left alone.</summary>
public sealed class ResumeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ftk-resume-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("lora", false)]
    [InlineData("full", false)]
    [InlineData("lora", true)]
    public void ResumedEqualsUninterrupted(string method, bool politely)
    {
        string[] plain = Train(method, "plain"), cut = Train(method, "cut");
        Assert.Equal(0, FtkProcess.Run(plain).Code);

        using (FtkProcess ftk = FtkProcess.Start(cut))
        {
            WaitForStep(ftk, Path.Combine(_folder, "cut", "metrics.jsonl"), 5);
            Assert.False(ftk.HasExited, "the run ended before it was cut; give it more steps");
            if (politely)
            {
                ftk.Interrupt();
                (int code, _, string error) = ftk.Wait(TimeSpan.FromMinutes(2));
                Assert.Equal(130, code);
                Assert.Contains("--resume", error);
            }
            else
            {
                ftk.Kill();
            }
        }
        (int resumed, _, string message) = FtkProcess.Run([.. cut, "--resume"]);
        Assert.True(resumed == 0, message);
        string weights = method == "lora" ? Path.Combine("adapter", "adapter_model.safetensors") : Path.Combine("model", "model.safetensors");
        Assert.Equal(File.ReadAllBytes(Path.Combine(_folder, "plain", weights)), File.ReadAllBytes(Path.Combine(_folder, "cut", weights)));
    }

    private string[] Train(string method, string output) =>
        ["train", "--data", Rows(), "--method", method, "--epochs", "6", "--batch", "4", "--out", Path.Combine(_folder, output)];

    private string Rows()
    {
        string path = Path.Combine(_folder, "rows.jsonl");
        File.WriteAllLines(path, Enumerable.Range(0, 60).Select(i => $"{{\"prompt\": \"What is item {i * 37 % 101}?\", \"completion\": \"It is {i * 53 % 97}.\"}}"));
        return path;
    }

    private static void WaitForStep(FtkProcess ftk, string metrics, int step)
    {
        for (int i = 0; i < 6000 && !ftk.HasExited; i++)
        {
            if (File.Exists(metrics) && File.ReadLines(metrics).Count() >= step) return;
            Thread.Sleep(10);
        }
        Assert.Fail($"step {step} was not reached");
    }
}
