using System.Text.Json;
using FineTuneKit.Adapters;
using FineTuneKit.Fixtures;
using FineTuneKit.Models;
using FineTuneKit.Tests.Models;
using FineTuneKit.Training;
using Xunit;

namespace FineTuneKit.Tests.Adapters;

/// <summary>A folder of <c>adapters/</c>: an adapter on one of the models, before and after 20 steps of PEFT.</summary>
internal sealed class AdapterCase : IDisposable
{
    private AdapterCase(string name)
    {
        Folder = FixtureFolder.PathOf("adapters", name);
        Json = FixtureFolder.Json($"adapters/{name}/case.json");
        BaseFolder = FixtureFolder.PathOf("models", Json.GetProperty("base").GetString()!);
        BaseJson = FixtureFolder.Json($"models/{Json.GetProperty("base").GetString()}/case.json");
        Expected = SafetensorsFile.Open(Path.Combine(Folder, "expected.safetensors"));
    }

    public string Folder { get; }

    public string BaseFolder { get; }

    public JsonElement Json { get; }

    public JsonElement BaseJson { get; }

    public SafetensorsFile Expected { get; }

    public JsonElement Train => Json.GetProperty("train");

    /// <summary>Opens a case, or skips where its kind is not built yet.</summary>
    public static AdapterCase Open(string name)
    {
        FixtureFolder.SkipIfAbsent(name);
        var one = new AdapterCase(name);
        foreach (string kind in one.Kinds()) NotYet.Skip(kind);
        return one;
    }

    public bool IsEncoder => EncoderFamily.Named(Family) is not null;

    public IAdaptable LoadBase() => IsEncoder ? ModelFolder.LoadEncoder(BaseFolder).Model : ModelFolder.Load(BaseFolder).Model;

    /// <summary>The adapter before its first step. A start that changed the base is named by the trained folder alone.</summary>
    public AdaptedModel LoadInitial()
    {
        if (!Directory.Exists(Stage("trained-as-lora"))) return PeftFolder.Load(Stage("initial"), LoadBase());
        string folder = Directory.CreateTempSubdirectory("ftk-initial").FullName;
        try
        {
            File.Copy(Path.Combine(Stage("trained"), PeftFolder.ConfigName), Path.Combine(folder, PeftFolder.ConfigName));
            File.Copy(Path.Combine(Stage("initial"), PeftFolder.WeightsName), Path.Combine(folder, PeftFolder.WeightsName));
            return PeftFolder.Load(folder, LoadBase());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public static IObjective Objective(IAdaptable model) => model is Encoder encoder ? new ClassificationObjective(encoder) : new SupervisedObjective((Decoder)model);

    public string Stage(string stage) => Path.Combine(Folder, stage);

    public IReadOnlyList<TrainingExample[]> Batches() =>
        [.. BaseJson.GetProperty("batches").EnumerateArray().Select((batch, index) => Rows(batch, $"batch {index}").ToArray())];

    /// <summary>Logits (B, T, V) of the first batch, on which the expected ones were computed.</summary>
    public Tensor FirstLogits(IAdaptable model)
    {
        TrainingExample[] rows = Batches()[0];
        if (model is Encoder encoder)
        {
            using EncoderInput input = new ClassificationObjective(encoder).Input(rows);
            using (no_grad()) return encoder.forward(input);
        }
        int tokens = rows.Max(row => row.Ids.Length);
        long[] ids = [.. rows.SelectMany(row => row.Ids.Concat(Enumerable.Repeat(0, tokens - row.Ids.Length)).Select(id => (long)id))];
        using (no_grad())
        using (TokenLayout layout = TokenLayout.RightPadded([.. rows.Select(row => row.Ids.Length)], tokens))
            return ((Decoder)model).forward(tensor(ids).reshape(rows.Length, tokens), layout);
    }

    /// <summary>Compares the logits of real tokens; what stands at padding means nothing.</summary>
    public void CompareLogits(string expected, Tensor actual, double tolerance)
    {
        float[] want = Values(Expected.Read(expected)), got = Values(actual);
        Assert.Equal(want.Length, got.Length);
        TrainingExample[] rows = Batches()[0];
        int tokens = rows.Max(row => row.Ids.Length), vocabulary = IsEncoder ? 0 : want.Length / rows.Length / tokens;
        for (int i = 0; i < want.Length; i++)
        {
            if (!IsEncoder && i / vocabulary % tokens >= rows[i / vocabulary / tokens].Ids.Length) continue;
            Assert.True(Math.Abs(want[i] - got[i]) <= tolerance, $"{expected}[{i}]: {want[i]} expected, {got[i]} found");
        }
    }

    public void Dispose() => Expected.Dispose();

    public static float[] Values(Tensor tensor) => tensor.detach().to(ScalarType.Float32).contiguous().data<float>().ToArray();

    private string Family => JsonDocument.Parse(File.ReadAllText(Path.Combine(BaseFolder, "config.json"))).RootElement.GetProperty("model_type").GetString()!;

    private IEnumerable<string> Kinds()
    {
        yield return "models/" + Family;
        yield return "adapters/" + Json.GetProperty("method").GetString();
        string path = Stage("trained/adapter_config.json");
        if (!File.Exists(path)) yield break;
        JsonElement config = JsonDocument.Parse(File.ReadAllText(path)).RootElement;
        if (config.TryGetProperty("use_dora", out JsonElement dora) && dora.ValueKind == JsonValueKind.True) yield return "adapters/dora";
        if (config.TryGetProperty("bias", out JsonElement bias) && bias.GetString() is not (null or "none")) yield return "adapters/lora_bias";
        if (Json.GetProperty("trainable").EnumerateArray().Any(name => name.GetString()!.Contains("lora_embedding", StringComparison.Ordinal))) yield return "adapters/lora_embedding";
        if (Directory.Exists(Stage("trained-as-lora"))) yield return "adapters/pissa";
    }

    private static IEnumerable<TrainingExample> Rows(JsonElement batch, string origin)
    {
        if (batch.GetProperty("labels")[0].ValueKind == JsonValueKind.Number)
        {
            foreach (TrainingExample row in Labelled(batch, origin)) yield return row;
            yield break;
        }
        int[][] ids = Integers(batch, "input_ids"), visible = Integers(batch, "attention_mask"), labels = Integers(batch, "labels");
        for (int row = 0; row < ids.Length; row++)
        {
            int length = visible[row].Sum();
            yield return new TrainingExample(ids[row][..length], [.. labels[row][..length].Select(label => label != -100)], $"{origin}, row {row}");
        }
    }

    private static IEnumerable<TrainingExample> Labelled(JsonElement batch, string origin)
    {
        int[] labels = [.. batch.GetProperty("labels").EnumerateArray().Select(label => label.GetInt32())];
        if (batch.TryGetProperty("pixel_values", out JsonElement pixels))
            return labels.Select((label, row) => new LabelledImage([.. EncoderCase.Flat(pixels[row])], label, $"{origin}, row {row}"));
        int[][] ids = Integers(batch, "input_ids"), visible = Integers(batch, "attention_mask");
        int[][]? types = batch.TryGetProperty("token_type_ids", out _) ? Integers(batch, "token_type_ids") : null;
        return labels.Select((label, row) => new LabelledText([.. Real(ids[row], visible[row])], label, $"{origin}, row {row}")
        {
            Types = types is null ? null : [.. Real(types[row], visible[row])],
        });
    }

    private static IEnumerable<int> Real(int[] values, int[] visible) => values.Where((_, t) => visible[t] == 1);

    private static int[][] Integers(JsonElement batch, string name) =>
        [.. batch.GetProperty(name).EnumerateArray().Select(row => row.EnumerateArray().Select(value => value.GetInt32()).ToArray())];
}
