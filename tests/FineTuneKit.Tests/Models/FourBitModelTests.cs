using System.Text.Json.Nodes;
using FineTuneKit.Adapters;
using FineTuneKit.Models;
using FineTuneKit.Tests.Training;
using FineTuneKit.Training;
using Xunit;

namespace FineTuneKit.Tests.Models;

/// <summary>Models whose projections are packed in four bits a weight.</summary>
public sealed class FourBitModelTests : IDisposable
{
    private static readonly QuantizationOptions Double = new() { DoubleQuantization = true };

    private readonly string _folder = Directory.CreateTempSubdirectory("ftk-4bit").FullName;

    public static TheoryData<string> Families => ["llama", "gpt2", "gpt_neox", "phi3"];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory, MemberData(nameof(Families))]
    public void A_packed_model_computes_what_its_unpacked_weights_compute(string family)
    {
        using Decoder model = Model(family);
        model.PackProjections(Double);
        using var probe = new LogitProbe(model.Config);
        Tensor packed = probe.Logits(model);
        AdaptedModel lora = AdaptedModel.Attach(model, new LoraOptions(), seed: 1);
        float[] gradients = Gradients(lora);
        lora.Detach();

        model.UnpackProjections();
        Assert.Null(model.Quantization);
        Assert.InRange(LogitProbe.LargestDifference(packed, probe.Logits(model)), 0, 1e-4);
        lora.Reattach();
        float[] expected = Gradients(lora);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], gradients[i], 1e-5f);
    }

    [Theory, MemberData(nameof(Families))]
    public void Saved_and_loaded_it_is_the_same_and_no_float_weight_is_left(string family)
    {
        using Decoder model = Model(family);
        long count = model.ParameterCount;
        model.PackProjections(Double);
        Assert.Equal(count, model.ParameterCount);
        ModelFolder.Save(_folder, model);
        using LoadedModel loaded = ModelFolder.Load(_folder);
        Assert.Equal(count, loaded.Model.ParameterCount);
        foreach ((string path, Linear layer) in loaded.Model.Projections())
        {
            if (loaded.Model.IsHead(layer)) continue;
            Assert.Equal(ScalarType.Byte, layer.weight.dtype);
            Assert.True(layer.Packed!.Codes.bytes.SequenceEqual(model.Projections().First(p => p.Key == path).Value.weight.bytes), path);
        }
        using var probe = new LogitProbe(model.Config);
        Assert.Equal(0, LogitProbe.LargestDifference(probe.Logits(model), probe.Logits(loaded.Model)));
    }

    [Theory, MemberData(nameof(Families))]
    public void Quantised_while_it_is_read_it_is_the_same_as_afterwards(string family)
    {
        using Decoder model = Model(family);
        ModelFolder.Save(_folder, model);
        model.PackProjections(Double);
        using LoadedModel read = ModelFolder.Load(_folder, Double);
        foreach (((string name, Parameter expected), (string other, Parameter found)) in model.named_parameters().Zip(read.Model.named_parameters()))
        {
            Assert.Equal(name, other);
            Assert.True(expected.bytes.SequenceEqual(found.bytes), name);
        }
    }

    [Fact]
    public void Skipped_modules_keep_their_type()
    {
        using Decoder model = Model("llama");
        model.PackProjections(Double with { Skipped = ["v_proj", "model.layers.1"] });
        string[] packed = [.. model.Projections().Where(p => p.Value.Packed is not null).Select(p => p.Key)];
        Assert.Equal(["q_proj", "k_proj", "o_proj", "gate_proj", "up_proj", "down_proj"], packed.Select(path => path[(path.LastIndexOf('.') + 1)..]));
        Assert.All(packed, path => Assert.StartsWith("model.layers.0.", path, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(".absmax")]
    [InlineData(".quant_map")]
    [InlineData(".nested_absmax")]
    [InlineData(".nested_quant_map")]
    [InlineData(".quant_state.bitsandbytes__nf4")]
    public void A_missing_part_of_the_state_is_named(string part)
    {
        using Decoder model = Model("llama");
        model.PackProjections(Double);
        ModelFolder.Save(_folder, model);
        string path = Path.Combine(_folder, "model.safetensors");
        const string Weight = "model.layers.1.mlp.up_proj.weight";
        Rewrite(path, tensors => tensors.Remove(Weight + part));
        string message = Assert.Throws<InputException>(() => ModelFolder.Load(_folder)).Message;
        Assert.Contains(Weight + part, message, StringComparison.Ordinal);
        Assert.Contains(path, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_state_that_does_not_fit_is_named()
    {
        using Decoder model = Model("llama");
        model.PackProjections(Double);
        ModelFolder.Save(_folder, model);
        const string Weight = "model.layers.0.self_attn.q_proj.weight";
        Rewrite(Path.Combine(_folder, "model.safetensors"), tensors => tensors[Weight + ".absmax"] = tensor(new byte[] { 1, 2, 3 }));
        Assert.Contains(Weight + ".absmax has 3 numbers", Assert.Throws<InputException>(() => ModelFolder.Load(_folder)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"quant_method\": \"gptq\", \"bits\": 4}", "gptq")]
    [InlineData("{\"quant_method\": \"bitsandbytes\", \"load_in_8bit\": true}", "load_in_8bit")]
    [InlineData("{\"quant_method\": \"bitsandbytes\", \"load_in_4bit\": true, \"bnb_4bit_quant_storage\": \"bfloat16\"}", "bnb_4bit_quant_storage")]
    public void Other_quantisations_are_refused_by_name(string config, string mention)
    {
        using Decoder model = Model("llama");
        ModelFolder.Save(_folder, model);
        string path = Path.Combine(_folder, "config.json");
        JsonObject json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        json["quantization_config"] = JsonNode.Parse(config);
        File.WriteAllText(path, json.ToJsonString());
        Assert.Contains(mention, Assert.Throws<InputException>(() => ModelFolder.Load(_folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_that_are_not_finite_and_odd_blocks_are_refused()
    {
        float[] values = new float[200];
        values[130] = float.NaN;
        Assert.Contains("w holds numbers that are not finite, near number 128", Assert.Throws<InputException>(() => FourBitWeight.Quantize(tensor(values, [10, 20]), new(), "w")).Message, StringComparison.Ordinal);
        foreach (int size in new[] { 0, 63, 16, 8192 })
            Assert.Contains($"{size}", Assert.Throws<InputException>(() => FourBitWeight.Quantize(zeros(4, 4), new() { BlockSize = size })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_merged_into_packed_weights()
    {
        using Decoder model = Model("llama");
        model.PackProjections(Double);
        byte[] before = [.. model.named_parameters().SelectMany(p => p.parameter.bytes.ToArray())];
        var set = new AdapterSet(model);
        set.Add("one", () => AdaptedModel.Attach(model, new LoraOptions(), seed: 1));
        set.Use("one");
        Assert.Contains("--unpack", Assert.Throws<InputException>(() => set.Merge("one")).Message, StringComparison.Ordinal);
        Assert.Equal(["one"], set.Active);
        Assert.Equal(before, model.named_parameters().SelectMany(p => p.parameter.bytes.ToArray()));
    }

    [Fact]
    public void A_module_trained_whole_beside_packed_ones_starts_from_their_values()
    {
        using Decoder model = Model("llama");
        model.PackProjections(new());
        using var probe = new LogitProbe(model.Config);
        Tensor before = probe.Logits(model);
        AdaptedModel lora = AdaptedModel.Attach(model, new LoraOptions { TrainedWhole = ["layers.1.mlp.up_proj"] }, seed: 1);
        Assert.Contains(lora.Parameters, parameter => parameter.Name.EndsWith("up_proj.modules_to_save.weight", StringComparison.Ordinal) && parameter.Value.dtype == ScalarType.Float32);
        Assert.InRange(LogitProbe.LargestDifference(before, probe.Logits(model)), 0, 1e-4);
    }

    private static float[] Gradients(AdaptedModel lora)
    {
        lora.SetTraining(true);
        foreach (NamedParameter parameter in lora.Parameters)
        {
            // B starts at zero, where A has no gradient.
            using (no_grad())
                if (parameter.Name.Contains("lora_B", StringComparison.Ordinal)) parameter.Value.fill_(0.1f);
            parameter.Value.grad = null;
        }
        (Tensor sum, long tokens) = new SupervisedObjective((Decoder)lora.Model).Evaluate([new TrainingExample([1, 2, 3, 4, 5, 6], [false, true, true, true, true, true], "row")]);
        (sum / tokens).backward();
        return [.. lora.Parameters.SelectMany(parameter => parameter.Value.grad!.data<float>().ToArray())];
    }

    private static void Rewrite(string path, Action<Dictionary<string, Tensor>> change)
    {
        Dictionary<string, Tensor> tensors;
        using (SafetensorsFile file = SafetensorsFile.Open(path)) tensors = file.Entries.ToDictionary(entry => entry.Name, entry => file.Read(entry.Name), StringComparer.Ordinal);
        change(tensors);
        SafetensorsFile.Write(path, tensors);
    }

    private static Decoder Model(string family)
    {
        DecoderConfig config = TinyRun.Config with { HiddenSize = 48, IntermediateSize = 72, HeadDim = 24, ModelType = family };
        if (family is "gpt2" or "gpt_neox")
            config = config with { KeyHeads = config.Heads, Activation = "gelu", AttentionBias = true, OutputBias = true, MlpBias = true, RotaryShare = family == "gpt2" ? 0 : 0.5 };
        var model = new Decoder(config.Checked("test"));
        model.Initialize(seed: 9);
        return model;
    }
}
