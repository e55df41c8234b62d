using System.Text.Json;
using FineTuneKit.Fixtures;
using FineTuneKit.Models;
using Xunit;

namespace FineTuneKit.Tests.Models;

/// <summary>Every encoder case of the fixtures: what transformers computed with the same weights.</summary>
[Trait("Category", "Fixtures")]
public sealed class EncoderCaseTests
{
    public static TheoryData<string> Classifiers() =>
        ModelCase.Encoders(FixtureFolder.Folders("models", "case.json", json => json.GetProperty("kind").GetString() is "classify" or "vision"));

    public static TheoryData<string> Embedders() => FixtureFolder.Folders("models", "case.json", json => json.GetProperty("kind").GetString() == "embed");

    [Theory, MemberData(nameof(Classifiers))]
    public void LogitsLossAndEveryGradient(string name)
    {
        using EncoderCase test = EncoderCase.Open(name);
        using DisposeScope scope = NewDisposeScope();
        Tensor logits = test.Logits(0);
        TensorAssert.Close(test.Expected.Read("logits"), logits, test.Tolerance("logits"), "logits");
        Tensor loss = test.Loss(0);
        Assert.Equal(test.Json.GetProperty("loss").GetSingle(), loss.item<float>(), test.Tolerance("loss"));
        loss.backward();
        var parameters = test.Model.named_parameters().ToDictionary(item => item.name, item => item.parameter, StringComparer.Ordinal);
        string[] expected = [.. test.Expected.Entries.Select(entry => entry.Name).Where(entry => entry.StartsWith("grad.", StringComparison.Ordinal))];
        Assert.Equal(parameters.Keys.Order(StringComparer.Ordinal), expected.Select(NameInFile).Order(StringComparer.Ordinal));
        foreach (string entry in expected) TensorAssert.Close(test.Expected.Read(entry), parameters[NameInFile(entry)].grad!, test.Tolerance("grad"), entry);
    }

    [Theory, MemberData(nameof(Classifiers))]
    public void TwentyTrainingSteps(string name)
    {
        using EncoderCase test = EncoderCase.Open(name);
        using DisposeScope scope = NewDisposeScope();
        TrainingLog.Follow(Renamed(test.Json.GetProperty("train")), test.Model, test.Loss);
        using (no_grad()) TensorAssert.Close(test.Expected.Read("logits_after_training"), test.Logits(0), 5e-4, "logits after training");
    }

    [Theory, MemberData(nameof(Classifiers))]
    public void SavedAndLoadedItIsTheSame(string name)
    {
        using EncoderCase test = EncoderCase.Open(name);
        using DisposeScope scope = NewDisposeScope();
        string folder = Directory.CreateTempSubdirectory().FullName;
        ModelFolder.Save(folder, test.Model);
        using (LoadedEncoder again = ModelFolder.LoadEncoder(folder))
        using (no_grad()) TensorAssert.Close(test.Logits(0), again.Model.forward(test.Input(0)), 0, "logits");
        using (LoadedEncoder other = ModelFolder.LoadEncoder(folder, ["yes", "no"]))
        {
            Assert.All(other.FreshWeights, weight => Assert.StartsWith("classifier.", weight, StringComparison.Ordinal));
            Assert.Equal([test.Logits(0).shape[0], 2], other.Model.forward(test.Input(0)).shape);
        }
        Directory.Delete(folder, recursive: true);
    }

    [Theory, MemberData(nameof(Embedders))]
    public void EmbedsAsSentenceTransformers(string name)
    {
        FixtureFolder.SkipIfAbsent(name);
        JsonElement json = FixtureFolder.Json($"models/{name}/case.json");
        using SafetensorsFile expected = SafetensorsFile.Open(FixtureFolder.PathOf("models", name, "expected.safetensors"));
        using LoadedEncoder loaded = ModelFolder.LoadEncoder(FixtureFolder.PathOf("models", name));
        using DisposeScope scope = NewDisposeScope();
        loaded.Model.eval();
        using EncoderInput input = EncoderCase.Texts(json);
        using (no_grad())
        {
            Tensor states = loaded.Model.Hidden(input);
            double tolerance = json.GetProperty("tolerance").GetDouble();
            TensorAssert.Close(expected.Read("last_hidden_state.first_row"), states[0], tolerance, "states");
            TensorAssert.Close(expected.Read("pooler_output"), loaded.Model.Pooled(states), tolerance, "pooled");
            Tensor embeddings = loaded.Model.Embed(input);
            TensorAssert.Close(expected.Read("embeddings"), embeddings, tolerance, "embeddings");
            TensorAssert.Close(expected.Read("cosine"), embeddings.mm(embeddings.t()), tolerance, "cosine");
        }
        string[] texts = [.. json.GetProperty("texts").EnumerateArray().Select(text => text.GetString()!)];
        int[][] ids = ModelCaseTests.Rows(json.GetProperty("input_ids")), mask = ModelCaseTests.Rows(json.GetProperty("attention_mask"));
        for (int i = 0; i < texts.Length; i++)
            Assert.Equal(ids[i].Where((_, t) => mask[i][t] == 1), loaded.Tokenizer!.EncodeText(texts[i]).Ids.Where((_, t) => loaded.Tokenizer!.EncodeText(texts[i]).AttentionMask[t] == 1));
    }

    [Fact]
    public void ADecoderIsRefusedAsEncoderAndTheOtherWayRound()
    {
        if (!FixtureFolder.Exists) Assert.Skip("No fixtures.");
        Assert.Contains("model_type \"llama\" is no encoder", Assert.Throws<InputException>(() => ModelFolder.LoadEncoder(FixtureFolder.PathOf("models", "llama"))).Message, StringComparison.Ordinal);
        Assert.Contains("model_type \"bert\" is an encoder", Assert.Throws<InputException>(() => ModelFolder.Load(FixtureFolder.PathOf("models", "bert-classify"))).Message, StringComparison.Ordinal);
    }

    // transformers 5 has other names for ViT's parts in memory than in the file.
    private static string NameInFile(string entry) => entry.Replace("grad.", "", StringComparison.Ordinal)
        .Replace("vit.layers.", "vit.encoder.layer.", StringComparison.Ordinal)
        .Replace("attention.q_proj", "attention.attention.query", StringComparison.Ordinal).Replace("attention.k_proj", "attention.attention.key", StringComparison.Ordinal)
        .Replace("attention.v_proj", "attention.attention.value", StringComparison.Ordinal).Replace("attention.o_proj", "attention.output.dense", StringComparison.Ordinal)
        .Replace("mlp.fc1", "intermediate.dense", StringComparison.Ordinal).Replace("mlp.fc2", "output.dense", StringComparison.Ordinal);

    private static JsonElement Renamed(JsonElement train)
    {
        var node = System.Text.Json.Nodes.JsonNode.Parse(train.GetRawText())!;
        node["no_decay"] = new System.Text.Json.Nodes.JsonArray([.. train.GetProperty("no_decay").EnumerateArray().Select(n => (System.Text.Json.Nodes.JsonNode)NameInFile(n.GetString()!))]);
        return node.Deserialize<JsonElement>();
    }
}

/// <summary>An encoder of the fixtures with its <c>case.json</c> and expected tensors.</summary>
internal sealed class EncoderCase : IDisposable
{
    private readonly LoadedEncoder _loaded;
    private readonly JsonElement[] _batches;

    private EncoderCase(string name)
    {
        Json = FixtureFolder.Json($"models/{name}/case.json");
        Expected = SafetensorsFile.Open(FixtureFolder.PathOf("models", name, "expected.safetensors"));
        _loaded = ModelFolder.LoadEncoder(FixtureFolder.PathOf("models", name));
        _batches = [.. Json.GetProperty("batches").EnumerateArray()];
    }

    public JsonElement Json { get; }

    public SafetensorsFile Expected { get; }

    public Encoder Model => _loaded.Model;

    public static EncoderCase Open(string name)
    {
        FixtureFolder.SkipIfAbsent(name);
        return new(name);
    }

    public float Tolerance(string of) => Json.GetProperty("tolerance").GetProperty(of).GetSingle();

    public Tensor Logits(int step) => Model.forward(Input(step));

    public Tensor Loss(int step) =>
        nn.functional.cross_entropy(Logits(step), tensor(Batch(step).GetProperty("labels").EnumerateArray().Select(l => l.GetInt64()).ToArray()));

    public EncoderInput Input(int step) => Batch(step).TryGetProperty("pixel_values", out JsonElement pixels)
        ? EncoderInput.Images(tensor(Flat(pixels).ToArray(), [pixels.GetArrayLength(), Model.Config.Channels, Model.Config.ImageSize, Model.Config.ImageSize]), Model.Config)
        : Texts(Batch(step));

    public static EncoderInput Texts(JsonElement batch)
    {
        int[][] ids = ModelCaseTests.Rows(batch.GetProperty("input_ids"));
        return EncoderInput.Texts(Longs(ids), TokenLayout.FromMask(ModelCaseTests.Rows(batch.GetProperty("attention_mask"))),
            batch.TryGetProperty("token_type_ids", out JsonElement types) ? Longs(ModelCaseTests.Rows(types)) : null);
    }

    public void Dispose()
    {
        _loaded.Dispose();
        Expected.Dispose();
    }

    private JsonElement Batch(int step) => _batches[step % _batches.Length];

    private static Tensor Longs(int[][] rows) => tensor(rows.SelectMany(row => row).Select(id => (long)id).ToArray(), [rows.Length, rows[0].Length]);

    public static IEnumerable<float> Flat(JsonElement json) =>
        json.ValueKind == JsonValueKind.Array ? json.EnumerateArray().SelectMany(Flat) : [json.GetSingle()];
}
