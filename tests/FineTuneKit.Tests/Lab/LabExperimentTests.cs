using System.Text.Json.Nodes;
using FineTuneKit.Fixtures;
using FineTuneKit.Lab;
using Xunit;

namespace FineTuneKit.Tests.Lab;

/// <summary>The whole lab at its smallest: the record is the same again, on one thread and on two, resumed or not.</summary>
public sealed class LabExperimentTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ftk-lab-").FullName;
    private readonly int _threads = CpuTorch.torch.get_num_threads();

    public void Dispose()
    {
        CpuTorch.torch.set_num_threads(_threads);
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void RecordIsEqualOnOneThreadAndTwoAndAfterResuming()
    {
        JsonObject first = Run("one", threads: 1), second = Run("two", threads: 2);
        Assert.Equal(first.ToJsonString(), second.ToJsonString());

        string run = Directory.GetDirectories(Path.Combine(_folder, "two", "runs")).Order(StringComparer.Ordinal).First();
        DateTime written = File.GetLastWriteTimeUtc(Path.Combine(run, "run.json"));
        Assert.Throws<InputException>(() => Run("two", threads: 2));
        LabExperiment.Run(Options("two"), resume: true, new SilentProgress(), CancellationToken.None);
        Assert.Equal(written, File.GetLastWriteTimeUtc(Path.Combine(run, "run.json")));
        Assert.Equal(first.ToJsonString(), Read("two").ToJsonString());

        string html = File.ReadAllText(Path.Combine(_folder, "two", "report.html")).Replace("http://www.w3.org/2000/svg", "");
        Assert.DoesNotContain("http", html);
        Assert.DoesNotContain("<script", html);
        Assert.Contains("<svg", html);
        Assert.True(File.Exists(Path.Combine(_folder, "two", "runs", "lora-5e-3-seed1", "adapter", "adapter_model.safetensors")));
    }

    private JsonObject Run(string name, int threads)
    {
        CpuTorch.torch.set_num_threads(threads);
        LabExperiment.Run(Options(name), resume: false, new SilentProgress(), CancellationToken.None);
        return Read(name);
    }

    /// <summary>A record without what may differ: machine, times, memory.</summary>
    private JsonObject Read(string name)
    {
        JsonObject record = JsonNode.Parse(File.ReadAllText(Path.Combine(_folder, name, "record.json")))!.AsObject();
        Assert.True(record.Remove("measured_on"));
        return record;
    }

    private LabOptions Options(string name) => new()
    {
        Base = Repository.Sample("mini-base"),
        Data = Repository.Sample("support-desk"),
        Out = Path.Combine(_folder, name),
        Seeds = [1],
        Lora = new TuningRecipe { Rates = [5e-3, 1e-3], BatchRows = 8, Epochs = 1 },
        Full = new TuningRecipe { Rates = [1e-3], BatchRows = 8, Epochs = 1 },
        TrainRows = 32,
        QuestionsPerSkill = 1,
    };
}
