using FineTuneKit.Models;

namespace FineTuneKit.Adapters;

/// <summary>
/// OLoRA (Büyükakyüz, 2024, arXiv 2406.01775): the adapter starts orthonormal. With the QR decomposition W = Q R,
/// B₀ is the first r columns of Q and A₀ the first r rows of R; the frozen matrix is W − s · B₀ A₀. Only these columns are
/// computed: B₀ spans the first r columns of W, and A₀ = B₀ᵀ W.
/// </summary>
public static class Olora
{
    internal static LoraStart Start(Linear layer, int rank, double scale)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor weight = FrozenWeight.Own.Matrix(layer);
        double[][] columns = DenseColumns.Of(weight.narrow(1, 0, rank));
        DenseColumns.Orthonormalize(columns);
        Tensor b = DenseColumns.Matrix(columns);
        return LoraStart.TakenOut(matmul(b.t(), weight), b, scale);
    }
}
