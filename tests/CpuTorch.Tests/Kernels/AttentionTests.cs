using CpuTorch.Kernels;
using Xunit;

namespace CpuTorch.Tests.Kernels;

[Collection("Kernels")]
public sealed unsafe class AttentionTests
{
    [Theory]
    [InlineData(2, 5, 5, 2, 2, 8, true, 0, 0)]
    [InlineData(1, 130, 130, 4, 2, 32, true, 0, 0)]
    [InlineData(2, 70, 70, 2, 1, 17, false, 0, 0)]
    [InlineData(1, 100, 100, 2, 2, 16, true, 9, 0)]
    [InlineData(2, 1, 77, 4, 2, 16, true, 0, 0)]
    [InlineData(1, 20, 90, 2, 2, 16, true, 0, 3)]
    [InlineData(3, 66, 66, 2, 1, 24, true, 0, 0, true)]
    [InlineData(4, 1, 60, 4, 2, 32, false, 0, 0, true)]
    [InlineData(3, 4, 41, 2, 1, 40, true, 11, 2, true)]
    public void Forward_and_backward_equal_the_definition(
        int batch, int queries, int keys, int heads, int keyHeads, int headDim, bool causal, int window, float cap, bool padded = false)
    {
        int[] starts = new int[batch * queries];
        int[] ends = new int[batch];
        for (int b = 0; b < batch; b++)
        {
            ends[b] = keys - (7 * b);
            for (int i = 0; i < queries; i++)
            {
                starts[(b * queries) + i] = b == 1 ? i / 20 * 20 : b * 3;
            }
        }

        fixed (int* keyStart = starts, keyEnd = ends)
        {
            AttentionShape shape = ShapeOf(batch, queries, keys, heads, keyHeads, headDim);
            shape.Causal = causal;
            shape.Window = window;
            shape.SoftCap = cap;
            if (padded)
            {
                shape.KeyStart = keyStart;
                shape.KeyEnd = keyEnd;
            }

            Check(shape);
        }
    }

    private static AttentionShape ShapeOf(int batch, int queries, int keys, int heads, int keyHeads, int headDim) => new()
    {
        Batch = batch,
        Queries = queries,
        Keys = keys,
        Heads = heads,
        KeyHeads = keyHeads,
        HeadDim = headDim,
        Scale = 0.7f,
        QBatch = queries * heads * headDim,
        QToken = heads * headDim,
        QHead = headDim,
        KBatch = keys * keyHeads * headDim,
        KToken = headDim,
        KHead = keys * headDim,
        VBatch = keys * keyHeads * headDim,
        VToken = keyHeads * headDim,
        VHead = headDim,
        OBatch = queries * heads * headDim,
        OToken = heads * headDim,
        OHead = headDim,
    };

    private static void Check(AttentionShape shape)
    {
        long queryCount = shape.Batch * shape.Queries * shape.Heads * shape.HeadDim;
        long keyCount = shape.Batch * shape.Keys * shape.KeyHeads * shape.HeadDim;
        using Floats q = Floats.Random(queryCount, 1);
        using Floats k = Floats.Random(keyCount, 2);
        using Floats v = Floats.Random(keyCount, 3);
        using Floats dO = Floats.Random(queryCount, 4);
        Naive naive = new(shape, q, k, v, dO);
        KernelCheck.EveryForm(naive.All, 4e-6, () =>
        {
            using var o = new Floats(queryCount);
            using var logs = new Floats(shape.Batch * shape.Heads * shape.Queries);
            using var dQ = new Floats(queryCount);
            using var dK = new Floats(keyCount);
            using var dV = new Floats(keyCount);
            Attention.Forward(shape, q.Pointer, k.Pointer, v.Pointer, o.Pointer, logs.Pointer);
            Attention.Backward(shape, q.Pointer, k.Pointer, v.Pointer, o.Pointer, logs.Pointer, dO.Pointer, dQ.Pointer, dK.Pointer, dV.Pointer);
            return [.. o.ToArray(), .. dQ.ToArray(), .. dK.ToArray(), .. dV.ToArray()];
        });
    }

    /// <summary>The definition, one query at a time in double.</summary>
    private sealed class Naive
    {
        private readonly double[] o;
        private readonly double[] dQ;
        private readonly double[] dK;
        private readonly double[] dV;

        public Naive(AttentionShape s, Floats q, Floats k, Floats v, Floats dO)
        {
            (o, dQ, dK, dV) = (new double[q.Count], new double[q.Count], new double[k.Count], new double[k.Count]);
            for (long b = 0; b < s.Batch; b++)
            {
                for (long h = 0; h < s.Heads; h++)
                {
                    for (long i = 0; i < s.Queries; i++)
                    {
                        Query(s, q, k, v, dO, b, h, i);
                    }
                }
            }
        }

        public double[] All => [.. o, .. dQ, .. dK, .. dV];

        private static bool Sees(AttentionShape s, long b, long i, long j)
        {
            long position = i + s.Keys - s.Queries;
            return (!s.Causal || j <= position) && (s.Window == 0 || j > position - s.Window)
                && (s.KeyStart == null || j >= s.KeyStart[(b * s.Queries) + i]) && (s.KeyEnd == null || j < s.KeyEnd[b]);
        }

        private void Query(AttentionShape s, Floats q, Floats k, Floats v, Floats dO, long b, long h, long i)
        {
            long keyHead = h * s.KeyHeads / s.Heads;
            long at = (b * s.QBatch) + (i * s.QToken) + (h * s.QHead);
            long[] seen = [.. Enumerable.Range(0, (int)s.Keys).Select(j => (long)j).Where(j => Sees(s, b, i, j))];
            long KeyAt(long j) => (b * s.KBatch) + (j * s.KToken) + (keyHead * s.KHead);
            long ValueAt(long j) => (b * s.VBatch) + (j * s.VToken) + (keyHead * s.VHead);
            double Dot(Floats x, long xAt, Floats y, long yAt) => Enumerable.Range(0, (int)s.HeadDim).Sum(d => (double)x[xAt + d] * y[yAt + d]);
            double[] score = [.. seen.Select(j => s.Scale * Dot(q, at, k, KeyAt(j)))];
            double[] slope = [.. score.Select(x => s.SoftCap > 0 ? 1 - Math.Pow(Math.Tanh(x / s.SoftCap), 2) : 1)];
            double[] weight = [.. score.Select(x => Math.Exp(s.SoftCap > 0 ? s.SoftCap * Math.Tanh(x / s.SoftCap) : x))];
            double total = weight.Sum();
            double[] gradient = [.. seen.Select(j => Dot(dO, at, v, ValueAt(j)))];
            double mean = weight.Zip(gradient, (w, g) => w / total * g).Sum();
            for (int n = 0; n < seen.Length; n++)
            {
                double p = weight[n] / total;
                double ds = p * (gradient[n] - mean) * s.Scale * slope[n];
                for (int d = 0; d < s.HeadDim; d++)
                {
                    o[at + d] += p * v[ValueAt(seen[n]) + d];
                    dV[ValueAt(seen[n]) + d] += p * dO[at + d];
                    dQ[at + d] += ds * k[KeyAt(seen[n]) + d];
                    dK[KeyAt(seen[n]) + d] += ds * q[at + d];
                }
            }
        }
    }
}
