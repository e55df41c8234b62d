using System.Text.Json;
using FineTuneKit.Fixtures;
using FineTuneKit.Training;
using Xunit;

namespace FineTuneKit.Tests.Training;

public class LearningRateScheduleTests
{
    private const string File = "golden/schedules.json";

    public static TheoryData<string> Cases => FixtureFolder.Cases(File);

    [Theory, MemberData(nameof(Cases)), Trait("Category", "Fixtures")]
    public void Equals_the_reference(string id)
    {
        FixtureFolder.SkipIfAbsent(id);
        JsonElement entry = FixtureFolder.Case(File, id);
        JsonElement input = entry.GetProperty("input"), expected = entry.GetProperty("expected");
        if (input.GetProperty("function").GetString() == "warmup_steps")
        {
            long steps = LearningRateSchedule.WarmupSteps(input.GetProperty("argument").GetDouble(), input.GetProperty("num_training_steps").GetInt64());
            Assert.Equal(expected.GetProperty("warmup_steps").GetInt64(), steps);
        }
        else if (expected.TryGetProperty("raises", out _))
        {
            Assert.Throws<InputException>(() => Rates(input));
        }
        else
        {
            double[][] groups = expected.TryGetProperty("lr_groups", out JsonElement all)
                ? [.. all.EnumerateArray().Select(Numbers)]
                : [Numbers(expected.GetProperty("lr"))];
            double[][] actual = Rates(input);
            Assert.Equal(groups.Length, actual.Length);
            for (int group = 0; group < groups.Length; group++)
            {
                Assert.Equal(groups[group].Length, actual[group].Length);
                for (int step = 0; step < groups[group].Length; step++)
                    Assert.True(Math.Abs(groups[group][step] - actual[group][step]) <= 1e-12 * groups[group][step] + 1e-18,
                        $"group {group}, step {step}: {groups[group][step]} expected, {actual[group][step]} found");
            }
        }
    }

    [Theory]
    [InlineData("reduce_lr_on_plateau")]
    [InlineData("greedy")]
    public void State_continues_where_it_stood(string name)
    {
        var options = new ScheduleOptions { Name = name, Patience = 1, MinimumRate = 1e-5, AverageWindow = 3, Cooldown = 1, IncreaseCooldown = 2 };
        double[] metrics = [1, 0.9, 0.8, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2];
        LearningRateSchedule whole = LearningRateSchedule.Create(options, 1e-3), before = LearningRateSchedule.Create(options, 1e-3);
        foreach (double metric in metrics) whole.Observe(metric);
        foreach (double metric in metrics[..7]) before.Observe(metric);
        LearningRateSchedule after = LearningRateSchedule.Create(options, 1e-3);
        after.State = before.State;
        foreach (double metric in metrics[7..]) after.Observe(metric);
        Assert.Equal(whole.State, after.State);
        Assert.NotEqual(1e-3, after.Rate(0));
    }

    [Fact]
    public void Unknown_name_is_refused() =>
        Assert.Contains("\"cosin\"", Assert.Throws<InputException>(() => LearningRateSchedule.Create(new ScheduleOptions { Name = "cosin", WarmupSteps = 0, TotalSteps = 5 }, 1)).Message, StringComparison.Ordinal);

    // rates[group][step], as the reference asks for them.
    private static double[][] Rates(JsonElement input)
    {
        double[] groupRates = Numbers(input.GetProperty("group_lrs"));
        LearningRateSchedule schedule = LearningRateSchedule.Create(Options(input), input.GetProperty("lr").GetDouble(), groupRates);
        double[] metrics = input.TryGetProperty("metrics", out JsonElement observed) ? Numbers(observed) : [];
        int steps = input.GetProperty("steps").GetInt32();
        double[][] rates = [.. groupRates.Select(_ => new double[steps + 1])];
        for (int step = 0; step <= steps; step++)
        {
            for (int group = 0; group < rates.Length; group++) rates[group][step] = schedule.Rate(step, group);
            if (step < metrics.Length) schedule.Observe(metrics[step]);
        }
        return rates;
    }

    private static ScheduleOptions Options(JsonElement input)
    {
        JsonElement extra = input.GetProperty("kwargs");
        string name = input.GetProperty("name").GetString()!;
        double? Number(string key) => extra.TryGetProperty(key, out JsonElement value) ? value.GetDouble() : null;
        string? Text(string key) => extra.TryGetProperty(key, out JsonElement value) ? value.GetString() : null;
        long? Steps(string key) => input.GetProperty(key).ValueKind == JsonValueKind.Null ? null : input.GetProperty(key).GetInt64();
        bool smooth = extra.TryGetProperty("smooth", out JsonElement on) && on.GetBoolean();
        var options = new ScheduleOptions
        {
            Name = name,
            WarmupSteps = Steps("num_warmup_steps"),
            TotalSteps = Steps("num_training_steps"),
            Cycles = Number("num_cycles"),
            Power = Number("power") ?? 1,
            FinalRate = Number("lr_end") ?? 1e-7,
            TimeScale = Number("timescale"),
            MinimumRate = Number("min_lr"),
            MinimumShare = Number("min_lr_rate") ?? Number("min_lr_ratio"),
            WarmupStartShare = Number("warmup_lr_rate"),
            DecaySteps = (long)(Number("num_decay_steps") ?? 0),
            StableSteps = (long?)Number("num_stable_steps"),
            WarmupShape = Text("warmup_type") ?? "linear",
            DecayShape = Text("decay_type") ?? "cosine",
            Factor = Number("factor"),
            Patience = (int)(Number("patience") ?? 10),
            Threshold = Number("threshold"),
            ThresholdIsRelative = Text("threshold_mode") is { } mode ? mode == "rel" : null,
            Cooldown = (int)(Number("cooldown") ?? 0),
            HigherIsBetter = Text("mode") == "max",
            SmallestChange = Number("eps") ?? 1e-8,
            IncreaseCooldown = (int)(Number("warmup") ?? 0),
            MaximumRate = Number("max_lr") ?? 1,
            AverageWindow = smooth ? (int)(Number("window_size") ?? 50) : null,
            ResetAfter = (int)(Number("reset_start") ?? 500),
        };
        return options;
    }

    private static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(e => e.GetDouble())];
}
