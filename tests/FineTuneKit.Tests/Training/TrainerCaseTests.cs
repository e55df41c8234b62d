using System.Text.Json;
using FineTuneKit.Adapters;
using FineTuneKit.Fixtures;
using FineTuneKit.Models;
using FineTuneKit.Training;
using Xunit;

namespace FineTuneKit.Tests.Training;

/// <summary>Whole runs of transformers' Trainer on rows of unequal length, with accumulation, smoothing and LoRA.</summary>
[Trait("Category", "Fixtures")]
public class TrainerCaseTests
{
    private const string File = "golden/objectives/trainer.json";

    public static TheoryData<string> Cases => FixtureFolder.Cases(File);

    [Theory, MemberData(nameof(Cases))]
    public void Whole_run_equals_the_reference(string id)
    {
        FixtureFolder.SkipIfAbsent(id);
        JsonElement root = FixtureFolder.Json(File), one = FixtureFolder.Case(File, id);
        JsonElement arguments = one.GetProperty("arguments");
        Decoder model = ModelFolder.Load(FixtureFolder.PathOf(root.GetProperty("model").GetString()!)).Model;
        ITrainable trainable = one.GetProperty("lora").GetBoolean()
            ? PeftFolder.Load(FixtureFolder.PathOf(root.GetProperty("adapter").GetString()!, "initial"), model)
            : new WholeModel(model);
        double smoothing = arguments.TryGetProperty("label_smoothing_factor", out JsonElement share) ? share.GetDouble() : 0;
        TrainingExample[] rows = Rows(root);
        int split = root.GetProperty("train_rows").GetInt32();
        TrainingOptions options = Options(arguments);
        TrainingResult result = Trainer.Run(new TrainingRun
        {
            Model = trainable,
            Objective = new SupervisedObjective(model, smoothing),
            Examples = new ExampleList(rows[..split], options),
            Validation = rows[split..],
            Options = options,
        });

        JsonElement[] log = [.. one.GetProperty("log_history").EnumerateArray()];
        Assert.Equal(one.GetProperty("global_step").GetInt64(), result.Steps);
        foreach (JsonElement line in log.Where(line => line.TryGetProperty("loss", out _)))
        {
            StepMetrics step = result.History[line.GetProperty("step").GetInt32() - 1];
            Near(line, "loss", step.Loss, 1e-4);
            Near(line, "grad_norm", step.GradNorm, 1e-3);
            Near(line, "learning_rate", step.LearningRate, 1e-9);
        }
        JsonElement[] evaluations = [.. log.Where(line => line.TryGetProperty("eval_loss", out _))];
        Assert.Equal(evaluations.Length, result.History.Count(step => step.ValidationLoss is not null));
        foreach (JsonElement line in evaluations)
            Near(line, "eval_loss", result.History[line.GetProperty("step").GetInt32() - 1].ValidationLoss!.Value, 1e-4);
        (double plain, _) = Trainer.Evaluate(new SupervisedObjective(model), rows[split..], batchRows: 3);
        Near(one, "final_eval_loss_token_mean", plain, 1e-4);
        if (trainable is AdaptedModel lora) CompareAdapter(FixtureFolder.PathOf(root.GetProperty("adapter").GetString()!, "trained"), lora);
    }

    [Fact]
    public void Large_batches_and_accumulated_small_ones_learn_alike()
    {
        if (!FixtureFolder.Exists) FixtureFolder.SkipIfAbsent(FixtureFolder.Absent);
        JsonElement root = FixtureFolder.Json(File);
        IReadOnlyList<StepMetrics> large = Run(8, 1), small = Run(2, 4);
        Assert.Equal(large.Count, small.Count);
        for (int i = 0; i < large.Count; i++)
        {
            Assert.Equal(large[i].Loss, small[i].Loss, 1e-4);
            Assert.Equal(large[i].GradNorm, small[i].GradNorm, 1e-3);
            Assert.Equal(large[i].TargetTokens, small[i].TargetTokens);
        }

        IReadOnlyList<StepMetrics> Run(int batch, int accumulation)
        {
            Decoder model = ModelFolder.Load(FixtureFolder.PathOf(root.GetProperty("model").GetString()!)).Model;
            var options = new TrainingOptions { BatchRows = batch, AccumulationSteps = accumulation, LearningRate = 1e-3, Epochs = 2, Seed = 3 };
            return Trainer.Run(new TrainingRun
            {
                Model = new WholeModel(model),
                Objective = new SupervisedObjective(model),
                Examples = new ExampleList(Rows(root), options),
                Options = options,
            }).History;
        }
    }

    private static void CompareAdapter(string folder, AdaptedModel lora)
    {
        using SafetensorsFile expected = SafetensorsFile.Open(Path.Combine(folder, PeftFolder.WeightsName));
        foreach ((string key, Tensor value) in lora.FileTensors())
        {
            float[] want = expected.Read(key).data<float>().ToArray(), got = value.detach().data<float>().ToArray();
            for (int i = 0; i < want.Length; i++) Assert.True(Math.Abs(want[i] - got[i]) <= 1e-3, $"{key}[{i}]: {want[i]} expected, {got[i]} found");
        }
    }

    private static TrainingOptions Options(JsonElement arguments) => new()
    {
        Epochs = arguments.GetProperty("num_train_epochs").GetInt32(),
        LearningRate = arguments.GetProperty("learning_rate").GetDouble(),
        WeightDecay = arguments.GetProperty("weight_decay").GetDouble(),
        Epsilon = arguments.GetProperty("adam_epsilon").GetDouble(),
        Schedule = arguments.GetProperty("lr_scheduler_type").GetString()!,
        Warmup = arguments.GetProperty("warmup_steps").GetDouble(),
        ClipNorm = arguments.GetProperty("max_grad_norm").GetDouble(),
        AccumulationSteps = arguments.GetProperty("gradient_accumulation_steps").GetInt32(),
        BatchRows = arguments.GetProperty("per_device_train_batch_size").GetInt32(),
        Shuffle = false,
        KeepBest = false,
    };

    private static TrainingExample[] Rows(JsonElement root) =>
    [
        .. root.GetProperty("rows").EnumerateArray().Select((row, index) => new TrainingExample(
            [.. row.GetProperty("input_ids").EnumerateArray().Select(e => e.GetInt32())],
            [.. row.GetProperty("labels").EnumerateArray().Select(e => e.GetInt32() != -100)],
            $"row {index}")),
    ];

    private static void Near(JsonElement line, string field, double actual, double tolerance)
    {
        double expected = line.GetProperty(field).GetDouble();
        Assert.True(Math.Abs(expected - actual) <= tolerance * Math.Max(1, Math.Abs(expected)), $"{line}: {field} is {actual}");
    }
}
