using FineTuneKit.Adapters;
using FineTuneKit.Models;
using FineTuneKit.Tests.Training;
using Xunit;

namespace FineTuneKit.Tests.Adapters;

public sealed class AdapterSetTests : IDisposable
{
    private readonly Decoder _model = TinyRun.Model();
    private readonly AdapterSet _set;
    private readonly LogitProbe _probe;
    private readonly string _folder = Directory.CreateTempSubdirectory("ftk-set").FullName;

    public AdapterSetTests()
    {
        _set = new AdapterSet(_model);
        _probe = new LogitProbe(_model.Config);
        Add("a", 1, new LoraOptions { Rank = 4 });
        Add("b", 2, new LoraOptions { Rank = 2, Targets = ["q_proj", "down_proj"] });
    }

    public void Dispose()
    {
        _probe.Dispose();
        _model.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Switching_changes_no_weight_and_comes_back()
    {
        Parameter[] before = [.. _model.parameters()];
        float[] none = Logits();
        _set.Use("a");
        float[] first = Logits();
        _set.Use("b");
        _set.Use("a");
        Assert.Equal(first, Logits());
        Assert.NotEqual(none, first);
        _set.Use();
        Assert.Equal(none, Logits());
        Assert.Equal(before, _model.parameters());
    }

    [Fact]
    public void A_row_computes_what_its_adapter_alone_computes()
    {
        string?[] choice = ["b", "a", null, "b"];
        _set.UseByRow(choice);
        float[] mixed = Logits();
        int size = mixed.Length / choice.Length;
        for (int row = 0; row < choice.Length; row++)
        {
            _set.Use(choice[row] is { } name ? [name] : []);
            float[] alone = Logits();
            for (int i = row * size; i < (row + 1) * size; i++) Assert.Equal(alone[i], mixed[i], 1e-5f);
        }
        _set.UseByRow(["a"]);
        Assert.Contains("1 rows; the batch has 4", Assert.Throws<InvalidOperationException>(Logits).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_are_unknown_or_taken_change_nothing()
    {
        _set.Use("a");
        float[] before = Logits();
        Assert.Contains("no adapter is named c; there are a, b", Assert.Throws<InputException>(() => _set.Use("c")).Message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => _set.UseByRow(["a", "c", null, null]));
        Assert.Contains("named a already", Assert.Throws<InputException>(() => _set.Load("a", _folder)).Message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => _set.Load("d", _folder));
        Assert.Throws<InputException>(() => _set.Use("a", "a"));
        Assert.Throws<InputException>(() => _set.Remove("c"));
        Assert.Equal(["a", "b"], _set.Names);
        Assert.Equal(before, Logits());
        _set.Remove("a");
        Assert.Equal(["b"], _set.Names);
        Assert.Empty(_set.Active);
    }

    [Fact]
    public void Side_by_side_is_exactly_the_weighted_sum()
    {
        _set.Combine("cat", ["a", "b"], [1, 1], new CombinationOptions { Type = CombinationType.Cat });
        _set.Use("a", "b");
        float[] sum = Logits();
        _set.Use("cat");
        Close(sum, Logits(), 1e-5f);
        // Of full rank the decomposition is exact too.
        _set.Combine("svd", ["a", "b"], [1, 1], new CombinationOptions { Type = CombinationType.Svd, SvdRank = 6 });
        _set.Use("svd");
        Close(sum, Logits(), 1e-5f);
    }

    [Fact]
    public void What_cannot_be_combined_is_refused()
    {
        string Refused(string[] names, double[] weights, CombinationOptions options)
        {
            string message = Assert.Throws<InputException>(() => _set.Combine("c", names, weights, options)).Message;
            Assert.Equal(["a", "b"], _set.Names);
            return message;
        }

        Assert.Contains("ranks 4 and 2", Refused(["a", "b"], [1, 1], new()), StringComparison.Ordinal);
        Assert.Contains("2 adapters need as many weights", Refused(["a", "b"], [1], new()), StringComparison.Ordinal);
        Assert.Contains("density", Refused(["a"], [1], new() { Density = 1.5 }), StringComparison.Ordinal);
        Assert.Contains("rank", Refused(["a"], [1], new() { SvdRank = 0 }), StringComparison.Ordinal);
        Assert.Contains("no finite number", Refused(["a"], [double.NaN], new()), StringComparison.Ordinal);
        Assert.Contains("one adapter or more", Refused([], [], new()), StringComparison.Ordinal);
    }

    [Fact]
    public void Merged_and_taken_out_again_the_folders_agree()
    {
        string model = Path.Combine(_folder, "model"), merged = Path.Combine(_folder, "merged"), back = Path.Combine(_folder, "back"), a = Path.Combine(_folder, "a"), b = Path.Combine(_folder, "b");
        ModelFolder.Save(model, _model);
        PeftFolder.Save(a, _set["a"], baseSha256: ModelFolder.Sha256(model));
        PeftFolder.Save(b, _set["b"]);
        _set.Use("a", "b");
        float[] together = Logits();
        Assert.InRange(AdapterJobs.Merge(model, [a, b], merged).LargestLogitDifference!.Value, 0, 1e-4);
        Close(together, Logits(merged), 1e-4f);
        Assert.InRange(AdapterJobs.Unmerge(merged, [a, b], back).LargestLogitDifference!.Value, 0, 1e-4);
        _set.Use();
        Close(Logits(), Logits(back), 1e-4f);
        Assert.Contains("SHA-256", Assert.Throws<InputException>(() => AdapterJobs.Merge(merged, [a], Path.Combine(_folder, "c"))).Message, StringComparison.Ordinal);
        Assert.Contains("another folder", Assert.Throws<InputException>(() => AdapterJobs.Merge(model, [a], model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Norms_and_angles_are_those_of_the_updates()
    {
        string a = Path.Combine(_folder, "a"), b = Path.Combine(_folder, "b");
        PeftFolder.Save(a, _set["a"]);
        PeftFolder.Save(b, _set["b"]);
        Assert.Equal(1, AdapterComparison.Of(a, a).Cosine!.Value, 1e-5);
        AdapterComparison comparison = AdapterComparison.Of(a, b);
        Assert.Equal(_set["a"].Layers.Select(layer => layer.Path).Order(StringComparer.Ordinal), comparison.Projections.Select(p => p.Path));
        foreach (ProjectionComparison found in comparison.Projections)
        {
            double[] first = Update("a", found.Path), second = Update("b", found.Path);
            double Dot(double[] x, double[] y) => x.Zip(y, (p, q) => p * q).Sum();
            Assert.Equal(Math.Sqrt(Dot(first, first)), found.First, 1e-4);
            Assert.Equal(Math.Sqrt(Dot(second, second)), found.Second, 1e-4);
            if (second.Length == 0) Assert.Null(found.Cosine);
            else Assert.Equal(Dot(first, second) / Math.Sqrt(Dot(first, first) * Dot(second, second)), found.Cosine!.Value, 1e-4);
        }
        AdapterSummary[] summaries = [.. AdapterSummary.Below(_folder)];
        Assert.Equal([a, b], summaries.Select(summary => summary.Folder));
        Assert.Equal([4, 2], summaries.Select(summary => summary.Rank!.Value));
        Assert.Equal(_set["b"].Parameters.Sum(parameter => parameter.Value.numel()), summaries[1].Parameters);
    }

    private double[] Update(string name, string path) => _set[name].Layers.FirstOrDefault(layer => layer.Path == path) is { } layer
        ? [.. ((Lora)layer.Adapter).Update().data<float>().ToArray().Select(value => (double)value)] : [];

    private float[] Logits() => _probe.Logits(_model).data<float>().ToArray();

    private float[] Logits(string folder)
    {
        using LoadedModel loaded = ModelFolder.Load(folder);
        return _probe.Logits(loaded.Model).data<float>().ToArray();
    }

    private static void Close(float[] expected, float[] found, float tolerance)
    {
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], found[i], tolerance);
    }

    // B starts at zero; an adapter that does nothing would prove nothing.
    private void Add(string name, long seed, LoraOptions options)
    {
        AdaptedModel lora = _set.Add(name, () => AdaptedModel.Attach(_model, options, seed));
        var random = new NamedRandom(name, seed);
        foreach (AdaptedLayer layer in lora.Layers)
            foreach (ref float value in ((Lora)layer.Adapter).lora_B.span<float>()) value = (float)(random.NextDouble() - 0.5);
    }
}
