using FineTuneKit.Adapters;
using FineTuneKit.Models;
using FineTuneKit.Training;
using Xunit;

namespace FineTuneKit.Tests.Models;

public sealed class DecoderTests
{
    [Fact]
    public void ProjectionsCarryTheCheckpointsNames()
    {
        using Decoder decoder = TinyModel.Make();
        var names = decoder.Projections().Select(item => item.Key).ToList();
        Assert.Equal(7 * 2 + 1, names.Count);
        Assert.Contains("model.layers.1.self_attn.q_proj", names);
        Assert.Contains("model.layers.0.mlp.down_proj", names);
        Assert.Contains("lm_head", names);
        Assert.Equal(names.Select(name => name + ".weight"), decoder.named_parameters().Select(item => item.name).Intersect(names.Select(name => name + ".weight")));
    }

    [Fact]
    public void AFrozenBaseInHalfPrecisionComputesAsItsFloats()
    {
        byte[][] Gradients(bool half)
        {
            using Decoder decoder = TinyModel.Make();
            decoder.StoreProjections(ScalarType.BFloat16);
            if (!half) decoder.StoreProjections(ScalarType.Float32);
            Assert.Equal(half ? ScalarType.BFloat16 : ScalarType.Float32, decoder.Projections().First().Value.weight.dtype);
            AdaptedModel model = AdaptedModel.Attach(decoder, new LoraOptions { Rank = 4 }, seed: 1);
            TrainingExample[] rows = [new([5, 9, 12, 3, 30], [false, true, true, true, true], "a")];
            using (DisposeScope scope = NewDisposeScope()) new SupervisedObjective(decoder).Evaluate(rows).LossSum.backward();
            Continuation[] answers = Generation.Generate(decoder, TinyModel.Prompts(3), new GenerationOptions { MaxNewTokens = 8 });
            return [.. model.Parameters.Select(p => p.Value.grad!.bytes.ToArray()), .. answers.Select(a => a.Ids.SelectMany(BitConverter.GetBytes).ToArray())];
        }

        Assert.Equal(Gradients(half: false), Gradients(half: true));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void CheckpointingChangesNoBit(bool lora)
    {
        byte[][] Gradients(bool checkpointing)
        {
            using Decoder decoder = TinyModel.Make();
            ITrainable model = lora ? AdaptedModel.Attach(decoder, new LoraOptions { Rank = 4, Dropout = 0.2 }, seed: 1) : new WholeModel(decoder);
            decoder.GradientCheckpointing = checkpointing;
            model.SetTraining(true);
            model.SeedDraws(3);
            TrainingExample[] rows = [new([5, 9, 12, 3, 30], [false, true, true, true, true], "a"), new([7, 8, 2], [false, true, true], "b")];
            using (DisposeScope scope = NewDisposeScope()) new SupervisedObjective(decoder).Evaluate(rows).LossSum.backward();
            return [.. model.Parameters.Select(p => p.Value.grad!.bytes.ToArray())];
        }

        Assert.Equal(Gradients(checkpointing: false), Gradients(checkpointing: true));
    }

    [Fact]
    public void AnAdapterFollowsItsLayerAndChangesNoName()
    {
        using Decoder decoder = TinyModel.Make();
        string[] before = [.. decoder.named_parameters().Select(item => item.name)];
        var adapter = new Doubling();
        Linear layer = decoder.Projections().First(item => item.Key.EndsWith("q_proj", StringComparison.Ordinal)).Value;
        using Tensor x = ones(1, 16);
        using Tensor plain = layer.forward(x);
        layer.Adapter = adapter;
        using Tensor doubled = layer.forward(x);
        using Tensor twice = plain * 2;
        TensorAssert.Close(twice, doubled, 0, "doubled");
        decoder.eval();
        Assert.False(adapter.training);
        decoder.train();
        Assert.True(adapter.training);
        Assert.Equal(before, decoder.named_parameters().Select(item => item.name));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void BothLossesAndTheirGradientsAgree(bool tied)
    {
        using Decoder decoder = TinyModel.Make(TinyModel.Config with { TiedHead = tied });
        int[][] rows = [[5, 9, 12, 3, 30], [7, 8, 2]];
        long[] labels = [-100, -100, 12, 3, 30, 7, 8, -100, -100, -100];
        using TokenLayout layout = TokenLayout.RightPadded([5, 3], 5);
        var gradients = new List<byte[]>[2];
        var losses = new float[2];
        for (int way = 0; way < 2; way++)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor ids = Generation.Batch(rows, 5);
            (Tensor sum, long tokens) = way == 0
                ? LanguageModelLoss.Evaluate(decoder, ids, labels, layout, labelSmoothing: 0.1)
                : LanguageModelLoss.OfLogits(decoder.forward(ids, layout), labels, labelSmoothing: 0.1);
            // The label at the first place of a row has no token before it.
            Assert.Equal(4, tokens);
            losses[way] = sum.item<float>();
            decoder.zero_grad();
            sum.backward();
            foreach ((string name, Parameter parameter) in decoder.named_parameters())
                Assert.True(parameter.grad is not null && parameter.grad.abs().sum().item<float>() > 0, $"{name} has no gradient");
            gradients[way] = [.. decoder.parameters().Select(parameter => parameter.grad!.bytes.ToArray())];
        }
        Assert.Equal(losses[0], losses[1], 1e-4f);
        for (int i = 0; i < gradients[0].Count; i++)
        {
            using Tensor first = FromBytes(gradients[0][i]), second = FromBytes(gradients[1][i]);
            TensorAssert.Close(first, second, 1e-4, $"gradient {i}");
        }
    }

    [Fact]
    public void ABatchWithoutTargetsHasLossZero()
    {
        using Decoder decoder = TinyModel.Make();
        using DisposeScope scope = NewDisposeScope();
        (Tensor sum, long tokens) = LanguageModelLoss.Evaluate(decoder, Generation.Batch([[1, 2]], 2), [-100, -100], TokenLayout.Full(1, 2));
        Assert.Equal(0, tokens);
        Assert.Equal(0f, sum.item<float>());
        sum.backward();
    }

    [Fact]
    public void AForwardPassWithoutLayoutCanBeTrained()
    {
        using Decoder decoder = TinyModel.Make();
        using DisposeScope scope = NewDisposeScope();
        decoder.forward(Generation.Batch([[1, 2, 3]], 3)).sum().backward();
        Assert.All(decoder.parameters(), parameter => Assert.NotNull(parameter.grad));
    }

    [Fact]
    public void PaddingOnEitherSideChangesNoLogit()
    {
        using Decoder decoder = TinyModel.Make();
        using DisposeScope scope = NewDisposeScope();
        using (no_grad())
        {
            int[] row = [4, 9, 22, 13];
            Tensor alone = decoder.forward(Generation.Batch([row], 4))[0];
            Tensor right = decoder.forward(Generation.Batch([[.. row, 0, 0]], 6), TokenLayout.FromMask([[1, 1, 1, 1, 0, 0]]))[0];
            Tensor left = decoder.forward(Generation.Batch([[0, 0, .. row]], 6), TokenLayout.FromMask([[0, 0, 1, 1, 1, 1]]))[0];
            TensorAssert.Close(alone, right.narrow(0, 0, 4), 1e-5, "padded right");
            TensorAssert.Close(alone, left.narrow(0, 2, 4), 1e-5, "padded left");
        }
        Assert.Throws<InputException>(() => TokenLayout.FromMask([[1, 0, 1]]));
        Assert.Throws<InputException>(() => TokenLayout.FromMask([[0, 0]]));
    }

    private static Tensor FromBytes(byte[] bytes) => tensor(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(bytes).ToArray());

    private sealed class Doubling() : LinearAdapter("doubling")
    {
        public override Tensor forward(Tensor input, Linear layer) => layer.Plain(input) * 2;
    }
}
