using System.Text.Json;
using FineTuneKit.Adapters;
using FineTuneKit.Fixtures;
using FineTuneKit.Models;
using FineTuneKit.Tests.Models;
using Xunit;

namespace FineTuneKit.Tests.Adapters;

/// <summary>Two adapters on one base, against PEFT.</summary>
[Trait("Category", "Fixtures")]
public class CombineCaseTests
{
    private const string Folder = "golden/combine";

    public static TheoryData<string> Cases => FixtureFolder.Cases(Folder + "/case.json");

    private static JsonElement Json => FixtureFolder.Json(Folder + "/case.json");

    private static double Tolerance => Json.GetProperty("tolerance").GetDouble();

    private static string[] Adapters => [.. Json.GetProperty("adapters").EnumerateArray().Select(name => name.GetString()!)];

    [Theory, MemberData(nameof(Cases))]
    public void Weighted_adapters_equal_the_reference(string id)
    {
        FixtureFolder.SkipIfAbsent(id);
        JsonElement one = FixtureFolder.Case(Folder + "/case.json", id);
        using Setup setup = new();
        double[] weights = [.. one.GetProperty("weights").EnumerateArray().Select(weight => weight.GetDouble())];
        var options = new CombinationOptions
        {
            Type = Enum.Parse<CombinationType>(one.GetProperty("combination_type").GetString()!.Replace("_", "", StringComparison.Ordinal), ignoreCase: true),
            Density = one.TryGetProperty("density", out JsonElement density) ? density.GetDouble() : 1,
            SvdRank = one.TryGetProperty("svd_rank", out JsonElement rank) ? rank.GetInt32() : null,
            MajoritySign = one.TryGetProperty("majority_sign_method", out JsonElement sign) ? Enum.Parse<MajoritySign>(sign.GetString()!, ignoreCase: true) : MajoritySign.Total,
        };
        AdaptedModel combined = setup.Set.Combine("both", Adapters, weights, options);
        setup.Set.Use("both");
        setup.Compare("logits." + id);
        string prefix = $"weights.{id}.";
        Dictionary<string, Tensor> found = combined.FileTensors().ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal);
        foreach (SafetensorsEntry entry in setup.Expected.Entries.Where(entry => entry.Name.StartsWith(prefix, StringComparison.Ordinal)))
            TensorAssert.Close(setup.Expected.Read(entry.Name), found["base_model.model." + entry.Name[prefix.Length..]], 1e-6, entry.Name);

        // Written as PEFT writes it and read again it is the same adapter.
        string folder = Directory.CreateTempSubdirectory("ftk-combined").FullName;
        try
        {
            PeftFolder.Save(folder, combined);
            setup.Set.Load("read", folder);
            setup.Set.Use("read");
            setup.Compare("logits." + id);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Switched_stacked_merged_and_unmerged_they_equal_the_reference()
    {
        FixtureFolder.SkipIfAbsent(FixtureFolder.Exists ? "" : FixtureFolder.Absent);
        using Setup setup = new();
        (string first, string second) = (Adapters[0], Adapters[1]);
        Dictionary<string, byte[]> weights = setup.Weights();
        setup.Compare("logits.none");
        foreach (string name in new[] { first, second, first })
        {
            setup.Set.Use(name);
            setup.Compare("logits." + name);
        }
        setup.Set.Use(first, second);
        setup.Compare($"logits.{first}+{second}");
        Tensor stacked = setup.Logits();
        Assert.Equal(weights, setup.Weights());

        AdapterSetMerge merge = setup.Set.Merge(first, second);
        setup.Compare("logits.merged-both");
        Assert.InRange(AdapterMerge.LargestDifference(stacked, setup.Logits()), 0, Tolerance);
        Assert.NotEqual(weights, setup.Weights());
        merge.Undo();
        Assert.Equal(weights, setup.Weights());
        Assert.Equal([first, second], setup.Set.Active);
        setup.Set.Use(first);
        setup.Compare("logits.first-after-unmerge");
    }

    [Fact]
    public void Each_row_of_a_batch_has_the_adapter_it_asks_for()
    {
        FixtureFolder.SkipIfAbsent(FixtureFolder.Exists ? "" : FixtureFolder.Absent);
        using Setup setup = new();
        string?[] choice = [Adapters[1], null, Adapters[0]];
        setup.Set.UseByRow(choice);
        Tensor mixed = setup.Logits();
        for (int row = 0; row < choice.Length; row++)
        {
            Tensor expected = setup.Expected.Read("logits." + (choice[row] ?? "none"));
            RealTokens.Close(expected.narrow(0, row, 1), mixed.narrow(0, row, 1), setup.Row(row), Tolerance, $"row {row}");
        }
    }

    /// <summary>The base with the adapters loaded, none in use.</summary>
    private sealed class Setup : IDisposable
    {
        private readonly LoadedModel _loaded;
        private readonly JsonElement _batch;
        private readonly CaseBatch _ids;

        public Setup()
        {
            string name = Json.GetProperty("base").GetString()!;
            _loaded = ModelFolder.Load(FixtureFolder.PathOf("models", name));
            _batch = FixtureFolder.Json($"models/{name}/case.json").GetProperty("batches")[0];
            _ids = new CaseBatch(_batch);
            Expected = SafetensorsFile.Open(FixtureFolder.PathOf("golden", "combine", "expected.safetensors"));
            Set = new AdapterSet(_loaded.Model);
            foreach (string adapter in Adapters) Set.Load(adapter, FixtureFolder.PathOf("golden", "combine", adapter));
        }

        public AdapterSet Set { get; }

        public SafetensorsFile Expected { get; }

        public Tensor Logits()
        {
            using (no_grad()) return _loaded.Model.forward(_ids.Ids, _ids.Layout);
        }

        public void Compare(string expected) => RealTokens.Close(Expected.Read(expected), Logits(), _batch, Tolerance, expected);

        public Dictionary<string, byte[]> Weights() => _loaded.Model.named_parameters().ToDictionary(p => p.name, p => p.parameter.bytes.ToArray());

        public JsonElement Row(int row) =>
            JsonSerializer.SerializeToElement(new { attention_mask = new[] { _batch.GetProperty("attention_mask")[row] } });

        public void Dispose()
        {
            _ids.Dispose();
            Expected.Dispose();
            _loaded.Dispose();
        }
    }
}
