using FineTuneKit.Models;

namespace FineTuneKit.Adapters;

/// <summary>
/// LoftQ (Li et al., 2023, arXiv 2310.08659): the frozen matrix is Q, the weight in four bits a number (NF4 in blocks of 64),
/// and the adapter starts as the best approximation of what Q lacks. In turns, from B A = 0:
/// Q = nf4(W − s · B A), then s · B A = the r largest singular vectors of W − Q.
/// </summary>
public static class LoftQ
{
    internal static LoraStart Start(string path, Linear layer, int rank, double scale, int iterations)
    {
        if (layer.Packed is not null)
            throw new InputException($"LoRA: {path} is packed in four bits already, so that what LoftQ would make good is gone; start from the float weights");
        Tensor weight = FrozenWeight.Own.Matrix(layer);
        (FourBitWeight Quantized, Tensor A, Tensor B)? last = null;
        for (int i = 0; i < iterations; i++)
        {
            using DisposeScope scope = NewDisposeScope();
            FourBitWeight quantized = FourBitWeight.Quantize(last is { } l ? weight - matmul(l.B, l.A) * scale : weight, new QuantizationOptions(), path);
            last?.Quantized.Dispose();
            (Tensor a, Tensor b) = Pissa.Factors(weight - quantized.Dequantize(), rank, scale);
            last = (quantized, a.DetachFromDisposeScope(), b.DetachFromDisposeScope());
        }
        return new LoraStart(last!.Value.A, last.Value.B, new QuantizedWeight(last.Value.Quantized));
    }
}
