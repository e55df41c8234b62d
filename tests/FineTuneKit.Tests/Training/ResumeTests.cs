using FineTuneKit.Training;
using Xunit;

namespace FineTuneKit.Tests.Training;

public sealed class ResumeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ftk-resume").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 7)]
    [InlineData(true, 4)]
    [InlineData(true, 11)]
    public void A_resumed_run_ends_with_the_bits_of_an_uninterrupted_one(bool lora, int interruptAfter)
    {
        TrainingRun whole = TinyRun.Run(lora);
        TrainingResult uninterrupted = Trainer.Run(whole);

        TrainingResult first = RunAndInterrupt(lora, interruptAfter);
        Assert.Equal((StopReason.Interrupted, (long)interruptAfter), (first.Reason, first.Steps));
        TrainingRun resumed = TinyRun.Run(lora, folder: _folder, resume: true);
        TrainingResult second = Trainer.Run(resumed);

        Assert.Equal(TinyRun.Weights(whole.Model), TinyRun.Weights(resumed.Model));
        Assert.Equal(uninterrupted.History.Select(Timeless), second.History.Select(Timeless));
        Assert.Equal((uninterrupted.BestStep, uninterrupted.BestValidationLoss, uninterrupted.Tokens), (second.BestStep, second.BestValidationLoss, second.Tokens));
        Assert.Equal(StopReason.Finished, second.Reason);
    }

    [Theory]
    [InlineData(TrainingOptions.Muon, TrainingOptions.Float32)]
    [InlineData(TrainingOptions.AdamW, TrainingOptions.BFloat16)]
    public void Muon_and_moments_in_bfloat16_resume_too(string optimizer, string state)
    {
        TrainingOptions options = TinyRun.Options with { Optimizer = optimizer, OptimizerState = state };
        TrainingRun whole = TinyRun.Run(lora: false, options);
        Trainer.Run(whole);
        RunAndInterrupt(lora: false, after: 5, options);
        TrainingRun resumed = TinyRun.Run(lora: false, options, _folder, resume: true);
        Trainer.Run(resumed);
        Assert.Equal(TinyRun.Weights(whole.Model), TinyRun.Weights(resumed.Model));
    }

    [Fact]
    public void A_finished_run_resumes_to_its_end_at_once()
    {
        TrainingRun whole = TinyRun.Run(lora: true, folder: _folder);
        Trainer.Run(whole);
        TrainingRun again = TinyRun.Run(lora: true, folder: _folder, resume: true);
        TrainingResult result = Trainer.Run(again);
        Assert.Equal(TinyRun.Weights(whole.Model), TinyRun.Weights(again.Model));
        Assert.Equal(StopReason.Finished, result.Reason);
    }

    [Fact]
    public void Early_stopping_goes_on_where_it_stood()
    {
        TrainingOptions options = TinyRun.Options with { LearningRate = 0.3, Epochs = 30, EvaluateEvery = 2, Patience = 3, ClipNorm = 0 };
        TrainingRun whole = TinyRun.Run(lora: false, options);
        TrainingResult uninterrupted = Trainer.Run(whole);
        Assert.Equal(StopReason.EarlyStopped, uninterrupted.Reason);
        Assert.True(uninterrupted.Steps < uninterrupted.PlannedSteps);

        RunAndInterrupt(lora: false, (int)uninterrupted.Steps - 1, options);
        TrainingRun resumed = TinyRun.Run(lora: false, options, _folder, resume: true);
        TrainingResult second = Trainer.Run(resumed);
        Assert.Equal((uninterrupted.Steps, uninterrupted.Reason), (second.Steps, second.Reason));
        Assert.Equal(TinyRun.Weights(whole.Model), TinyRun.Weights(resumed.Model));
    }

    // A kill can leave a checkpoint that lacks any file or the end of one; whatever it is, the one before serves.
    [Theory]
    [InlineData("weights.safetensors")]
    [InlineData("optimizer.safetensors")]
    [InlineData("best.safetensors")]
    [InlineData("state.json")]
    [InlineData("manifest.json")]
    public void A_checkpoint_cut_short_gives_way_to_the_one_before(string file)
    {
        TrainingRun whole = TinyRun.Run(lora: true);
        Trainer.Run(whole);
        RunAndInterrupt(lora: true, after: 8);
        string[] checkpoints = Checkpoints();
        Assert.Equal(["step-000000007", "step-000000008"], checkpoints.Select(Path.GetFileName));
        string path = Path.Combine(checkpoints[^1], file);
        Assert.True(File.Exists(path));

        string backup = Path.Combine(_folder, "backup");
        CopyFolder(Path.Combine(_folder, "checkpoints"), backup);
        byte[] bytes = File.ReadAllBytes(path);
        byte[] flipped = [.. bytes];
        flipped[^2] ^= 1;
        foreach (byte[]? left in new[] { bytes[..(bytes.Length / 2)], flipped, [], null })
        {
            Directory.Delete(Path.Combine(_folder, "checkpoints"), recursive: true);
            CopyFolder(backup, Path.Combine(_folder, "checkpoints"));
            if (left is null) File.Delete(path);
            else File.WriteAllBytes(path, left);
            var notices = new List<string>();
            TrainingRun resumed = TinyRun.Run(lora: true, folder: _folder, resume: true) with { Notice = notices.Add };
            Trainer.Run(resumed);
            Assert.Contains(notices, notice => notice.Contains("step-000000008 is not whole", StringComparison.Ordinal));
            Assert.Contains("Resumes after step 7", notices);
            Assert.Equal(TinyRun.Weights(whole.Model), TinyRun.Weights(resumed.Model));
        }
    }

    [Fact]
    public void A_checkpoint_that_was_never_renamed_is_passed_over()
    {
        TrainingRun whole = TinyRun.Run(lora: true);
        Trainer.Run(whole);
        RunAndInterrupt(lora: true, after: 5);
        CopyFolder(Checkpoints()[^1], Path.Combine(_folder, "checkpoints", "step-000000006.part"));
        File.AppendAllText(Path.Combine(_folder, "metrics.jsonl"), "{\"step\": 6, \"epo");
        TrainingRun resumed = TinyRun.Run(lora: true, folder: _folder, resume: true);
        TrainingResult result = Trainer.Run(resumed);
        Assert.Equal(TinyRun.Weights(whole.Model), TinyRun.Weights(resumed.Model));
        Assert.Equal(Enumerable.Range(1, (int)result.Steps).Select(step => (long)step), result.History.Select(step => step.Step));
        Assert.Equal(result.Steps, File.ReadLines(Path.Combine(_folder, "metrics.jsonl")).Count());
    }

    [Fact]
    public void Without_a_whole_checkpoint_the_run_starts_from_the_beginning()
    {
        TrainingRun whole = TinyRun.Run(lora: false);
        Trainer.Run(whole);
        RunAndInterrupt(lora: false, after: 2);
        foreach (string checkpoint in Checkpoints()) File.Delete(Path.Combine(checkpoint, "manifest.json"));
        TrainingRun resumed = TinyRun.Run(lora: false, folder: _folder, resume: true);
        Trainer.Run(resumed);
        Assert.Equal(TinyRun.Weights(whole.Model), TinyRun.Weights(resumed.Model));
    }

    [Fact]
    public void Only_the_same_run_resumes()
    {
        RunAndInterrupt(lora: true, after: 3);
        var options = Assert.Throws<InputException>(() => Trainer.Run(TinyRun.Run(lora: true, TinyRun.Options with { LearningRate = 1e-3 }, _folder, resume: true)));
        Assert.Contains("learning_rate 0.005; this run has 0.001", options.Message, StringComparison.Ordinal);
        TrainingRun other = TinyRun.Run(lora: true, folder: _folder, resume: true);
        var rows = Assert.Throws<InputException>(() => Trainer.Run(other with { Examples = new ExampleList(TinyRun.Rows(12), TinyRun.Options) }));
        Assert.Contains("training rows", rows.Message, StringComparison.Ordinal);
        var fresh = Assert.Throws<InputException>(() => Trainer.Run(TinyRun.Run(lora: true, folder: _folder)));
        Assert.Contains("resume it, or name another folder", fresh.Message, StringComparison.Ordinal);
    }

    private TrainingResult RunAndInterrupt(bool lora, int after, TrainingOptions? options = null)
    {
        using var cancel = new CancellationTokenSource();
        var progress = new InlineProgress(step =>
        {
            if (step.Metrics.Step == after) cancel.Cancel();
        });
        return Trainer.Run(TinyRun.Run(lora, options, _folder) with { Progress = progress }, cancel.Token);
    }

    private string[] Checkpoints() =>
        [.. Directory.GetDirectories(Path.Combine(_folder, "checkpoints")).Order(StringComparer.Ordinal)];

    private static StepMetrics Timeless(StepMetrics metrics) => metrics with { TokensPerSecond = 0 };

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (string folder in Directory.GetDirectories(from)) CopyFolder(folder, Path.Combine(to, Path.GetFileName(folder)));
    }
}
