using FineTuneKit.Adapters;
using FineTuneKit.Models;
using FineTuneKit.Records;
using FineTuneKit.Tests.Training;
using FineTuneKit.Training;
using Xunit;

namespace FineTuneKit.Tests.Adapters;

/// <summary>Methods that train part of a model, or its parts unequally, through the same loop as every other.</summary>
public sealed class PartialTrainingTests : IDisposable
{
    private static readonly DecoderConfig WithBiases = TinyRun.Config with { ModelType = "gpt2", KeyHeads = 2, RotaryShare = 0, Activation = "gelu", TiedHead = false };

    private readonly string _folder = Directory.CreateTempSubdirectory("ftk-partial").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Depths_rise_from_the_embeddings_to_the_head()
    {
        using Decoder model = Model();
        var depth = new LayerDepth(model);
        Assert.Equal((2, 3), (depth.Blocks, depth.Top));
        Assert.All(model.named_parameters(), p => Assert.Equal(
            p.name.Contains("wte") || p.name.Contains("wpe") ? 0 : p.name.Contains(".h.0.") ? 1 : p.name.Contains(".h.1.") ? 2 : 3, depth.Of(p.name)));
    }

    [Fact]
    public void BitFit_changes_biases_alone() => RequireChanged(BitFit.Attach, name => name.EndsWith(".bias"));

    [Fact]
    public void Head_only_changes_the_head_alone() => RequireChanged(HeadOnly.Attach, name => name.StartsWith("lm_head"));

    [Fact]
    public void The_last_layers_are_the_upper_blocks_and_what_follows() => RequireChanged(model => LastLayers.Attach(model, 1), name => name.Contains(".h.1.") || name.Contains("ln_f") || name.StartsWith("lm_head"));

    [Fact]
    public void Lower_blocks_learn_slower()
    {
        using Decoder model = Model();
        ITrainable trained = LayerwiseRates.Attach(model, 0.5);
        Assert.All(trained.Parameters, p => Assert.Equal(Math.Pow(0.5, 3 - new LayerDepth(model).Of(p.Name)), p.RateFactor, 12));
        Dictionary<string, float[]> before = TinyRun.Weights(trained);
        // AdamW's first step moves every weight by its rate, whatever the gradient's size.
        Trainer.Run(TinyRun.Run(trained, model, TinyRun.Options with { MaxSteps = 1, Warmup = 0, WeightDecay = 0, Schedule = "constant", KeepBest = false }));
        Dictionary<string, float[]> after = TinyRun.Weights(trained);
        double Moved(string name) => before[name].Zip(after[name], (a, b) => Math.Abs(a - b)).Max();
        string upper = "transformer.h.1.mlp.c_fc.weight", lower = "transformer.h.0.mlp.c_fc.weight";
        Assert.Equal(2, Moved(upper) / Moved(lower), 0.01);
    }

    [Fact]
    public void Gradual_unfreezing_thaws_a_block_at_a_time_and_resumes_to_the_same_bits()
    {
        using Decoder model = Model();
        var trained = new GradualUnfreezing(model, every: 4);
        foreach ((long step, int lowest) in new[] { (0L, 2), (3L, 2), (4L, 1), (8L, 0), (100L, 0) })
        {
            trained.BeginStep(step);
            Assert.All(trained.Parameters, p => Assert.Equal(new LayerDepth(model).Of(p.Name) >= lowest, p.Value.requires_grad));
        }
        Trainer.Run(TinyRun.Run(trained, model));

        using var cancel = new CancellationTokenSource();
        using Decoder stopped = Model(), resumed = Model();
        TrainingRun first = TinyRun.Run(new GradualUnfreezing(stopped, every: 4), stopped, folder: _folder) with { Progress = new InlineProgress(p => { if (p.Metrics.Step == 5) cancel.Cancel(); }) };
        Assert.Equal(StopReason.Interrupted, Trainer.Run(first, cancel.Token).Reason);
        var second = new GradualUnfreezing(resumed, every: 4);
        Trainer.Run(TinyRun.Run(second, resumed, folder: _folder, resume: true));
        Assert.Equal(TinyRun.Weights(trained), TinyRun.Weights(second));
    }

    [Fact]
    public void What_does_not_suit_the_model_is_refused_by_name()
    {
        using Decoder tied = TinyRun.Model(), model = Model();
        Assert.Contains("tied to the embedding", Assert.Throws<InputException>(() => HeadOnly.Attach(tied)).Message);
        Assert.Contains("no biases", Assert.Throws<InputException>(() => BitFit.Attach(tied)).Message);
        Assert.Contains("1 to 2 are required", Assert.Throws<InputException>(() => LastLayers.Attach(model, 3)).Message);
        Assert.Contains("a decay of 0", Assert.Throws<InputException>(() => LayerwiseRates.Attach(model, 0)).Message);
        Assert.Contains("1 or more", Assert.Throws<InputException>(() => new GradualUnfreezing(model, 0)).Message);
    }

    [Fact]
    public void Every_method_stands_in_the_table_once() =>
        Assert.Equal(Enum.GetValues<TuningMethod>().Order(), TuningMethods.All.Select(entry => entry.Method).Order());

    private static void RequireChanged(Func<IAdaptable, ITrainable> attach, Predicate<string> expected)
    {
        using Decoder model = Model();
        Dictionary<string, float[]> before = TinyRun.Weights(new WholeModel(model));
        Trainer.Run(TinyRun.Run(attach(model), model, TinyRun.Options with { KeepBest = false }));
        foreach ((string name, Parameter parameter) in model.named_parameters())
            Assert.True(expected(name) != before[name].SequenceEqual(parameter.detach().data<float>().ToArray()), name);
    }

    private static Decoder Model()
    {
        var model = new Decoder(WithBiases.Checked("test"));
        model.Initialize(seed: 9);
        return model;
    }
}
