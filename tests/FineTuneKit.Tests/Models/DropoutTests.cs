using FineTuneKit.Adapters;
using FineTuneKit.Models;
using FineTuneKit.Training;
using Xunit;

namespace FineTuneKit.Tests.Models;

/// <summary>Dropout of the base: of the embedding, of attention weights, of what blocks add to the stream.</summary>
// Alone: a whole model draws from torch's own generator, which every test of the process shares.
[CollectionDefinition(nameof(DropoutTests), DisableParallelization = true)]
[Collection(nameof(DropoutTests))]
public sealed class DropoutTests
{
    // So small that nothing is ever dropped: the path that can drop, with the values of the one that cannot.
    private const double Never = 1e-12;

    public static TheoryData<string> Layouts => ["full", "right", "left", "packed", "window", "cap"];

    [Theory, MemberData(nameof(Layouts))]
    public void AttentionThatCouldDropIsTheFusedOne(string name)
    {
        DecoderConfig config = TinyModel.Config with { Window = name == "window" ? 3 : null, AttentionSoftCap = name == "cap" ? 2 : 0 };
        (float[] Logits, float[] Gradient) Pass(double dropout)
        {
            using Decoder decoder = TinyModel.Make(config with { AttentionDropout = dropout });
            using TokenLayout layout = Layout(name);
            using DisposeScope scope = NewDisposeScope();
            decoder.train();
            Tensor output = decoder.forward(Ids(), layout);
            Tensor real = output.reshape(-1, config.VocabularySize).index_select(0, tensor(Real(name)));
            (real * real).sum().backward();
            return (real.data<float>().ToArray(), decoder.parameters().SelectMany(p => p.grad!.data<float>().ToArray()).ToArray());
        }

        (float[] logits, float[] gradient) = Pass(dropout: 0);
        (float[] dropped, float[] droppedGradient) = Pass(Never);
        Assert.Equal(logits.Length, dropped.Length);
        for (int i = 0; i < logits.Length; i++) Assert.Equal(logits[i], dropped[i], 1e-4f * (1 + Math.Abs(logits[i])));
        for (int i = 0; i < gradient.Length; i++) Assert.Equal(gradient[i], droppedGradient[i], 1e-3f * (1 + Math.Abs(gradient[i])));
    }

    [Theory]
    [InlineData("gpt2", false)]
    [InlineData("gpt2", true)]
    [InlineData("gpt_neox", false)]
    [InlineData("phi3", false)]
    public void EqualSeedsDropTheSame(string family, bool lora)
    {
        byte[] Gradients(long seed, bool training, bool checkpointing = false)
        {
            using Decoder decoder = TinyModel.Make(Dropping(family));
            decoder.GradientCheckpointing = checkpointing;
            ITrainable model = lora ? AdaptedModel.Attach(decoder, new LoraOptions { Rank = 4, Dropout = 0.2 }, seed: 1) : new WholeModel(decoder);
            model.SetTraining(training);
            model.SeedDraws(seed);
            TrainingExample[] rows = [new([5, 9, 12, 3, 30], [false, true, true, true, true], "a"), new([7, 8, 2], [false, true, true], "b")];
            using (DisposeScope scope = NewDisposeScope()) new SupervisedObjective(decoder).Evaluate(rows).LossSum.backward();
            return [.. model.Parameters.SelectMany(p => p.Value.grad!.bytes.ToArray())];
        }

        byte[] first = Gradients(3, training: true);
        Assert.Equal(first, Gradients(3, training: true));
        Assert.Equal(first, Gradients(3, training: true, checkpointing: true));
        Assert.NotEqual(first, Gradients(4, training: true));
        Assert.Equal(Gradients(3, training: false), Gradients(4, training: false));
    }

    [Fact]
    public void EveryPartDropsByItself()
    {
        float Loss(DecoderConfig config)
        {
            using Decoder decoder = TinyModel.Make(config);
            using TokenLayout layout = Layout("full");
            using DisposeScope scope = NewDisposeScope();
            decoder.train();
            manual_seed(1);
            return decoder.forward(Ids(), layout).sum().item<float>();
        }

        DecoderConfig none = Dropping("gpt2") with { EmbeddingDropout = 0, AttentionDropout = 0, ResidualDropout = 0 };
        float[] losses = [Loss(none), Loss(none with { EmbeddingDropout = 0.5 }), Loss(none with { AttentionDropout = 0.5 }), Loss(none with { ResidualDropout = 0.5 })];
        Assert.Equal(4, losses.Distinct().Count());
    }

    private static DecoderConfig Dropping(string family) => TinyModel.Config with
    {
        ModelType = family,
        KeyHeads = 4,
        RotaryShare = family == "gpt2" ? 0 : 1,
        Activation = family == "phi3" ? "silu" : "gelu",
        AttentionBias = true,
        OutputBias = true,
        MlpBias = family != "phi3",
        EmbeddingDropout = 0.2,
        AttentionDropout = 0.3,
        ResidualDropout = 0.25,
    };

    private static Tensor Ids() => tensor(new long[] { 5, 9, 12, 3, 30, 7, 8, 2, 11, 13 }, [2, 5]);

    private static TokenLayout Layout(string name) => name switch
    {
        "right" => TokenLayout.RightPadded([5, 3], 5),
        "left" => TokenLayout.LeftPadded([5, 3], 5),
        "packed" => TokenLayout.Packed([[2, 3], [3, 1]], 5),
        _ => TokenLayout.Full(2, 5),
    };

    // The places that hold a token, not padding.
    private static long[] Real(string name) => name switch
    {
        "right" => [0, 1, 2, 3, 4, 5, 6, 7],
        "left" => [0, 1, 2, 3, 4, 7, 8, 9],
        "packed" => [0, 1, 2, 3, 4, 5, 6, 7, 8],
        _ => [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    };
}
