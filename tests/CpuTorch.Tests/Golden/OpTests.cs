using System.Text.Json;
using FineTuneKit.Fixtures;
using Xunit;
using static CpuTorch.torch;

namespace CpuTorch.Tests.Golden;

/// <summary>Every call that PyTorch computed: values, types, shapes, gradients, errors.</summary>
[Trait("Category", "Fixtures")]
public class OpTests
{
    public static TheoryData<string> Cases => FixtureFolder.Cases(Golden.File);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Matches(string id)
    {
        FixtureFolder.SkipIfAbsent(id);
        JsonElement entry = FixtureFolder.Case(Golden.File, id);
        string op = entry.GetProperty("op").GetString()!;
        NotYet.Skip($"ops/{op}");
        using DisposeScope scope = NewDisposeScope();
        Arguments arguments = Arguments.Of(entry, op);
        if (entry.TryGetProperty("error", out JsonElement kind))
        {
            Golden.Throws(() => Ops.Call(op, arguments), kind.GetString()!, entry.GetProperty("message").GetString()!);
            return;
        }
        Tensor[] outputs = Ops.Call(op, arguments);
        if (op == "multinomial") CheckDraws(outputs[0], arguments.X, entry);
        else CheckOutputs(outputs, entry);
        CheckGradients(outputs, arguments, entry);
    }

    private static void CheckOutputs(Tensor[] outputs, JsonElement entry)
    {
        string[] stored = [.. entry.GetProperty("out").EnumerateArray().Select(name => name.GetString()!)];
        Assert.Equal(stored.Length, outputs.Length);
        for (int i = 0; i < outputs.Length; i++)
        {
            Golden.Compare(outputs[i], stored[i], Golden.Tolerance(entry), $"output {i}");
            Assert.Equal(Golden.TypeOf(entry.GetProperty("out_dtype")[i].GetString()!), outputs[i].dtype);
            Assert.Equal(entry.GetProperty("out_shape")[i].EnumerateArray().Select(size => size.GetInt64()), outputs[i].shape);
        }
    }

    // A draw has no expected value: it lies where the probability does.
    private static void CheckDraws(Tensor draws, Tensor weights, JsonElement entry)
    {
        Assert.Equal(ScalarType.Int64, draws.dtype);
        Assert.Equal(entry.GetProperty("out_shape")[0].EnumerateArray().Select(size => size.GetInt64()), draws.shape);
        double[] probabilities = Golden.Numbers(weights);
        foreach (double draw in Golden.Numbers(draws)) Assert.True(probabilities[(int)draw % (int)weights.shape[^1]] > 0);
    }

    private static void CheckGradients(Tensor[] outputs, Arguments arguments, JsonElement entry)
    {
        if (!entry.TryGetProperty("grads", out JsonElement grads)) return;
        Tensor[] roots = [.. entry.GetProperty("grad_out_of").EnumerateArray().Select(i => outputs[i.GetInt32()])];
        Tensor[] given = [.. entry.GetProperty("grad_out").EnumerateArray().Select(name => Golden.Load(name.GetString()!))];
        autograd.backward(roots, given);
        foreach (JsonProperty grad in grads.EnumerateObject())
        {
            Tensor? found = arguments.Leaves[grad.Name].grad;
            Assert.True(found is not null, $"{grad.Name} has no gradient");
            Golden.Compare(found, grad.Value.GetString()!, Golden.Tolerance(entry, "grad_tolerance"), $"gradient of {grad.Name}");
        }
    }
}
