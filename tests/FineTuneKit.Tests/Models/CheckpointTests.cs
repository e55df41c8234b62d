using System.Text.Json;
using FineTuneKit.Fixtures;
using FineTuneKit.Models;
using Xunit;

namespace FineTuneKit.Tests.Models;

/// <summary>Shards, half precision and packed rows of the fixtures, and the real stories260k.</summary>
[Trait("Category", "Fixtures")]
public sealed class CheckpointTests
{
    public static TheoryData<string> Checkpoints() => FixtureFolder.Folders("golden/checkpoints", "config.json");

    [Theory, MemberData(nameof(Checkpoints))]
    public void LoadsAndComputesTheSame(string name)
    {
        FixtureFolder.SkipIfAbsent(name);
        JsonElement json = FixtureFolder.Json("golden/checkpoints/case.json");
        using var test = new ModelCase(json.GetProperty("base").GetString()!);
        using var expected = SafetensorsFile.Open(FixtureFolder.PathOf("golden", "checkpoints", "expected.safetensors"));
        using LoadedModel loaded = ModelFolder.Load(FixtureFolder.PathOf("golden", "checkpoints", name));
        using DisposeScope scope = NewDisposeScope();
        using (no_grad())
        {
            Tensor logits = loaded.Model.forward(test.Batches[0].Ids, test.Batches[0].Layout);
            string half = "logits_float32_arithmetic." + name;
            Tensor wanted = expected.Contains(half) ? expected.Read(half) : test.Expected.Read("logits");
            TensorAssert.Close(wanted, logits, test.Tolerance("logits"), name);
        }
        Assert.Equal(expected.Contains("logits_float32_arithmetic." + name) ? Enum.Parse<ScalarType>(name, ignoreCase: true) : ScalarType.Float32, loaded.StoredType);
    }

    [Fact]
    public void PackedRowsEqualRowsAlone()
    {
        if (!FixtureFolder.Exists) Assert.Skip("No fixtures: set FINETUNEKIT_FIXTURES to their folder to run these cases.");
        JsonElement json = FixtureFolder.Json("golden/packing/case.json");
        using var test = new ModelCase(json.GetProperty("base").GetString()!);
        using var expected = SafetensorsFile.Open(FixtureFolder.PathOf("golden", "packing", "expected.safetensors"));
        int[][] rows = ModelCaseTests.Rows(json.GetProperty("rows"));
        using DisposeScope scope = NewDisposeScope();
        using (no_grad())
        {
            int total = rows.Sum(row => row.Length);
            int[] flat = [.. rows.SelectMany(row => row), 0, 0];
            Tensor packed = test.Model.forward(
                Generation.Batch([flat], flat.Length),
                TokenLayout.Packed([[.. rows.Select(row => row.Length)]], flat.Length));
            Tensor padded = test.Model.forward(
                Generation.Batch(rows, 16),
                TokenLayout.RightPadded([.. rows.Select(row => row.Length)], 16));
            for (int i = 0, at = 0; i < rows.Length; at += rows[i++].Length)
            {
                Tensor wanted = expected.Read($"row{i}");
                TensorAssert.Close(wanted, packed[0].narrow(0, at, rows[i].Length), test.Tolerance("logits"), $"row {i} packed");
                TensorAssert.Close(wanted, padded[i].narrow(0, 0, rows[i].Length), test.Tolerance("logits"), $"row {i} padded right");
                TensorAssert.Close(wanted, test.Model.forward(Generation.Batch([rows[i]], rows[i].Length))[0], test.Tolerance("logits"), $"row {i} alone");
            }
            Assert.True(total < flat.Length);
        }
    }

    [Theory]
    [InlineData("unprompted")]
    [InlineData("prompted")]
    public void TellsTheStoryThatItsMakersSaw(string part)
    {
        if (!FixtureFolder.Exists) Assert.Skip("No fixtures: set FINETUNEKIT_FIXTURES to their folder to run these cases.");
        JsonElement golden = FixtureFolder.Json("models/stories260k/golden.json").GetProperty(part);
        using LoadedModel loaded = ModelFolder.Load(FixtureFolder.PathOf("models", "stories260k", "derived-hf"));
        int[] prompt = Numbers(golden.GetProperty("prompt_ids")), all = Numbers(golden.GetProperty("greedy_ids"));
        using (NewDisposeScope())
        using (no_grad())
        {
            Tensor logits = loaded.Model.forward(Generation.Batch([prompt], prompt.Length))[0][prompt.Length - 1];
            float[] first = [.. golden.GetProperty("first_step_logits").EnumerateArray().Select(value => value.GetSingle())];
            TensorAssert.Close(tensor(first), logits, 2e-4, "first step");
        }
        int[] fresh = all[..prompt.Length].AsSpan().SequenceEqual(prompt) ? all[prompt.Length..] : all;
        Continuation story = Generation.Generate(loaded.Model, [prompt], new GenerationOptions { MaxNewTokens = fresh.Length })[0];
        Assert.Equal(fresh, story.Ids);
    }

    private static int[] Numbers(JsonElement json) => [.. json.EnumerateArray().Select(value => value.GetInt32())];
}
