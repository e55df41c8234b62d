using System.Text.Json;
using FineTuneKit.Adapters;
using FineTuneKit.Fixtures;
using FineTuneKit.Models;
using FineTuneKit.Tests.Models;
using FineTuneKit.Training;
using Xunit;

namespace FineTuneKit.Tests.Adapters;

/// <summary>LoRA on a base that stays packed in four bits, through the one training loop, against PEFT on the unpacked weights.</summary>
[Trait("Category", "Fixtures")]
public class QloraCaseTests
{
    private const string Quantization = "golden/quantization";

    // 20 steps with Adam turn rounding into differences of this size; a difference in meaning is far larger.
    private const double AfterTraining = 2e-3;

    /// <summary>The files of golden/quantization that describe a run on a quantised base.</summary>
    public static TheoryData<string> Cases
    {
        get
        {
            var data = new TheoryData<string>();
            if (!FixtureFolder.Exists) data.Add(FixtureFolder.Absent);
            else if (Directory.Exists(FixtureFolder.PathOf(Quantization)))
            {
                foreach (string file in Directory.GetFiles(FixtureFolder.PathOf(Quantization), "*.json").Order(StringComparer.Ordinal))
                    if (FixtureFolder.Json($"{Quantization}/{Path.GetFileName(file)}").TryGetProperty("base_fp32", out _)) data.Add(Path.GetFileNameWithoutExtension(file));
            }
            return data;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Logits_of_the_float_and_of_the_packed_base(string name)
    {
        FixtureFolder.SkipIfAbsent(name);
        JsonElement one = Json(name);
        using SafetensorsFile expected = Expected(name);
        using CaseBatch batch = Batches(one)[0];
        foreach ((string folder, string logits) in new[] { ("base", "logits_4bit"), ("base_fp32", "logits_fp32") })
        {
            using LoadedModel loaded = ModelFolder.Load(FixtureFolder.PathOf(one.GetProperty(folder).GetString()!));
            RealTokens.Close(expected.Read(logits), Logits(loaded.Model, batch), one.GetProperty("batches")[0], 5e-5, logits);
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void The_run_equals_the_reference(string name)
    {
        FixtureFolder.SkipIfAbsent(name);
        JsonElement one = Json(name), train = one.GetProperty("train");
        using LoadedModel loaded = ModelFolder.Load(FixtureFolder.PathOf(one.GetProperty("base").GetString()!));
        AdaptedModel lora = PeftFolder.Load(Path.Combine(FixtureFolder.PathOf(one.GetProperty("adapter").GetString()!), "initial"), loaded.Model);
        Dictionary<string, byte[]> frozen = loaded.Model.named_parameters().ToDictionary(p => p.name, p => p.parameter.bytes.ToArray());

        TrainingResult result = CaseTraining.Run(train, lora, [.. one.GetProperty("batches").EnumerateArray().Select((batch, i) => CaseTraining.Rows(batch, $"batch {i}"))]);
        CaseTraining.CompareLog(train, result);

        using SafetensorsFile expected = Expected(name);
        using CaseBatch first = Batches(one)[0];
        RealTokens.Close(expected.Read("logits_trained"), Logits(loaded.Model, first), one.GetProperty("batches")[0], AfterTraining, "logits_trained");
        foreach ((string parameter, Parameter value) in loaded.Model.named_parameters()) Assert.Equal(frozen[parameter], value.bytes.ToArray());

        InputException refused = Assert.Throws<InputException>(() => AdapterMerge.Apply(lora));
        Assert.Contains("4-bit", refused.Message);
        foreach ((string parameter, Parameter value) in loaded.Model.named_parameters()) Assert.Equal(frozen[parameter], value.bytes.ToArray());
    }

    [Theory, MemberData(nameof(Cases))]
    public void The_trained_adapter_merges_into_the_unpacked_base(string name)
    {
        FixtureFolder.SkipIfAbsent(name);
        JsonElement one = Json(name);
        using LoadedModel loaded = ModelFolder.Load(FixtureFolder.PathOf(one.GetProperty("base").GetString()!));
        AdaptedModel lora = PeftFolder.Load(Path.Combine(FixtureFolder.PathOf(one.GetProperty("adapter").GetString()!), "trained"), loaded.Model);
        using SafetensorsFile expected = Expected(name);
        using CaseBatch first = Batches(one)[0];
        RealTokens.Close(expected.Read("logits_trained"), Logits(loaded.Model, first), one.GetProperty("batches")[0], 5e-5, "logits_trained");
        loaded.Model.UnpackProjections();
        AdapterMerge.Apply(lora).Dispose();
        RealTokens.Close(expected.Read("logits_trained"), Logits(loaded.Model, first), one.GetProperty("batches")[0], 5e-5, "merged");
    }

    private static JsonElement Json(string name) => FixtureFolder.Json($"{Quantization}/{name}.json");

    private static SafetensorsFile Expected(string name) => SafetensorsFile.Open(FixtureFolder.PathOf(Quantization, name + ".safetensors"));

    private static CaseBatch[] Batches(JsonElement one) => [.. one.GetProperty("batches").EnumerateArray().Select(batch => new CaseBatch(batch))];

    private static Tensor Logits(Decoder model, CaseBatch batch)
    {
        using (no_grad()) return model.forward(batch.Ids, batch.Layout);
    }
}
