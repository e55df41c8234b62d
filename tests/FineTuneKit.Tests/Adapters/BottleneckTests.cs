using FineTuneKit.Adapters;
using FineTuneKit.Models;
using FineTuneKit.Tests.Models;
using FineTuneKit.Tests.Training;
using FineTuneKit.Training;
using Xunit;

namespace FineTuneKit.Tests.Adapters;

public sealed class BottleneckTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ftk-bottleneck").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(BottleneckPlacement.Houlsby, 4)]
    [InlineData(BottleneckPlacement.Pfeiffer, 2)]
    public void It_starts_from_the_base_learns_by_the_one_loop_and_comes_back_from_its_folder(BottleneckPlacement placement, int adapters)
    {
        using Decoder model = TinyRun.Model(), again = TinyRun.Model();
        Tensor ids = tensor(new long[] { 1, 5, 7, 2 }, [1, 4]), before;
        using (no_grad()) before = model.forward(ids);
        AdaptedModel adapted = AdaptedModel.Attach(model, BottleneckOptions.For(model, placement, size: 3), seed: 2);
        Assert.Equal(adapters, adapted.Layers.Count);
        Assert.Equal(adapters * (2 * 3 * 16 + 3 + 16), adapted.Parameters.Sum(p => p.Value.numel()));
        using (no_grad()) TensorAssert.Close(before, model.forward(ids), 0, "untrained");

        TrainingResult result = Trainer.Run(TinyRun.Run(adapted, model, TinyRun.Options with { Epochs = 20, LearningRate = 2e-2 }));
        Assert.True(result.History.TakeLast(8).Average(step => step.Loss) < result.History.Take(8).Average(step => step.Loss));
        PeftFolder.Save(_folder, adapted);
        PeftFolder.Load(_folder, again);
        using (no_grad()) TensorAssert.Close(model.forward(ids), again.forward(ids), 1e-6, "from its folder");
        adapted.Detach();
        using (no_grad()) TensorAssert.Close(before, model.forward(ids), 0, "detached");
    }

    [Fact]
    public void The_formula_is_that_of_the_paper()
    {
        using var layer = new Linear(3, 4, hasBias: true);
        using (no_grad())
        {
            layer.weight.copy_(randn([4, 3], generator: new Generator(1)));
            layer.bias!.copy_(randn([4], generator: new Generator(2)));
            var adapter = new Bottleneck("p", layer, 2, seed: 3);
            adapter.up_weight.copy_(randn([4, 2], generator: new Generator(4)));
            adapter.up_bias.fill_(0.5);
            adapter.down_bias.fill_(-0.1);
            Tensor x = randn([5, 3], generator: new Generator(5)), h = matmul(x, layer.weight.t()) + layer.bias;
            Tensor narrow = (matmul(h, adapter.down_weight.t()) - 0.1).clamp(min: 0);
            TensorAssert.Close(h + matmul(narrow, adapter.up_weight.t()) + 0.5, adapter.forward(x, layer), 1e-6, "formula");
        }
    }

    [Fact]
    public void What_cannot_be_is_refused()
    {
        using Decoder model = TinyRun.Model();
        Assert.Contains("Size is 0", Assert.Throws<InputException>(() => AdaptedModel.Attach(model, BottleneckOptions.For(model, size: 0), 1)).Message);
        AdaptedModel adapted = AdaptedModel.Attach(model, BottleneckOptions.For(model), 1);
        Assert.Contains("cannot be merged", Assert.Throws<InputException>(() => AdapterMerge.Apply(adapted)).Message);
        PeftFolder.Save(_folder, adapted);
        adapted.Detach();
        string config = Path.Combine(_folder, PeftFolder.ConfigName);
        File.WriteAllText(config, File.ReadAllText(config).Replace("bottleneck_size", "bottleneck_width"));
        Assert.Contains("bottleneck_width is 16, which is not supported", Assert.Throws<InputException>(() => PeftFolder.Load(_folder, model)).Message);
    }
}
