using static CpuTorch.torch;

namespace CpuTorch;

/// <summary>The end of an edge at a leaf: adds what arrives to its gradient.</summary>
internal sealed class AccumulateGrad(AutogradMeta leaf) : Node("AccumulateGrad", [])
{
    internal override Tensor?[] Apply(Tensor?[] grads)
    {
        if (grads[0] is not { } grad) return [];
        grads[0] = null;
        if (leaf.Grad is null)
        {
            leaf.Grad = GradientBuffer.IsOwn(grad) ? grad : Released(grad.clone(), grad);
            leaf.Grad.Unscoped();
        }
        else
        {
            ElementLoop.AddInto(leaf.Grad, grad);
            grad.Recycle();
        }
        return [];
    }

    private static Tensor Released(Tensor copy, Tensor original)
    {
        original.Recycle();
        return copy;
    }
}

/// <summary>Gradients on their way: taken over where nobody else holds them, else added into a new tensor.</summary>
internal static class GradientBuffer
{
    /// <summary>True when only this handle sees the block and all of its elements are distinct.</summary>
    internal static bool IsOwn(Tensor grad) => grad.Storage.References == 1 && grad.IsContiguous
        && grad.numel() * grad.dtype.ElementSize() * 2 > grad.Storage.Bytes;

    internal static Tensor Sum(Tensor held, Tensor arriving)
    {
        Tensor sum;
        if (IsOwn(held)) sum = ElementLoop.AddInto(held, arriving);
        else if (IsOwn(arriving)) sum = ElementLoop.AddInto(arriving, held);
        else sum = held.add(arriving).Unscoped();
        if (!ReferenceEquals(sum, held)) held.Recycle();
        if (!ReferenceEquals(sum, arriving)) arriving.Recycle();
        return sum;
    }
}
