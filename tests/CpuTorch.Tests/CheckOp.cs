using Xunit;
using static CpuTorch.torch;

namespace CpuTorch.Tests;

/// <summary>
/// Checks an op's gradient against central differences, for operands in every layout: contiguous, transposed,
/// every second element of a wider one, broadcast from size 1.
/// </summary>
internal static class CheckOp
{
    private const float Step = 1e-2f;
    private const double Tolerance = 4e-3;

    private static readonly string[] Layouts = ["contiguous", "transposed", "strided", "broadcast"];

    /// <param name="op">The operation.</param>
    /// <param name="low">The smallest value drawn; a function may have no gradient below.</param>
    /// <param name="shapes">The operands' shapes.</param>
    internal static void Gradients(Func<Tensor[], Tensor> op, float low, params long[][] shapes)
    {
        foreach (string layout in Layouts)
        {
            using DisposeScope scope = NewDisposeScope();
            var generator = new Generator(7);
            Tensor[] leaves = Array.ConvertAll(shapes, shape => Leaf(shape, layout, low, generator));
            Tensor output = op(Views(leaves, shapes, layout));
            Tensor weights = rand(output.shape, generator: generator) + 0.5;
            output.backward(weights);
            for (int i = 0; i < leaves.Length; i++) Compare(op, leaves, shapes, layout, weights, i);
        }
    }

    private static void Compare(Func<Tensor[], Tensor> op, Tensor[] leaves, long[][] shapes, string layout, Tensor weights, int which)
    {
        using IDisposable quiet = no_grad();
        float[] found = leaves[which].grad!.data<float>().ToArray();
        Span<float> values = leaves[which].span<float>();
        // A few places are enough: each has its own indices in every layout.
        for (int i = 0; i < found.Length; i += Math.Max(1, found.Length / 7))
        {
            float before = values[i];
            values[i] = before + Step;
            double above = Objective(op, leaves, shapes, layout, weights);
            values[i] = before - Step;
            double below = Objective(op, leaves, shapes, layout, weights);
            values[i] = before;
            double expected = (above - below) / (2 * Step);
            Assert.True(Math.Abs(found[i] - expected) <= Tolerance * Math.Max(1, Math.Abs(expected)), $"{layout}: operand {which}, element {i}: gradient {found[i]:R}, difference {expected:R}");
        }
    }

    private static double Objective(Func<Tensor[], Tensor> op, Tensor[] leaves, long[][] shapes, string layout, Tensor weights)
    {
        using DisposeScope scope = NewDisposeScope();
        float[] output = op(Views(leaves, shapes, layout)).data<float>().ToArray();
        float[] factors = weights.data<float>().ToArray();
        double sum = 0;
        for (int i = 0; i < output.Length; i++) sum += output[i] * (double)factors[i];
        return sum;
    }

    private static Tensor Leaf(long[] shape, string layout, float low, Generator generator)
    {
        long[] stored = layout switch
        {
            "transposed" when shape.Length > 1 => [.. shape[..^2], shape[^1], shape[^2]],
            "strided" when shape.Length > 0 => [.. shape[..^1], 2 * shape[^1]],
            "broadcast" when shape.Length > 1 => [1, .. shape[1..]],
            _ => shape,
        };
        return ((rand(stored, generator: generator) * 1.5) + low).requires_grad_();
    }

    private static Tensor[] Views(Tensor[] leaves, long[][] shapes, string layout) => [.. leaves.Select((leaf, i) => layout switch
    {
        "transposed" when shapes[i].Length > 1 => leaf.transpose(-1, -2),
        "strided" when shapes[i].Length > 0 => leaf.slice(-1, 1, long.MaxValue, 2),
        "broadcast" when shapes[i].Length > 1 => leaf.expand(shapes[i]),
        _ => leaf,
    })];
}
