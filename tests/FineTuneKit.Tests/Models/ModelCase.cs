using System.Text.Json;
using FineTuneKit.Fixtures;
using FineTuneKit.Models;
using Xunit;

namespace FineTuneKit.Tests.Models;

/// <summary>A model folder of the fixtures with its <c>case.json</c> and expected tensors.</summary>
internal sealed class ModelCase : IDisposable
{
    public ModelCase(string name)
    {
        Folder = FixtureFolder.PathOf("models", name);
        Json = FixtureFolder.Json($"models/{name}/case.json");
        Expected = SafetensorsFile.Open(Path.Combine(Folder, "expected.safetensors"));
        Loaded = ModelFolder.Load(Folder);
        Batches = [.. Json.GetProperty("batches").EnumerateArray().Select(batch => new CaseBatch(batch))];
    }

    public string Folder { get; }

    public JsonElement Json { get; }

    public SafetensorsFile Expected { get; }

    public LoadedModel Loaded { get; }

    public Decoder Model => Loaded.Model;

    public CaseBatch[] Batches { get; }

    public float Tolerance(string of) => Json.GetProperty("tolerance").GetProperty(of).GetSingle();

    /// <summary>The folders of decoders with a case of one of these kinds; those of a family that is not built yet skip.</summary>
    public static TheoryData<string> Names(params string[] kinds)
    {
        return Decoders(FixtureFolder.Folders("models", "case.json", json => kinds.Contains(json.GetProperty("kind").GetString())));
    }

    /// <summary>Those of the folders that hold decoders.</summary>
    public static TheoryData<string> Decoders(TheoryData<string> folders) =>
        FixtureFolder.Exists ? [.. folders.Select(row => row.Data).Where(name => !IsEncoder(name))] : folders;

    /// <summary>Those that hold encoders.</summary>
    public static TheoryData<string> Encoders(TheoryData<string> folders) =>
        FixtureFolder.Exists ? [.. folders.Select(row => row.Data).Where(IsEncoder)] : folders;

    private static bool IsEncoder(string name) =>
        EncoderFamily.Named(FixtureFolder.Json($"models/{name}/config.json").GetProperty("model_type").GetString()!) is not null;

    /// <summary>Skips where there are no fixtures, or where the model's family is not built yet.</summary>
    public static ModelCase Open(string name)
    {
        FixtureFolder.SkipIfAbsent(name);
        NotYet.Skip("models/" + FixtureFolder.Json($"models/{name}/config.json").GetProperty("model_type").GetString());
        return new ModelCase(name);
    }

    /// <summary>The loss as transformers gives it: the mean over target tokens, or over rows of a classifier.</summary>
    public Tensor Loss(CaseBatch batch, Tensor logits) => Model.Config.Head == DecoderHead.Classification
        ? nn.functional.cross_entropy(logits, tensor(batch.Labels))
        : Mean(LanguageModelLoss.OfLogits(logits, batch.Labels));

    /// <summary>
    /// Logits of the first batch without those of padding so far behind its row that a window shows it no token at all:
    /// transformers gives such a place the mean of every value, this kit none, and nobody reads it.
    /// </summary>
    public Tensor Compared(Tensor logits)
    {
        if (Model.Config.Window is not { } window || logits.dim() != 3) return logits;
        Tensor kept = logits.detach().clone();
        TokenLayout layout = Batches[0].Layout;
        for (int row = 0; row < layout.Rows; row++)
        {
            int blind = layout.Ends[row] + window - 1;
            if (blind < layout.Tokens) kept[row].narrow(0, blind, layout.Tokens - blind).zero_();
        }
        return kept;
    }

    public static Tensor Mean((Tensor Sum, long Tokens) loss) => loss.Sum / (float)loss.Tokens;

    public void Dispose()
    {
        foreach (CaseBatch batch in Batches) batch.Dispose();
        Loaded.Dispose();
        Expected.Dispose();
    }
}

/// <summary>One batch of a case.</summary>
internal sealed class CaseBatch : IDisposable
{
    public CaseBatch(JsonElement json)
    {
        long[][] ids = Rows(json.GetProperty("input_ids"));
        Ids = tensor(ids.SelectMany(row => row).ToArray()).reshape(ids.Length, ids[0].Length);
        JsonElement labels = json.GetProperty("labels");
        Labels = labels[0].ValueKind == JsonValueKind.Array
            ? [.. Rows(labels).SelectMany(row => row)]
            : [.. labels.EnumerateArray().Select(label => label.GetInt64())];
        Layout = TokenLayout.FromMask([.. Rows(json.GetProperty("attention_mask")).Select(row => Array.ConvertAll(row, value => (int)value))]);
    }

    public Tensor Ids { get; }

    public long[] Labels { get; }

    public TokenLayout Layout { get; }

    public void Dispose()
    {
        Ids.Dispose();
        Layout.Dispose();
    }

    private static long[][] Rows(JsonElement json) =>
        [.. json.EnumerateArray().Select(row => row.EnumerateArray().Select(value => value.GetInt64()).ToArray())];
}

/// <summary>Compares tensors, and says where and by how much they differ.</summary>
internal static class TensorAssert
{
    public static void Close(Tensor expected, Tensor actual, double tolerance, string what)
    {
        Assert.Equal(expected.shape, actual.shape);
        float[] wanted = expected.contiguous().data<float>().ToArray(), found = actual.detach().contiguous().data<float>().ToArray();
        double largest = 0;
        int at = 0;
        for (int i = 0; i < wanted.Length; i++)
        {
            double difference = Math.Abs((double)wanted[i] - found[i]);
            if (difference > largest || double.IsNaN(difference)) (largest, at) = (difference, i);
        }
        Assert.True(largest <= tolerance, $"{what}: element {at} is {found[at]:R}, expected {wanted[at]:R}; {largest:E2} apart, {tolerance:E2} allowed");
    }
}
