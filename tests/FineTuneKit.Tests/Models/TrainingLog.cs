using System.Text.Json;
using Xunit;

namespace FineTuneKit.Tests.Models;

/// <summary>The training that a case describes: AdamW with warm-up and linear decay, clipped gradients, and what each step must show.</summary>
internal static class TrainingLog
{
    public static void Follow(JsonElement train, nn.Module model, Func<int, Tensor> lossOfStep)
    {
        Assert.Equal("AdamW", train.GetProperty("optimizer").GetString());
        Assert.Equal("linear", train.GetProperty("schedule").GetString());
        string[] noDecay = [.. train.GetProperty("no_decay").EnumerateArray().Select(value => value.GetString()!)];
        double weightDecay = train.GetProperty("weight_decay").GetDouble(), clip = train.GetProperty("clip_grad_norm").GetDouble();
        int warmup = train.GetProperty("warmup_steps").GetInt32(), steps = train.GetProperty("steps").GetInt32();
        var named = model.named_parameters().ToList();
        Assert.Empty(noDecay.Except(named.Select(item => item.name), StringComparer.Ordinal));
        using var decayed = Adam(train, named.Where(item => !noDecay.Contains(item.name)).Select(item => item.parameter), weightDecay);
        using var plain = Adam(train, named.Where(item => noDecay.Contains(item.name)).Select(item => item.parameter), 0);
        int step = 0;
        foreach (JsonElement log in train.GetProperty("log").EnumerateArray())
        {
            using DisposeScope scope = NewDisposeScope();
            double rate = train.GetProperty("lr").GetDouble() * (step < warmup ? (double)step / warmup : (double)(steps - step) / (steps - warmup));
            Assert.Equal(log.GetProperty("lr").GetDouble(), rate, 1e-12);
            Tensor loss = lossOfStep(step);
            Assert.Equal(log.GetProperty("loss").GetSingle(), loss.item<float>(), train.GetProperty("tolerance").GetProperty("loss").GetSingle());
            model.zero_grad();
            loss.backward();
            double norm = nn.utils.clip_grad_norm_(named.Select(item => item.parameter), clip);
            double expected = log.GetProperty("grad_norm").GetDouble();
            Assert.True(Math.Abs(norm - expected) <= 1e-4 * Math.Max(1, expected), $"step {step}: gradient norm {norm:R}, expected {expected:R}");
            foreach (optim.Optimizer optimizer in new optim.Optimizer[] { decayed, plain })
            {
                foreach (optim.ILearningRateController group in optimizer.ParamGroups) group.LearningRate = rate;
                optimizer.step();
            }
            step++;
        }
        Assert.Equal(steps, step);
    }

    private static optim.Optimizer Adam(JsonElement train, IEnumerable<Parameter> parameters, double weightDecay) => optim.AdamW(
        parameters,
        lr: train.GetProperty("lr").GetDouble(),
        beta1: train.GetProperty("betas")[0].GetDouble(),
        beta2: train.GetProperty("betas")[1].GetDouble(),
        eps: train.GetProperty("eps").GetDouble(),
        weight_decay: weightDecay);
}
