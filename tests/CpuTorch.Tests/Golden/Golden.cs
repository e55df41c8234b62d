using System.Text.Json;
using FineTuneKit.Fixtures;
using Xunit;
using static CpuTorch.torch;

namespace CpuTorch.Tests.Golden;

/// <summary>Stored tensors as engine tensors, and comparison by the cases' tolerances.</summary>
internal static class Golden
{
    internal const string File = "golden/ops/cases.json";
    private const string Tensors = "golden/ops/tensors.safetensors";

    internal static Tensor Load(string name, bool requiresGrad = false)
    {
        StoredTensor stored = Safetensors.Of(Tensors)[name];
        Tensor tensor = empty(stored.Shape, TypeOf(stored.Type));
        stored.Bytes.CopyTo(tensor.bytes);
        return requiresGrad ? tensor.requires_grad_() : tensor;
    }

    internal static ScalarType TypeOf(string name) => name switch
    {
        "F32" or "float32" => ScalarType.Float32,
        "BF16" or "bfloat16" => ScalarType.BFloat16,
        "F16" or "float16" => ScalarType.Float16,
        "I64" or "int64" => ScalarType.Int64,
        "I32" or "int32" => ScalarType.Int32,
        "U8" or "uint8" => ScalarType.Byte,
        "BOOL" or "bool" => ScalarType.Bool,
        _ => throw new ArgumentException($"no element type {name}", nameof(name)),
    };

    /// <summary>Shape and type equal, and every element within the tolerance; none means the same value.</summary>
    internal static void Compare(Tensor actual, string stored, double tolerance, string what)
    {
        using Tensor expected = Load(stored);
        Assert.True(actual.shape.AsSpan().SequenceEqual(expected.shape), $"{what}: shape [{string.Join(", ", actual.shape)}], expected [{string.Join(", ", expected.shape)}]");
        Assert.True(actual.dtype == expected.dtype, $"{what}: {actual.dtype}, expected {expected.dtype}");
        double[] found = Numbers(actual);
        double[] wanted = Numbers(expected);
        for (int i = 0; i < found.Length; i++)
        {
            bool same = found[i].Equals(wanted[i]) || Math.Abs(found[i] - wanted[i]) <= tolerance;
            Assert.True(same, $"{what}: element {i} is {found[i]:R}, expected {wanted[i]:R} within {tolerance:R}");
        }
    }

    internal static double[] Numbers(Tensor tensor)
    {
        using Tensor plain = tensor.detach();
        if (plain.is_floating_point()) return Array.ConvertAll(plain.to_type(ScalarType.Float32).data<float>().ToArray(), value => (double)value);
        return Array.ConvertAll(plain.to_type(ScalarType.Int64).data<long>().ToArray(), value => (double)value);
    }

    internal static double Tolerance(JsonElement entry, string name = "tolerance") =>
        entry.TryGetProperty(name, out JsonElement value) ? value.GetDouble() : 0;

    /// <summary>The exception's kind and the beginning of its message, as PyTorch words them.</summary>
    internal static void Throws(Action action, string kind, string message)
    {
        TorchException thrown = Assert.Throws<TorchException>(action);
        Assert.Equal(kind, thrown.Kind);
        Assert.StartsWith(message, thrown.Message, StringComparison.Ordinal);
    }
}
