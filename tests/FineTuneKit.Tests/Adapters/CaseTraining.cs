using System.Text.Json;
using FineTuneKit.Adapters;
using FineTuneKit.Models;
using FineTuneKit.Tests.Models;
using FineTuneKit.Training;
using Xunit;

namespace FineTuneKit.Tests.Adapters;

/// <summary>The run that a case's <c>train</c> describes, through the kit's own loop.</summary>
internal static class CaseTraining
{
    /// <summary>Trains on the batches in turn, one a step.</summary>
    public static TrainingResult Run(JsonElement train, AdaptedModel lora, IReadOnlyList<TrainingExample[]> batches)
    {
        int rows = batches[0].Length;
        Assert.All(batches, batch => Assert.Equal(rows, batch.Length));
        double[] betas = [.. train.GetProperty("betas").EnumerateArray().Select(e => e.GetDouble())];
        var options = new TrainingOptions
        {
            LearningRate = train.GetProperty("lr").GetDouble(),
            Beta1 = betas[0],
            Beta2 = betas[1],
            Epsilon = train.GetProperty("eps").GetDouble(),
            WeightDecay = train.GetProperty("weight_decay").GetDouble(),
            ClipNorm = train.GetProperty("clip_grad_norm").GetDouble(),
            Schedule = train.GetProperty("schedule").GetString()!,
            Warmup = train.GetProperty("warmup_steps").GetDouble(),
            MaxSteps = train.GetProperty("steps").GetInt64(),
            BatchRows = rows,
            Shuffle = false,
        };
        return Trainer.Run(new TrainingRun
        {
            Model = lora,
            Objective = new SupervisedObjective((Decoder)lora.Model),
            Examples = new ExampleList([.. batches.SelectMany(batch => batch)], options),
            Options = options,
        });
    }

    /// <summary>Compares losses, rates and gradient norms of all steps.</summary>
    public static void CompareLog(JsonElement train, TrainingResult result)
    {
        JsonElement[] log = [.. train.GetProperty("log").EnumerateArray()];
        Assert.Equal(log.Length, result.History.Count);
        double tolerance = train.GetProperty("tolerance").GetProperty("loss").GetDouble();
        for (int step = 0; step < log.Length; step++)
        {
            StepMetrics got = result.History[step];
            Assert.Equal(log[step].GetProperty("loss").GetDouble(), got.Loss, tolerance);
            Assert.Equal(log[step].GetProperty("lr").GetDouble(), got.LearningRate, 1e-9);
            double norm = log[step].GetProperty("grad_norm").GetDouble();
            Assert.Equal(norm, got.GradNorm, 1e-3 * Math.Max(1, norm));
        }
    }

    /// <summary>A batch's rows without their padding.</summary>
    public static TrainingExample[] Rows(JsonElement batch, string origin)
    {
        int[][] ids = Integers(batch, "input_ids"), visible = Integers(batch, "attention_mask"), labels = Integers(batch, "labels");
        return
        [
            .. ids.Select((row, i) =>
            {
                int length = visible[i].Sum();
                return new TrainingExample(row[..length], [.. labels[i][..length].Select(label => label != -100)], $"{origin}, row {i}");
            }),
        ];
    }

    private static int[][] Integers(JsonElement batch, string name) =>
        [.. batch.GetProperty(name).EnumerateArray().Select(row => row.EnumerateArray().Select(value => value.GetInt32()).ToArray())];
}

/// <summary>Compares logits where there are tokens; what stands at padding means nothing.</summary>
internal static class RealTokens
{
    /// <param name="expected">(B, T, V).</param>
    /// <param name="actual">(B, T, V).</param>
    /// <param name="batch">The batch, with its <c>attention_mask</c>.</param>
    /// <param name="tolerance">The largest difference allowed.</param>
    /// <param name="what">Named in the message.</param>
    public static void Close(Tensor expected, Tensor actual, JsonElement batch, double tolerance, string what)
    {
        float[] mask = [.. batch.GetProperty("attention_mask").EnumerateArray().SelectMany(row => row.EnumerateArray().Select(seen => seen.GetSingle()))];
        using DisposeScope scope = NewDisposeScope();
        Tensor real = tensor(mask).reshape(expected.shape[0], expected.shape[1], 1);
        TensorAssert.Close(expected * real, actual.detach() * real, tolerance, what);
    }
}
