using System.Runtime.InteropServices;
using System.Text.Json;
using FineTuneKit.Adapters;
using FineTuneKit.Fixtures;
using FineTuneKit.Models;
using Xunit;

namespace FineTuneKit.Tests.Adapters;

/// <summary>One projection with LoRA and with DoRA, as torchtune computes it.</summary>
[Trait("Category", "Fixtures")]
public class TorchtuneCaseTests
{
    [Theory]
    [InlineData("lora")]
    [InlineData("dora")]
    public void Outputs_equal_those_of_torchtune(string method)
    {
        Assert.SkipUnless(FixtureFolder.Exists, FixtureFolder.Absent);
        JsonElement one = FixtureFolder.Json("golden/losses/losses.json").GetProperty(method);
        using var layer = new Linear(64, 128, hasBias: method == "lora");
        Fix(layer.weight);
        if (layer.bias is not null) Fix(layer.bias);
        var options = new LoraOptions { Rank = 4, Alpha = 1, UseDora = method == "dora" };
        ProjectionAdapter adapter = options.MakeAdapter("layer", layer, new FreshAdapters(0, new Generator(0), AnyRank: false));
        foreach (AdapterTensor parameter in adapter.Tensors(new AdaptedName("layer", "layer"))) Fix(parameter.Value);
        using (no_grad())
        {
            Tensor output = adapter.forward(Read("lora_input"), layer);
            // The large outputs, of some tens, set the tolerance.
            Assert.InRange(AdapterMerge.LargestDifference(Read(method + "_output"), output), 0, 2e-5);
            Assert.Equal(one.GetProperty("expected_mean").GetDouble(), output.mean().item<float>(), 1e-4);
        }
    }

    // torchtune's fixed_init: from 0 to 1 in equal steps.
    private static void Fix(Parameter parameter)
    {
        long count = parameter.numel();
        using (no_grad())
            parameter.copy_(tensor([.. Enumerable.Range(0, (int)count).Select(i => (float)(i * (1.0 / count)))]).reshape(parameter.shape));
    }

    // NumPy's format, version 1: 10 bytes, the header of the length that the last two say, then little-endian floats.
    private static Tensor Read(string name)
    {
        byte[] file = File.ReadAllBytes(FixtureFolder.PathOf("golden/losses", name + ".npy"));
        int header = BitConverter.ToUInt16(file, 8);
        string text = System.Text.Encoding.ASCII.GetString(file, 10, header);
        Assert.Contains("'<f4'", text, StringComparison.Ordinal);
        Assert.Contains("'fortran_order': False", text, StringComparison.Ordinal);
        long[] shape = [.. text.Split('(')[1].Split(')')[0].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(long.Parse)];
        return tensor(MemoryMarshal.Cast<byte, float>(file.AsSpan(10 + header)).ToArray()).reshape(shape);
    }
}
