using FineTuneKit.Adapters;
using FineTuneKit.Models;
using FineTuneKit.Tests.Training;
using FineTuneKit.Training;
using Xunit;

namespace FineTuneKit.Tests.Adapters;

public sealed class AdaptedModelTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ftk-lora").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_fresh_adapter_changes_nothing_and_freezes_the_base()
    {
        Decoder model = TinyRun.Model();
        Tensor before = Logits(model);
        AdaptedModel lora = AdaptedModel.Attach(model, new LoraOptions { Rank = 3 }, seed: 1);
        Assert.Equal(0, AdapterMerge.LargestDifference(before, Logits(model)));
        // Of each block q and o are 16 × 16, k and v 8 × 16, gate and up 24 × 16, down 16 × 24.
        Assert.Equal(2 * 3 * (2 * 32 + 2 * 24 + 3 * 40), lora.Parameters.Sum(p => p.Value.numel()));
        Assert.DoesNotContain(model.parameters(), parameter => parameter.requires_grad);
        lora.Detach();
        Assert.All(model.parameters(), parameter => Assert.True(parameter.requires_grad));
    }

    [Fact]
    public void A_is_uniform_within_its_bound_and_depends_on_the_seed()
    {
        float[] Values(long seed) => AdapterCase.Values(AdaptedModel.Attach(TinyRun.Model(), new LoraOptions { Rank = 8 }, seed).Parameters[0].Value);
        float[] one = Values(1);
        Assert.Equal(one, Values(1));
        Assert.NotEqual(one, Values(2));
        Assert.All(one, value => Assert.InRange(Math.Abs(value), 0, 0.25f));
        Assert.InRange(one.Max() - one.Min(), 0.4f, 0.5f);
    }

    [Fact]
    public void Fused_and_plain_forward_agree()
    {
        Decoder model = TinyRun.Model();
        AdaptedModel lora = Trained(model);
        Tensor fused = Logits(model);
        foreach (AdaptedLayer layer in lora.Layers) layer.Layer.Adapter = new Plain((Lora)layer.Adapter);
        Assert.InRange(AdapterMerge.LargestDifference(fused, Logits(model)), 0, 1e-5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void Gradients_are_those_of_the_plain_form(int rank)
    {
        Decoder model = TinyRun.Model();
        AdaptedModel lora = AdaptedModel.Attach(model, new LoraOptions { Rank = rank }, seed: 1);
        Trainer.Run(TinyRun.Run(lora, model));
        model.train();
        float[][] own = Gradients(model, lora);
        foreach (AdaptedLayer layer in lora.Layers) layer.Layer.Adapter = new Plain((Lora)layer.Adapter);
        float[][] plain = Gradients(model, lora);
        foreach ((float[] expected, float[] actual) in plain.Zip(own))
        {
            Assert.Contains(expected, value => value != 0);
            Assert.All(expected.Zip(actual), pair => Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 1e-4f));
        }
    }

    [Fact]
    public void A_saved_adapter_gives_the_same_logits_on_the_same_base_only()
    {
        Decoder model = TinyRun.Model();
        AdaptedModel lora = Trained(model);
        PeftFolder.Save(_folder, lora, "tiny", "abc");
        Tensor logits = Logits(model);
        Decoder other = TinyRun.Model();
        AdaptedModel loaded = PeftFolder.Load(_folder, other, "abc");
        Assert.Equal(0, AdapterMerge.LargestDifference(logits, Logits(other)));
        loaded.Detach();
        var error = Assert.Throws<InputException>(() => PeftFolder.Load(_folder, other, "def"));
        Assert.Contains("SHA-256 abc; this base has def", error.Message, StringComparison.Ordinal);
        PeftFolder.Load(_folder, other, baseSha256: null).Detach();
    }

    [Fact]
    public void An_adapter_for_another_shape_is_refused_and_leaves_the_base_clean()
    {
        PeftFolder.Save(_folder, AdaptedModel.Attach(TinyRun.Model(), new LoraOptions(), seed: 1));
        var wider = new Decoder(TinyRun.Config with { HiddenSize = 32 });
        wider.Initialize(1);
        var error = Assert.Throws<InputException>(() => PeftFolder.Load(_folder, wider));
        Assert.Contains("shape [8, 16]; required is [8, 32]", error.Message, StringComparison.Ordinal);
        Assert.All(wider.Projections(), projection => Assert.Null(projection.Value.Adapter));
        Assert.All(wider.parameters(), parameter => Assert.True(parameter.requires_grad));

        var deeper = new Decoder(TinyRun.Config with { Layers = 3 });
        deeper.Initialize(1);
        Assert.Contains("no tensor base_model.model.model.layers.2", Assert.Throws<InputException>(() => PeftFolder.Load(_folder, deeper)).Message, StringComparison.Ordinal);
        var shallower = new Decoder(TinyRun.Config with { Layers = 1 });
        shallower.Initialize(1);
        Assert.Contains("belongs to no target", Assert.Throws<InputException>(() => PeftFolder.Load(_folder, shallower)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_and_foreign_files_are_refused()
    {
        Assert.Contains("no such folder", Refused(Path.Combine(_folder, "none")), StringComparison.Ordinal);
        Assert.Contains("adapter_config.json: no such file", Refused(_folder), StringComparison.Ordinal);
        PeftFolder.Save(_folder, AdaptedModel.Attach(TinyRun.Model(), new LoraOptions(), seed: 1));
        string weights = Path.Combine(_folder, PeftFolder.WeightsName);
        File.Move(weights, Path.Combine(_folder, "adapter_model.bin"));
        Assert.Contains("pickle", Refused(_folder), StringComparison.Ordinal);
        File.Delete(Path.Combine(_folder, "adapter_model.bin"));
        Assert.Contains("adapter_model.safetensors: no such file", Refused(_folder), StringComparison.Ordinal);

        string Refused(string folder) => Assert.Throws<InputException>(() => PeftFolder.Load(folder, TinyRun.Model())).Message;
    }

    [Fact]
    public void All_linear_is_saved_as_names()
    {
        PeftFolder.Save(_folder, AdaptedModel.Attach(TinyRun.Model(), new LoraOptions(), seed: 1));
        Assert.Equal(["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"], PeftConfig.Load(Path.Combine(_folder, PeftFolder.ConfigName)).Targets);
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void Merged_weights_are_rounded_once_and_unmerge_exactly(ScalarType stored)
    {
        Decoder model = TinyRun.Model();
        AdaptedModel lora = Trained(model);
        model.to(stored);
        var adapter = (Lora)lora.Layers[0].Adapter;
        Linear layer = lora.Layers[0].Layer;
        float[] before = AdapterCase.Values(layer.weight), update = AdapterCase.Values(adapter.Update());
        AdapterMerge merge = AdapterMerge.Apply(lora);
        Assert.Equal(AdapterCase.Values(tensor(before.Zip(update, (w, u) => w + u).ToArray()).to(stored)), AdapterCase.Values(layer.weight));
        Assert.Null(layer.Adapter);
        merge.Undo();
        Assert.Equal(before, AdapterCase.Values(layer.weight));
        Assert.Same(adapter, layer.Adapter);
    }

    [Theory]
    [InlineData("q_prj", "no projection is named q_prj; the nearest names are q_proj, k_proj, v_proj")]
    [InlineData("q_proj,nonsense", "no projection is named nonsense; the nearest names are")]
    public void A_misspelt_target_is_refused(string targets, string message)
    {
        var error = Assert.Throws<InputException>(() => AdaptedModel.Attach(TinyRun.Model(), new LoraOptions { Targets = targets.Split(',') }, seed: 1));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static AdaptedModel Trained(Decoder model)
    {
        AdaptedModel lora = AdaptedModel.Attach(model, new LoraOptions { Rank = 2 }, seed: 1);
        Trainer.Run(TinyRun.Run(lora, model));
        return lora;
    }

    private static float[][] Gradients(Decoder model, AdaptedModel lora)
    {
        foreach (NamedParameter parameter in lora.Parameters) parameter.Value.grad = null;
        Tensor ids = arange(64).remainder(20).reshape(4, 16).to(ScalarType.Int64);
        model.forward(ids).square().mean().backward();
        return [.. lora.Parameters.Select(p => AdapterCase.Values(p.Value.grad!))];
    }

    private static Tensor Logits(Decoder model)
    {
        using (no_grad()) return model.forward(tensor(new long[] { 1, 5, 7, 2, 9, 3 }).reshape(2, 3));
    }

    private sealed class Plain(Lora lora) : LinearAdapter(nameof(Plain))
    {
        public override Tensor forward(Tensor input, Linear layer) =>
            layer.Plain(input) + matmul(matmul(input, lora.lora_A.t()), lora.lora_B.t()) * lora.Scale;
    }
}
