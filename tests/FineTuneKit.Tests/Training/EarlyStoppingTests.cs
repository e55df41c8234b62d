using System.Text.Json;
using FineTuneKit.Fixtures;
using FineTuneKit.Training;
using Xunit;

namespace FineTuneKit.Tests.Training;

public class EarlyStoppingTests
{
    private const string File = "golden/early-stopping.json";

    public static TheoryData<string> Cases => FixtureFolder.Cases(File);

    [Theory, MemberData(nameof(Cases)), Trait("Category", "Fixtures")]
    public void Follows_the_reference_under_its_name(string id)
    {
        FixtureFolder.SkipIfAbsent(id);
        JsonElement entry = FixtureFolder.Case(File, id);
        JsonElement input = entry.GetProperty("input"), expected = entry.GetProperty("expected");
        JsonElement given = input.GetProperty("greater_is_better");
        bool higher = given.ValueKind == JsonValueKind.Null
            ? EarlyStopping.HigherIsBetterInTransformers(input.GetProperty("metric_for_best_model").GetString()!)
            : given.GetBoolean();
        Assert.Equal(expected.GetProperty("greater_is_better").GetBoolean(), higher);

        var stopping = new EarlyStopping(input.GetProperty("patience").GetInt32(), input.GetProperty("threshold").GetDouble(), higher, StoppingRule.Transformers);
        long every = input.GetProperty("eval_steps").GetInt64(), step = 0;
        long? stoppedAt = null;
        var counters = new List<int>();
        foreach (JsonElement metric in input.GetProperty("metrics").EnumerateArray())
        {
            step += every;
            StoppingDecision decision = stopping.Observe(Number(metric)!.Value, step);
            counters.Add(stopping.Counter);
            if (!decision.Stop) continue;
            stoppedAt = step;
            break;
        }
        Assert.Equal(expected.GetProperty("counters").EnumerateArray().Select(e => e.GetInt32()), counters);
        Assert.Equal(Step(expected.GetProperty("stopped_at_step")), stoppedAt);
        Assert.Equal(expected.GetProperty("evaluations").GetInt32(), counters.Count);
        Assert.Equal(Step(expected.GetProperty("best_step")), stopping.BestStep);
        Assert.Equal(Number(expected.GetProperty("best_metric")), stopping.BestMetric);
    }

    [Fact]
    public void Small_gains_add_up()
    {
        var stopping = new EarlyStopping(patience: 3, minimumDelta: 0.02);
        for (int i = 0; i < 40; i++)
        {
            StoppingDecision decision = stopping.Observe(1 - 0.01 * i, i);
            Assert.True(decision.IsBest);
            Assert.False(decision.Stop);
        }
        Assert.Equal(39, stopping.BestStep);
    }

    [Fact]
    public void A_plateau_stops_and_the_best_is_kept()
    {
        var stopping = new EarlyStopping(patience: 2, minimumDelta: 0.1);
        double[] metrics = [1, 0.5, 0.45, 0.46, 0.47];
        StoppingDecision[] decisions = [.. metrics.Select((m, i) => stopping.Observe(m, i))];
        Assert.Equal([true, true, true, false, false], decisions.Select(d => d.IsBest));
        Assert.Equal([false, false, false, true, true], decisions.Select(d => d.Stop));
        Assert.Equal((2L, 0.45), (stopping.BestStep, stopping.BestMetric));
    }

    [Fact]
    public void Nan_is_never_the_best()
    {
        var stopping = new EarlyStopping(patience: 2);
        Assert.Equal(new StoppingDecision(false, false), stopping.Observe(double.NaN, 1));
        Assert.Equal(new StoppingDecision(true, false), stopping.Observe(3, 2));
        Assert.Equal(new StoppingDecision(false, false), stopping.Observe(double.NaN, 3));
        Assert.Equal(new StoppingDecision(false, true), stopping.Observe(double.NaN, 4));
    }

    [Fact]
    public void State_continues_where_it_stood()
    {
        double[] metrics = [1, 0.9, 0.95, 0.94, 0.93, 0.92];
        EarlyStopping whole = new(3), before = new(3), after = new(3);
        for (int i = 0; i < metrics.Length; i++) whole.Observe(metrics[i], i);
        for (int i = 0; i < 3; i++) before.Observe(metrics[i], i);
        after.State = before.State;
        for (int i = 3; i < metrics.Length; i++) after.Observe(metrics[i], i);
        Assert.Equal(whole.State, after.State);
        Assert.Equal(4, after.Counter);
    }

    [Fact]
    public void Names_say_which_way_is_better()
    {
        Assert.False(EarlyStopping.HigherIsBetter("perplexity"));
        Assert.False(EarlyStopping.HigherIsBetter("validation_loss"));
        Assert.True(EarlyStopping.HigherIsBetter("f1"));
    }

    [Fact]
    public void Patience_below_one_is_refused() =>
        Assert.Contains("patience is 0", Assert.Throws<InputException>(() => new EarlyStopping(0)).Message, StringComparison.Ordinal);

    private static long? Step(JsonElement value) => value.ValueKind == JsonValueKind.Null ? null : value.GetInt64();

    private static double? Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => value.GetString() switch { "nan" => double.NaN, "inf" => double.PositiveInfinity, _ => double.NegativeInfinity },
        _ => value.GetDouble(),
    };
}
