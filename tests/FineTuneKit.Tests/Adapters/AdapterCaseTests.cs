using System.Text.Json;
using FineTuneKit.Adapters;
using FineTuneKit.Fixtures;
using FineTuneKit.Models;
using FineTuneKit.Training;
using Xunit;

namespace FineTuneKit.Tests.Adapters;

[Trait("Category", "Fixtures")]
public class AdapterCaseTests
{
    // 20 steps with Adam turn rounding into differences of this size; a difference in meaning is far larger.
    internal const double AfterTraining = 2e-3;

    public static TheoryData<string> Cases => FixtureFolder.Folders("adapters", "case.json", json => !TrainsWeightsOfTheBase(json) && !PromptLearningCaseTests.IsPromptLearning(json));

    /// <summary>Cases without an adapter: some of the base's own weights are trained.</summary>
    public static TheoryData<string> Parts => FixtureFolder.Folders("adapters", "case.json", json => TrainsWeightsOfTheBase(json) && !PromptLearningCaseTests.IsPromptLearning(json));

    [Theory, MemberData(nameof(Parts))]
    public void A_trained_part_equals_the_reference(string name)
    {
        using AdapterCase one = AdapterCase.Open(name);
        IAdaptable model = one.LoadBase();
        string[] trainable = [.. one.Json.GetProperty("trainable").EnumerateArray().Select(e => e.GetString()!)];
        var part = new TrainedPart(model.Module, trainable.Contains);
        Assert.Equal(trainable.Order(StringComparer.Ordinal), part.Parameters.Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.Equal(one.Json.GetProperty("trainable_parameters").GetInt64(), part.Parameters.Sum(p => p.Value.numel()));
        one.CompareLogits("logits_initial", one.FirstLogits(model), 2e-5);
        CompareFirstGradients(one, part, model);
        foreach (NamedParameter parameter in part.Parameters) parameter.Value.grad = null;
        CompareSteps(one, Train(one, part, model));
        one.CompareLogits("logits_trained", one.FirstLogits(model), AfterTraining);
        foreach (NamedParameter parameter in part.Parameters) Close(AdapterCase.Values(one.Expected.Read("trained." + parameter.Name)), AdapterCase.Values(parameter.Value), AfterTraining, parameter.Name);
    }

    [Theory, MemberData(nameof(Cases))]
    public void Starts_as_the_reference(string name)
    {
        using AdapterCase one = AdapterCase.Open(name);
        AdaptedModel lora = one.LoadInitial();
        Assert.Equal(one.Json.GetProperty("trainable").EnumerateArray().Select(e => e.GetString()!).Order(StringComparer.Ordinal),
            lora.Parameters.Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.Equal(one.Json.GetProperty("trainable_parameters").GetInt64(), lora.Parameters.Sum(p => p.Value.numel()));
        one.CompareLogits("logits_initial", one.FirstLogits(lora.Model), 2e-5);
    }

    [Theory, MemberData(nameof(Cases))]
    public void First_gradients_equal_the_reference(string name)
    {
        using AdapterCase one = AdapterCase.Open(name);
        AdaptedModel lora = one.LoadInitial();
        CompareFirstGradients(one, lora, lora.Model);
        // A bias of the base is trained in its place.
        HashSet<Parameter> trained = [.. lora.Parameters.Select(p => p.Value)];
        Assert.All(lora.Module.parameters().Where(parameter => !trained.Contains(parameter)), parameter => Assert.Null(parameter.grad));
    }

    [Theory, MemberData(nameof(Cases))]
    public void Twenty_steps_equal_the_reference(string name)
    {
        using AdapterCase one = AdapterCase.Open(name);
        AdaptedModel lora = one.LoadInitial();
        CompareSteps(one, Train(one, lora, lora.Model));
        one.CompareLogits("logits_trained", one.FirstLogits(lora.Model), AfterTraining);

        string folder = Directory.CreateTempSubdirectory("ftk-peft").FullName;
        try
        {
            PeftFolder.Save(folder, lora, "models/llama");
            CompareFolders(one.Stage("trained"), folder);
            if (!Directory.Exists(one.Stage("trained-as-lora"))) return;
            PeftFolder.Save(folder, LoraConversion.ToPlain(lora), "models/llama");
            // The sign of a pair of singular vectors is free: both of what was taken out may be turned, as its product is not.
            CompareFolders(one.Stage("trained-as-lora"), folder, sameSigns: false);
            one.CompareLogits("logits_trained", one.FirstLogits(PeftFolder.Load(folder, one.LoadBase()).Model), AfterTraining);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Merged_weights_equal_the_reference(string name)
    {
        using AdapterCase one = AdapterCase.Open(name);
        AdaptedModel lora = PeftFolder.Load(one.Stage("trained"), one.LoadBase());
        one.CompareLogits("logits_trained", one.FirstLogits(lora.Model), 5e-5);
        Tensor before = one.FirstLogits(lora.Model);
        Dictionary<string, float[]> old = lora.Module.named_parameters().ToDictionary(p => p.name, p => AdapterCase.Values(p.parameter));

        AdapterMerge merge = AdapterMerge.Apply(lora);
        Assert.InRange(AdapterMerge.LargestDifference(before, one.FirstLogits(lora.Model)), 0, 5e-5);
        one.CompareLogits("logits_merged", one.FirstLogits(lora.Model), 5e-5);
        Dictionary<string, Tensor> merged = lora.Module.named_parameters().ToDictionary(p => NewerName(lora.Model, p.name), p => (Tensor)p.parameter);
        foreach (SafetensorsEntry entry in one.Expected.Entries.Where(entry => entry.Name.StartsWith("merged.", StringComparison.Ordinal)))
        {
            float[] want = AdapterCase.Values(one.Expected.Read(entry.Name)), got = AdapterCase.Values(merged[NewerName(lora.Model, entry.Name["merged.".Length..])]);
            Assert.Equal(want.Length, got.Length);
            // What an adapter took out of the base at its start goes through a product and back: two roundings more.
            float tolerance = lora.Layers.Any(layer => layer.Adapter is Lora { Base.IsOwn: false }) ? 5e-6f : 1e-6f;
            for (int i = 0; i < want.Length; i++) Assert.Equal(want[i], got[i], tolerance);
        }

        merge.Undo();
        foreach ((string weight, Parameter value) in lora.Module.named_parameters()) Assert.Equal(old[weight], AdapterCase.Values(value));
        Assert.Equal(0, AdapterMerge.LargestDifference(before, one.FirstLogits(lora.Model)));
    }

    private static bool TrainsWeightsOfTheBase(JsonElement json) => !json.GetProperty("trainable")[0].GetString()!.StartsWith("base_model.", StringComparison.Ordinal);

    // Newer transformers have other names for a weight in memory than its file has.
    private static string NewerName(IAdaptable model, string weight)
    {
        int dot = weight.LastIndexOf('.');
        return model.NewerName(weight[..dot]) + weight[dot..];
    }

    internal static void CompareFirstGradients(AdapterCase one, ITrainable trained, IAdaptable model)
    {
        trained.SetTraining(true);
        (Tensor sum, long tokens) = AdapterCase.Objective(model).Evaluate(one.Batches()[0]);
        Tensor loss = sum / tokens;
        Assert.Equal(one.Json.GetProperty("loss_initial").GetDouble(), loss.item<float>(), 2e-5);
        loss.backward();
        foreach (NamedParameter parameter in trained.Parameters)
        {
            float[] want = AdapterCase.Values(one.Expected.Read("grad." + parameter.Name)), got = AdapterCase.Values(parameter.Value.grad!);
            Assert.Equal(want.Length, got.Length);
            for (int i = 0; i < want.Length; i++)
                Assert.True(Math.Abs(want[i] - got[i]) <= 1e-5 + 1e-5 * Math.Abs(want[i]), $"{parameter.Name}[{i}]: {want[i]} expected, {got[i]} found");
        }
    }

    internal static void CompareSteps(AdapterCase one, TrainingResult result)
    {
        JsonElement[] log = [.. one.Train.GetProperty("log").EnumerateArray()];
        Assert.Equal(log.Length, result.History.Count);
        double tolerance = one.Train.GetProperty("tolerance").GetProperty("loss").GetDouble();
        for (int step = 0; step < log.Length; step++)
        {
            StepMetrics got = result.History[step];
            Assert.Equal(log[step].GetProperty("loss").GetDouble(), got.Loss, tolerance);
            Assert.Equal(log[step].GetProperty("lr").GetDouble(), got.LearningRate, 1e-9);
            double norm = log[step].GetProperty("grad_norm").GetDouble();
            Assert.Equal(norm, got.GradNorm, 1e-3 * Math.Max(1, norm));
        }
    }

    private static void Close(float[] want, float[] got, double tolerance, string what)
    {
        Assert.Equal(want.Length, got.Length);
        for (int i = 0; i < want.Length; i++)
            Assert.True(Math.Abs(want[i] - got[i]) <= tolerance, $"{what}[{i}]: {want[i]} expected, {got[i]} found");
    }

    internal static TrainingResult Train(AdapterCase one, ITrainable trained, IAdaptable model)
    {
        JsonElement train = one.Train;
        TrainingExample[][] batches = [.. one.Batches()];
        int rows = batches[0].Length;
        Assert.All(batches, batch => Assert.Equal(rows, batch.Length));
        double[] betas = [.. train.GetProperty("betas").EnumerateArray().Select(e => e.GetDouble())];
        var options = new TrainingOptions
        {
            LearningRate = train.GetProperty("lr").GetDouble(),
            Beta1 = betas[0],
            Beta2 = betas[1],
            Epsilon = train.GetProperty("eps").GetDouble(),
            WeightDecay = train.GetProperty("weight_decay").GetDouble(),
            ClipNorm = train.GetProperty("clip_grad_norm").GetDouble(),
            Schedule = train.GetProperty("schedule").GetString()!,
            Warmup = train.GetProperty("warmup_steps").GetDouble(),
            MaxSteps = train.GetProperty("steps").GetInt64(),
            LoraPlusRatio = train.TryGetProperty("loraplus_lr_ratio", out JsonElement ratio) ? ratio.GetDouble() : 1,
            BatchRows = rows,
            Shuffle = false,
        };
        return Trainer.Run(new TrainingRun
        {
            Model = trained,
            Objective = AdapterCase.Objective(model),
            Examples = new ExampleList([.. batches.SelectMany(batch => batch)], options),
            Options = options,
        });
    }

    internal static void CompareFolders(string expected, string actual, bool sameSigns = true)
    {
        JsonElement want = JsonDocument.Parse(File.ReadAllText(Path.Combine(expected, PeftFolder.ConfigName))).RootElement;
        JsonElement got = JsonDocument.Parse(File.ReadAllText(Path.Combine(actual, PeftFolder.ConfigName))).RootElement;
        Assert.Equal(want.EnumerateObject().Select(field => field.Name), got.EnumerateObject().Select(field => field.Name));
        foreach (JsonProperty field in got.EnumerateObject())
        {
            if (field.Name == "base_model_name_or_path") continue;
            JsonElement value = want.GetProperty(field.Name);
            Assert.True(Canonical(value) == Canonical(field.Value), $"{field.Name}: {value} expected, {field.Value} found");
        }
        using SafetensorsFile wanted = SafetensorsFile.Open(Path.Combine(expected, PeftFolder.WeightsName)), saved = SafetensorsFile.Open(Path.Combine(actual, PeftFolder.WeightsName));
        Assert.Equal(wanted.Entries.Select(e => e.Name).Order(StringComparer.Ordinal), saved.Entries.Select(e => e.Name).Order(StringComparer.Ordinal));
        foreach (SafetensorsEntry entry in wanted.Entries)
        {
            Assert.Equal(entry.Shape, saved.Entry(entry.Name).Shape);
            float[] one = AdapterCase.Values(wanted.Read(entry.Name)), other = AdapterCase.Values(saved.Read(entry.Name));
            float[] Shown(float[] values) => sameSigns ? values : [.. values.Select(Math.Abs)];
            (one, other) = (Shown(one), Shown(other));
            for (int i = 0; i < one.Length; i++)
                Assert.True(Math.Abs(one[i] - other[i]) <= AfterTraining, $"{entry.Name}[{i}]: {one[i]} expected, {other[i]} found");
        }
    }

    // PEFT writes lists of names as sets.
    private static string Canonical(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => string.Join(',', value.EnumerateArray().Select(e => e.ToString()).Order(StringComparer.Ordinal)),
        JsonValueKind.Number => value.GetDouble().ToString("R"),
        JsonValueKind.Object => string.Join(',', value.EnumerateObject().Select(p => p.Name + Canonical(p.Value)).Order(StringComparer.Ordinal)),
        _ => value.ToString(),
    };
}
