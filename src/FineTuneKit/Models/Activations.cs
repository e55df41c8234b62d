using GELU = CpuTorch.Modules.GELU;

namespace FineTuneKit.Models;

/// <summary>The functions inside feed-forward blocks, under the names of transformers' <c>ACT2FN</c>.</summary>
internal static class Activations
{
    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = ["silu", "swish", "gelu", "gelu_new", "gelu_pytorch_tanh", "gelu_fast", "relu"];

    /// <summary>Whether there is a function of this name.</summary>
    public static bool IsKnown(string name) => Names.Contains(name);

    /// <summary>The function of each component.</summary>
    public static Tensor Apply(string name, Tensor x) => name switch
    {
        "silu" or "swish" => nn.functional.silu(x),
        "gelu" => nn.functional.gelu(x),
        "gelu_new" or "gelu_pytorch_tanh" or "gelu_fast" => nn.functional.gelu(x, GELU.Approximate.tanh),
        "relu" => nn.functional.relu(x),
        _ => throw new InvalidOperationException($"no activation is named {name}"),
    };

    /// <summary>f(gate) · up.</summary>
    public static Tensor Gated(string name, Tensor gate, Tensor up) => name is "silu" or "swish" ? Fused.SwiGlu(gate, up) : Apply(name, gate) * up;
}
