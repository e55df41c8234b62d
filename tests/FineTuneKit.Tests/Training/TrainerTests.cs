using FineTuneKit.Adapters;
using FineTuneKit.Models;
using FineTuneKit.Training;
using Xunit;

namespace FineTuneKit.Tests.Training;

public sealed class TrainerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ftk-trainer").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_loss_falls_and_the_best_weights_stay(bool lora)
    {
        TrainingRun run = TinyRun.Run(lora, TinyRun.Options with { Epochs = 8, LearningRate = 3e-2 }, _folder);
        TrainingResult result = Trainer.Run(run);
        double first = result.History.Take(4).Average(step => step.Loss), last = result.History.TakeLast(4).Average(step => step.Loss);
        Assert.True(last < first - 0.03, $"{first} → {last}");
        (double loss, long tokens) = Trainer.Evaluate(run.Objective, run.Validation, 5);
        Assert.Equal(result.BestValidationLoss!.Value, loss, 1e-5);
        Assert.Equal(run.Validation.Sum(row => (long)row.TargetCount), tokens);
        Assert.Equal(result.History.Where(step => step.ValidationLoss is not null).MinBy(step => step.ValidationLoss)!.Step, result.BestStep);
        Assert.Equal(result.Steps, File.ReadLines(Path.Combine(_folder, "metrics.jsonl")).Count());
    }

    // Before the first decay or gradient matters, Muon moves each matrix by lr · 0.2 · √(max side) along singular vectors: AdamW's size.
    [Fact]
    public void Muon_has_the_matrices_between_embedding_and_head_and_AdamW_the_others()
    {
        TrainingRun run = TinyRun.Run(lora: false, TinyRun.Options with { Optimizer = TrainingOptions.Muon, MaxSteps = 1, EvaluateEvery = null, Schedule = "constant", Warmup = 0, WeightDecay = 0, ClipNorm = 0 });
        Dictionary<string, float[]> before = TinyRun.Weights(run.Model);
        Trainer.Run(run);
        foreach ((string name, float[] after) in TinyRun.Weights(run.Model))
        {
            double[] moves = [.. after.Zip(before[name], (a, b) => Math.Abs((double)a - b)).Where(move => move > 1e-5)];
            bool isAdamW = moves.All(move => Math.Abs(move - 5e-3) < 1e-4);
            Assert.Equal(!name.Contains("_proj", StringComparison.Ordinal), isAdamW);
        }
    }

    [Fact]
    public void Muon_refuses_a_rate_of_its_own_for_B()
    {
        var error = Assert.Throws<InputException>(() => Trainer.Run(TinyRun.Run(lora: true, TinyRun.Options with { Optimizer = TrainingOptions.Muon, LoraPlusRatio = 16 })));
        Assert.Contains("LoraPlusRatio is 16; it must be 1 with muon", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_runs_with_a_seed_are_equal_and_another_seed_differs()
    {
        TrainingRun one = TinyRun.Run(lora: true), same = TinyRun.Run(lora: true), other = TinyRun.Run(lora: true, TinyRun.Options with { Seed = 5 });
        foreach (TrainingRun run in new[] { one, same, other }) Trainer.Run(run);
        Assert.Equal(TinyRun.Weights(one.Model), TinyRun.Weights(same.Model));
        Assert.NotEqual(TinyRun.Weights(one.Model), TinyRun.Weights(other.Model));
    }

    [Fact]
    public void An_endless_stream_of_packed_texts_trains_too()
    {
        Decoder model = TinyRun.Model();
        var options = TinyRun.Options with { MaxSteps = 9, EvaluateEvery = null };
        TrainingExample Window(long place)
        {
            var random = new NamedRandom($"window/{place}", 1);
            int[] ids = [.. Enumerable.Range(0, 12).Select(i => i % 6 == 0 ? 1 : random.Next(2, 6))];
            return new TrainingExample(ids, [.. ids.Select((_, i) => i % 6 != 0)], $"window {place}") { Segments = [6, 6] };
        }
        TrainingRun run = TinyRun.Run(new WholeModel(model), model, options, _folder) with { Examples = new ExampleStream(Window, "test/1") };
        TrainingResult result = Trainer.Run(run);
        Assert.Equal((9L, 9L * 4 * 12), (result.Steps, result.Tokens));
        Assert.Equal(9L * 4 * 10, result.History.Sum(step => step.TargetTokens));
        Assert.Contains("an endless source requires it", Assert.Throws<InputException>(() => Trainer.Run(run with { Options = options with { MaxSteps = null } })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_that_is_not_a_number_stops_the_run_and_names_the_place()
    {
        Decoder model = TinyRun.Model();
        using (no_grad()) model.named_parameters().First(p => p.name == "model.layers.1.mlp.up_proj.weight").parameter.fill_(float.NaN);
        TrainingRun run = TinyRun.Run(new WholeModel(model), model, folder: _folder);
        var error = Assert.Throws<TrainingException>(() => Trainer.Run(run));
        Assert.Contains("step 1: the loss is NaN", error.Message, StringComparison.Ordinal);
        Assert.Contains("model.layers.1.mlp.up_proj.weight", error.Message, StringComparison.Ordinal);
        Assert.Contains("rows.jsonl:", error.Message, StringComparison.Ordinal);
        Assert.Contains("the first module whose output is not finite there is model.layers.1.mlp.up_proj;", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_overflow_is_traced_to_the_module_that_made_it()
    {
        Decoder model = TinyRun.Model();
        using (no_grad()) model.named_parameters().First(p => p.name == "model.layers.0.self_attn.v_proj.weight").parameter.fill_(3e38f);
        var error = Assert.Throws<TrainingException>(() => Trainer.Run(TinyRun.Run(new WholeModel(model), model, folder: _folder)));
        Assert.DoesNotContain("first weight", error.Message, StringComparison.Ordinal);
        Assert.Contains("the first module whose output is not finite there is model.layers.0.self_attn.v_proj", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_diverges_keeps_its_finite_weights()
    {
        TrainingRun run = TinyRun.Run(lora: false, TinyRun.Options with { LearningRate = 1e30, ClipNorm = 0, Epochs = 20, Warmup = 3, Schedule = "constant_with_warmup" }, _folder);
        var error = Assert.Throws<TrainingException>(() => Trainer.Run(run));
        Assert.Contains(_folder, error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(Directory.GetDirectories(Path.Combine(_folder, "checkpoints")));
    }

    [Fact]
    public void A_log_that_cannot_be_written_is_said()
    {
        // A folder stands where the file should be.
        Directory.CreateDirectory(Path.Combine(_folder, "metrics.jsonl"));
        var error = Assert.Throws<InputException>(() => Trainer.Run(TinyRun.Run(lora: true, folder: _folder)));
        Assert.Contains("metrics.jsonl: cannot be written", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_that_cannot_be_written_is_said()
    {
        // A file stands where the folder should be.
        File.WriteAllText(Path.Combine(_folder, "checkpoints"), "");
        TrainingRun run = TinyRun.Run(lora: true, folder: _folder);
        var error = Assert.Throws<TrainingException>(() => Trainer.Run(run));
        Assert.Contains("the checkpoint of step 1 cannot be written", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_that_cannot_be_learnt_are_refused_before_the_first_step()
    {
        TrainingRun run = TinyRun.Run(lora: true);
        List<TrainingExample> rows = TinyRun.Rows(3);
        rows.Add(TrainingExample.WholeText([.. Enumerable.Repeat(3, 17)], "rows.jsonl:4"));
        var error = Assert.Throws<InputException>(() => Trainer.Run(run with { Examples = new ExampleList(rows, TinyRun.Options) }));
        Assert.Equal("rows.jsonl:4: 17 tokens; the model holds 16", error.Message);
    }

    [Fact]
    public void One_row_trains()
    {
        TrainingRun run = TinyRun.Run(lora: true);
        TrainingResult result = Trainer.Run(run with { Examples = new ExampleList(TinyRun.Rows(1), TinyRun.Options) });
        Assert.Equal(3, result.Steps);
    }

    [Fact]
    public void Early_stopping_without_validation_is_refused()
    {
        TrainingRun run = TinyRun.Run(lora: true, TinyRun.Options with { Patience = 2 });
        Assert.Contains("0 validation rows", Assert.Throws<InputException>(() => Trainer.Run(run with { Validation = [] })).Message, StringComparison.Ordinal);
    }
}
