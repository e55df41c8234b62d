using FineTuneKit.Adapters;
using FineTuneKit.Models;
using FineTuneKit.Tests.Training;
using FineTuneKit.Training;
using Xunit;

namespace FineTuneKit.Tests.Adapters;

/// <summary>What holds for every method, each trained by the one loop as it is.</summary>
public sealed class AdapterMethodTests : IDisposable
{
    private static readonly Dictionary<string, AdapterOptions> Methods = new(StringComparer.Ordinal)
    {
        ["lora"] = new LoraOptions { Rank = 2 },
        ["rslora"] = new LoraOptions { Rank = 4, RankStabilized = true },
        ["gaussian"] = new LoraOptions { Rank = 2, Initialization = LoraInitialization.Gaussian },
        ["dropout"] = new LoraOptions { Rank = 2, Dropout = 0.2 },
        ["dora"] = new LoraOptions { Rank = 2, UseDora = true },
        ["dora, dropout"] = new LoraOptions { Rank = 2, UseDora = true, Dropout = 0.2 },
        ["dora, pissa"] = new LoraOptions { Rank = 2, UseDora = true, Initialization = LoraInitialization.Pissa },
        ["pissa"] = new LoraOptions { Rank = 3, Initialization = LoraInitialization.Pissa },
        ["pissa, rslora"] = new LoraOptions { Rank = 3, RankStabilized = true, Initialization = LoraInitialization.Pissa, RankPattern = [new("v_proj", 2)] },
        ["olora"] = new LoraOptions { Rank = 3, Initialization = LoraInitialization.Olora },
        ["loftq"] = new LoraOptions { Rank = 3, Initialization = LoraInitialization.LoftQ },
        ["loftq, 3 rounds"] = new LoraOptions { Rank = 3, Initialization = LoraInitialization.LoftQ, LoftQIterations = 3 },
        ["ia3"] = new Ia3Options { Targets = ["k_proj", "v_proj", "down_proj"], Feedforward = ["down_proj"] },
        ["embeddings"] = new LoraOptions { Rank = 2, Targets = ["embed_tokens", "q_proj"] },
        ["biases"] = new LoraOptions { Rank = 2, Targets = ["q_proj"], Bias = TrainedBiases.LoraOnly },
        ["all biases"] = new LoraOptions { Rank = 2, Targets = ["o_proj"], Bias = TrainedBiases.All },
        ["tables"] = new LoraOptions { Rank = 2, Targets = ["q_proj"], TrainedWhole = ["embed_tokens", "lm_head"] },
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("ftk-method").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string> All => [.. Methods.Keys];

    public static TheoryData<string> Plain => ["rslora", "pissa", "pissa, rslora", "olora", "embeddings", "biases", "tables"];

    [Theory, MemberData(nameof(All))]
    public void Training_starts_at_the_base_and_learns(string method)
    {
        using Decoder model = Model();
        Tensor bare = Logits(model);
        AdaptedModel adapted = AdaptedModel.Attach(model, Methods[method], seed: 1);
        // LoftQ stands on 4-bit weights; how near it comes is tested apart.
        Assert.InRange(AdapterMerge.LargestDifference(bare, Logits(model)), 0, method.StartsWith("loftq", StringComparison.Ordinal) ? 1 : 1e-5);
        TrainingResult result = Trainer.Run(TinyRun.Run(adapted, model, TinyRun.Options with { Epochs = 5, LearningRate = 1e-2 }));
        Assert.True(result.History[^1].Loss < result.History[0].Loss, $"{result.History[0].Loss} at first, {result.History[^1].Loss} at last");
        Assert.NotEqual(0, AdapterMerge.LargestDifference(bare, Logits(model)));
        adapted.Detach();
        Assert.Equal(0, AdapterMerge.LargestDifference(bare, Logits(model)));
    }

    [Theory, MemberData(nameof(All))]
    public void A_saved_adapter_computes_the_same_on_the_base(string method)
    {
        using Decoder model = Model(), other = Model();
        AdaptedModel adapted = Trained(model, method);
        PeftFolder.Save(_folder, adapted);
        AdaptedModel loaded = PeftFolder.Load(_folder, other);
        Assert.Equal(0, AdapterMerge.LargestDifference(Logits(model), Logits(other)));
        Assert.Equal(adapted.Parameters.Select(p => p.Name), loaded.Parameters.Select(p => p.Name));
    }

    [Theory, MemberData(nameof(All))]
    public void Merged_weights_compute_the_same_and_come_back_to_the_bit(string method)
    {
        using Decoder model = Model();
        AdaptedModel adapted = Trained(model, method);
        Tensor beside = Logits(model);
        adapted.Detach();
        Dictionary<string, float[]> before = model.named_parameters().ToDictionary(p => p.name, p => AdapterCase.Values(p.parameter));
        adapted.Reattach();
        AdapterMerge merge = AdapterMerge.Apply(adapted);
        Assert.InRange(AdapterMerge.LargestDifference(beside, Logits(model)), 0, 1e-5);
        merge.Undo();
        Assert.Equal(0, AdapterMerge.LargestDifference(beside, Logits(model)));
        adapted.Detach();
        foreach ((string name, Parameter value) in model.named_parameters()) Assert.Equal(before[name], AdapterCase.Values(value));
    }

    [Theory]
    [InlineData("lora")]
    [InlineData("rslora")]
    [InlineData("ia3")]
    [InlineData("embeddings")]
    public void A_merge_of_earlier_is_taken_out_again(string method)
    {
        using Decoder model = Model();
        Tensor bare = Logits(model);
        AdaptedModel adapted = Trained(model, method);
        AdapterMerge.Apply(adapted).Dispose();
        Assert.NotEqual(0, AdapterMerge.LargestDifference(bare, Logits(model)));
        AdapterMerge.Remove(adapted).Dispose();
        Assert.InRange(AdapterMerge.LargestDifference(bare, Logits(model)), 0, 1e-5);
    }

    [Theory]
    [InlineData("dora", "DoRA cannot be taken out")]
    [InlineData("pissa", "convert it to plain LoRA")]
    [InlineData("biases", "the bias that it replaced is gone")]
    [InlineData("tables", "what it replaced is gone")]
    public void What_cannot_be_taken_out_is_refused_and_changes_nothing(string method, string message)
    {
        using Decoder model = Model();
        AdaptedModel adapted = Trained(model, method);
        AdapterMerge.Apply(adapted).Dispose();
        Tensor merged = Logits(model);
        Assert.Contains(message, Assert.Throws<InputException>(() => AdapterMerge.Remove(adapted)).Message, StringComparison.Ordinal);
        adapted.Detach();
        Assert.Equal(0, AdapterMerge.LargestDifference(merged, Logits(model)));
    }

    [Theory, MemberData(nameof(Plain))]
    public void Plain_LoRA_of_another_form_computes_the_same(string method)
    {
        using Decoder model = Model(), other = Model();
        AdaptedModel adapted = Trained(model, method);
        Tensor before = Logits(model);
        AdaptedModel plain = LoraConversion.ToPlain(adapted);
        Assert.InRange(AdapterMerge.LargestDifference(before, Logits(model)), 0, 1e-5);
        var options = (LoraOptions)plain.Options;
        Assert.Equal((LoraInitialization.Default, false), (options.Initialization, options.RankStabilized));
        PeftFolder.Save(_folder, plain);
        PeftFolder.Load(_folder, other);
        Assert.Equal(0, AdapterMerge.LargestDifference(Logits(model), Logits(other)));
    }

    [Theory]
    [InlineData("dora", "scales whole rows")]
    [InlineData("loftq", "4-bit weight of LoftQ")]
    [InlineData("ia3", "peft_type is IA3")]
    public void What_no_plain_LoRA_equals_is_refused(string method, string message)
    {
        using Decoder model = Model();
        AdaptedModel adapted = Trained(model, method);
        Tensor before = Logits(model);
        Assert.Contains(message, Assert.Throws<InputException>(() => LoraConversion.ToPlain(adapted)).Message, StringComparison.Ordinal);
        Assert.Equal(0, AdapterMerge.LargestDifference(before, Logits(model)));
    }

    /// <summary>A method that the kit does not know, made of an adapter and its options alone, is trained by the loop as it is.</summary>
    [Fact]
    public void A_new_method_needs_no_change_in_the_loop()
    {
        using Decoder model = Model();
        Tensor bare = Logits(model);
        AdaptedModel adapted = AdaptedModel.Attach(model, new ShiftOptions { Targets = ["q_proj", "down_proj"] }, seed: 1);
        Assert.Equal(0, AdapterMerge.LargestDifference(bare, Logits(model)));
        TrainingResult result = Trainer.Run(TinyRun.Run(adapted, model, TinyRun.Options with { Epochs = 5, LearningRate = 5e-2 }));
        Assert.True(result.History[^1].Loss < result.History[0].Loss);
        Assert.Equal(2 * 2, adapted.Parameters.Count);
        Assert.Contains("peft_type is SHIFT", Assert.Throws<InputException>(() => PeftFolder.Save(_folder, adapted)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LoftQ_starts_nearer_to_the_weights_than_their_four_bits_alone()
    {
        using Decoder model = Model();
        AdaptedModel adapted = AdaptedModel.Attach(model, Methods["loftq"], seed: 1);
        foreach (AdaptedLayer layer in adapted.Layers)
        {
            var lora = (Lora)layer.Adapter;
            Tensor weight = layer.Layer.weight.detach(), alone = lora.Base.Matrix(layer.Layer);
            Assert.True((weight - alone - lora.Update()).norm().item<float>() < (weight - alone).norm().item<float>());
        }
    }

    [Fact]
    public void PiSSA_takes_out_the_best_approximation_of_its_rank()
    {
        using Decoder model = Model();
        AdaptedModel adapted = AdaptedModel.Attach(model, Methods["pissa"], seed: 1);
        AdaptedLayer layer = adapted.Layers[0];
        var lora = (Lora)layer.Adapter;
        TopSingularVectors all = TopSingularVectors.Of(layer.Layer.weight, 16);
        double left = Math.Sqrt(all.Values.Skip(lora.Rank).Sum(value => value * value));
        Assert.Equal(left, lora.Base.Matrix(layer.Layer).norm().item<float>(), 1e-5);
    }

    [Fact]
    public void The_output_without_dropout_of_DoRA_is_the_normed_sum()
    {
        using Decoder model = Model();
        AdaptedModel adapted = Trained(model, "dora");
        AdaptedLayer layer = adapted.Layers[0];
        var dora = (Dora)layer.Adapter;
        Tensor sum = layer.Layer.weight + dora.Update(), input = arange(32).reshape(2, 16).to(ScalarType.Float32) / 10;
        Tensor expected = matmul(input, (sum / sum.norm(2, 1, keepdim: true) * dora.lora_magnitude_vector.unsqueeze(1)).t());
        if (layer.Layer.bias is { } bias) expected = expected + bias;
        Assert.InRange(AdapterMerge.LargestDifference(expected, layer.Layer.call(input)), 0, 1e-5);
    }

    [Fact]
    public void DoRA_is_used_alone_or_by_row_and_not_added_up()
    {
        using Decoder model = Model();
        var set = new AdapterSet(model);
        set.Add("dora", () => AdaptedModel.Attach(model, Methods["dora"], 1));
        set.Add("lora", () => AdaptedModel.Attach(model, Methods["lora"], 2));
        set.Add("tables", () => AdaptedModel.Attach(model, Methods["tables"], 3));
        Assert.Contains("cannot be used together", Assert.Throws<InputException>(() => set.Use("dora", "lora")).Message, StringComparison.Ordinal);
        Assert.Contains("it can be used alone", Assert.Throws<InputException>(() => set.UseByRow(["tables", "lora"])).Message, StringComparison.Ordinal);
        Assert.Contains("plain LoRA alone", Assert.Throws<InputException>(() => set.Combine("both", ["lora", "dora"], [1, 1], new CombinationOptions { Type = CombinationType.Cat })).Message, StringComparison.Ordinal);
        set.UseByRow(["dora", null]);
        set.Use("tables");
        set.Use();
    }

    [Fact]
    public void A_table_that_is_the_head_too_is_not_merged()
    {
        using Decoder model = TinyRun.Model();
        AdaptedModel adapted = AdaptedModel.Attach(model, new LoraOptions { Rank = 2, Targets = ["embed_tokens"] }, seed: 1);
        Tensor before = Logits(model);
        Assert.Contains("is the head's weight too", Assert.Throws<InputException>(() => AdapterMerge.Apply(adapted)).Message, StringComparison.Ordinal);
        Assert.Equal(0, AdapterMerge.LargestDifference(before, Logits(model)));
    }

    [Fact]
    public void What_does_not_fit_is_refused_and_changes_nothing()
    {
        void Refused(AdapterOptions options, string message)
        {
            using Decoder model = Model();
            Assert.Contains(message, Assert.Throws<InputException>(() => AdaptedModel.Attach(model, options, seed: 1)).Message, StringComparison.Ordinal);
            Assert.All(model.parameters(), parameter => Assert.True(parameter.requires_grad));
            Assert.All(model.Projections(), projection => Assert.Null(projection.Value.Adapter));
        }
        Refused(new LoraOptions { Rank = 9 }, "rank 9 is larger than model.layers.0.self_attn.k_proj allows: its smaller side is 8");
        Refused(new LoraOptions { Rank = 2, Targets = ["q_proj"], Layers = [5] }, "layers_to_transform names layer 5; layers with a target are 0, 1");
        Refused(new LoraOptions { Rank = 2, Targets = ["q_proj"], Layers = [0], LayersPattern = ["blocks"] }, "layers_pattern is blocks, but no target is in a list of that name");
        Refused(new LoraOptions { Rank = 2, Targets = ["q_proj"], TrainedWhole = ["lm_haed"] }, "no module is named lm_haed, to be trained whole; the nearest names are lm_head");
        Refused(new LoraOptions { Rank = 2, UseDora = true, Targets = ["embed_tokens"] }, "there is no DoRA");
        Refused(new Ia3Options { Targets = ["embed_tokens"] }, "is an embedding");
        Refused(new LoraOptions { Rank = 2, Alpha = 0 }, "Alpha is 0");
    }

    private sealed record ShiftOptions : AdapterOptions
    {
        public override string PeftType => "SHIFT";

        internal override string Method => "shift";

        internal override ProjectionAdapter MakeAdapter(string path, Linear layer, FreshAdapters fresh) => new Shift(layer);
    }

    // y = x Wᵀ + b + d.
    private sealed class Shift : ProjectionAdapter
    {
        internal readonly Parameter shift;

        public Shift(Linear layer) : base(nameof(Shift))
        {
            shift = new Parameter(zeros(layer.OutFeatures));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input, Linear layer) => layer.Plain(input) + shift;

        internal override IEnumerable<AdapterTensor> Tensors(AdaptedName name) => [name.Tensor("shift", shift)];

        internal override void Merge(Linear layer, Action<Parameter, Tensor> replace) => throw new NotSupportedException();
    }

    private static Decoder Model()
    {
        var model = new Decoder(TinyRun.Config with { TiedHead = false, AttentionBias = true });
        model.Initialize(seed: 9);
        return model;
    }

    private static AdaptedModel Trained(Decoder model, string method)
    {
        AdaptedModel adapted = AdaptedModel.Attach(model, Methods[method], seed: 1);
        Trainer.Run(TinyRun.Run(adapted, model));
        return adapted;
    }

    private static Tensor Logits(Decoder model)
    {
        model.eval();
        using (no_grad()) return model.forward(tensor(new long[] { 1, 5, 7, 2, 9, 3 }).reshape(2, 3));
    }
}
