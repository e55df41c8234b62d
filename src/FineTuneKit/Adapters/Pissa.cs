using FineTuneKit.Models;

namespace FineTuneKit.Adapters;

/// <summary>
/// PiSSA (Meng et al., 2024, arXiv 2404.02948): the adapter starts from the weight's own largest singular vectors. With
/// W = U S Vᵀ and the first r of each, A₀ = √(S / s) Vᵀ and B₀ = U √(S / s), so that s · B₀ A₀ is the best approximation of
/// rank r; the frozen matrix is what is left, W − s · B₀ A₀. Training starts from the base's own output.
/// </summary>
public static class Pissa
{
    internal static LoraStart Start(Linear layer, int rank, double scale)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor a, Tensor b) = Factors(FrozenWeight.Own.Matrix(layer), rank, scale);
        return LoraStart.TakenOut(a, b, scale);
    }

    /// <summary>A₀ (r, in) and B₀ (out, r) of a weight (out, in).</summary>
    internal static (Tensor A, Tensor B) Factors(Tensor weight, int rank, double scale)
    {
        TopSingularVectors top = TopSingularVectors.Of(weight, rank);
        float[] a = new float[rank * top.Right[0].Length], b = new float[top.Left[0].Length * rank];
        for (int k = 0; k < rank; k++)
        {
            double root = Math.Sqrt(top.Values[k] / scale);
            for (int i = 0; i < top.Right[k].Length; i++) a[(k * top.Right[k].Length) + i] = (float)(root * top.Right[k][i]);
            for (int i = 0; i < top.Left[k].Length; i++) b[(i * rank) + k] = (float)(root * top.Left[k][i]);
        }
        return (tensor(a, [rank, weight.size(1)]), tensor(b, [weight.size(0), rank]));
    }
}
