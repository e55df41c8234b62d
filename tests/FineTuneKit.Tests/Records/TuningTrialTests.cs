using FineTuneKit.Adapters;
using FineTuneKit.Data;
using FineTuneKit.Fixtures;
using FineTuneKit.Records;
using FineTuneKit.Training;
using Xunit;

namespace FineTuneKit.Tests.Records;

/// <summary>Trials on the shipped base, a few steps each. The peak of tensors is the whole process's, so nothing may run beside them.</summary>
[CollectionDefinition(nameof(TuningTrialTests), DisableParallelization = true)]
[Collection(nameof(TuningTrialTests))]
public sealed class TuningTrialTests
{
    private static readonly IReadOnlyList<Row> Rows = [.. RowReader.Read(Repository.Sample("support-desk", "clean.jsonl")).Take(6)];

    [Fact]
    public void EqualTrialsAreEqualAndStartFromTheSameBase()
    {
        using TuningTrial first = TuningTrial.Run(Options(new LoraOptions()));
        using TuningTrial second = TuningTrial.Run(Options(new LoraOptions()));
        Assert.Equal(first.Result.History.Select(s => s.Loss), second.Result.History.Select(s => s.Loss));
        Assert.Equal(3, first.Result.Steps);
        Assert.NotNull(first.Result.BestValidationLoss);
        Assert.True(first.Result.History[^1].Loss < first.Result.History[0].Loss);
    }

    [Fact]
    public void FullTrainingTrainsEveryWeightAndHoldsMore()
    {
        using TuningTrial lora = TuningTrial.Run(Options(new LoraOptions { Rank = 4 }));
        using TuningTrial full = TuningTrial.Run(Options(null));
        Assert.Null(full.Adapter);
        Assert.Equal(full.Model.Decoder.ParameterCount, full.Result.TrainableParameters);
        Assert.Equal(lora.Adapter!.Parameters.Sum(p => p.Value.numel()), lora.Result.TrainableParameters);
        // Gradients and two moments of every weight, 4 bytes each, are held beside the weights.
        long weights = full.Model.Decoder.ParameterCount * sizeof(float);
        Assert.True(full.PeakBytes > 4 * weights, $"{full.PeakBytes} bytes");
        Assert.InRange(lora.PeakBytes, weights, full.PeakBytes - 2 * weights);
    }

    [Fact]
    public void AnInterruptedTrialIsNoTrial() =>
        Assert.Throws<OperationCanceledException>(() => TuningTrial.Run(Options(new LoraOptions()), new CancellationToken(canceled: true)));

    private static TuningTrialOptions Options(LoraOptions? lora) => new()
    {
        Base = Repository.Sample("mini-base"),
        Train = [.. Rows.Take(4)],
        Validation = [.. Rows.Skip(4)],
        Lora = lora,
        Training = new TrainingOptions { MaxSteps = 3, BatchRows = 4, Warmup = 0, Shuffle = false },
    };
}
