using CpuTorch.Kernels;
using Xunit;

namespace CpuTorch.Tests.Kernels;

[Collection("Kernels")]
public sealed unsafe class RowKernelTests
{
    public static TheoryData<int, int> Sizes => new() { { 1, 1 }, { 3, 5 }, { 2, 16 }, { 70, 33 }, { 130, 100 }, { 5, 2049 } };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Softmax_and_its_gradient(int rows, int d)
    {
        using Floats x = Floats.Random(rows * d, 1, 5);
        using Floats dy = Floats.Random(rows * d, 2);
        double[] y = new double[rows * d];
        for (int r = 0; r < rows; r++)
        {
            double sum = Enumerable.Range(r * d, d).Sum(i => Math.Exp(x[i]));
            for (int i = r * d; i < (r + 1) * d; i++)
            {
                y[i] = Math.Exp(x[i]) / sum;
            }
        }

        double[] dx = [.. Enumerable.Range(0, rows * d).Select(i => y[i] * (dy[i] - Enumerable.Range(i / d * d, d).Sum(j => y[j] * dy[j])))];
        KernelCheck.EveryForm([.. y, .. dx], 2e-6, () =>
        {
            using var result = new Floats(rows * d);
            using var gradient = new Floats(rows * d);
            Softmax.Forward(rows, d, x.Pointer, result.Pointer);
            Softmax.Backward(rows, d, result.Pointer, dy.Pointer, gradient.Pointer);
            return [.. result.ToArray(), .. gradient.ToArray()];
        });
        double[] logs = [.. y.Select(p => Math.Log(p))];
        double[] dLogs = [.. Enumerable.Range(0, rows * d).Select(i => dy[i] - (y[i] * Enumerable.Range(i / d * d, d).Sum(j => (double)dy[j])))];
        KernelCheck.EveryForm([.. logs, .. dLogs], 2e-6, () =>
        {
            using var result = new Floats(rows * d);
            using var gradient = new Floats(rows * d);
            LogSoftmax.Forward(rows, d, x.Pointer, result.Pointer);
            LogSoftmax.Backward(rows, d, result.Pointer, dy.Pointer, gradient.Pointer);
            return [.. result.ToArray(), .. gradient.ToArray()];
        });
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Cross_entropy_and_its_gradient(int rows, int vocab)
    {
        foreach (float smoothing in new[] { 0f, 0.1f })
        {
            int stride = vocab + 2;
            using Floats x = Floats.Random(rows * stride, 1, 8);
            using Floats weights = Floats.Random(rows, 2);
            long[] targets = [.. Enumerable.Range(0, rows).Select(r => r % 4 == 1 ? -100L : (r * 7) % vocab)];
            double[] losses = new double[rows];
            double[] gradient = new double[rows * vocab];
            for (int r = 0; r < rows; r++)
            {
                double[] row = [.. Enumerable.Range(0, vocab).Select(j => (double)x[(r * stride) + j])];
                double log = Math.Log(row.Sum(Math.Exp));
                if (targets[r] >= 0)
                {
                    losses[r] = ((1 - smoothing) * (log - row[targets[r]])) + (smoothing * (log - row.Average()));
                    for (int j = 0; j < vocab; j++)
                    {
                        gradient[(r * vocab) + j] = weights[r] * (Math.Exp(row[j] - log) - (j == targets[r] ? 1 - smoothing : 0) - (smoothing / vocab));
                    }
                }
            }

            KernelCheck.EveryForm([.. losses, .. gradient], 2e-6, () =>
            {
                using var loss = new Floats(rows);
                using var logs = new Floats(rows);
                using var dx = new Floats(rows * stride);
                fixed (long* t = targets)
                {
                    CrossEntropy.Forward(rows, vocab, x.Pointer, stride, t, -100, smoothing, loss.Pointer, logs.Pointer);
                    CrossEntropy.Backward(rows, vocab, x.Pointer, stride, t, -100, smoothing, logs.Pointer, weights.Pointer, dx.Pointer);
                }

                return [.. loss.ToArray(), .. Enumerable.Range(0, rows * vocab).Select(i => dx[(i / vocab * stride) + (i % vocab)])];
            });
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Rms_norm_and_its_gradient(int rows, int d)
    {
        const float Eps = 1e-3f;
        const float Offset = 1;
        using Floats x = Floats.Random(rows * d, 1);
        using Floats w = Floats.Random(d, 2);
        using Floats dy = Floats.Random(rows * d, 3);
        (double[] y, double[] dx, double[] dw) = (new double[rows * d], new double[rows * d], new double[d]);
        for (int r = 0; r < rows; r++)
        {
            int at = r * d;
            double scale = 1 / Math.Sqrt((Enumerable.Range(0, d).Sum(j => (double)x[at + j] * x[at + j]) / d) + Eps);
            double dot = Enumerable.Range(0, d).Sum(j => (w[j] + Offset) * (double)dy[at + j] * x[at + j]);
            for (int j = 0; j < d; j++)
            {
                y[at + j] = x[at + j] * scale * (w[j] + Offset);
                dx[at + j] = (scale * (w[j] + Offset) * dy[at + j]) - (x[at + j] * Math.Pow(scale, 3) * dot / d);
                dw[j] += dy[at + j] * x[at + j] * scale;
            }
        }

        KernelCheck.EveryForm([.. y, .. dx, .. dw], 3e-6, () =>
        {
            using var result = new Floats(rows * d);
            using var roots = new Floats(rows);
            using var gradient = new Floats(rows * d);
            using var weightGradient = new Floats(d);
            RmsNorm.Forward(rows, d, x.Pointer, w.Pointer, Eps, Offset, result.Pointer, roots.Pointer);
            RmsNorm.Backward(rows, d, x.Pointer, w.Pointer, Offset, roots.Pointer, dy.Pointer, gradient.Pointer, weightGradient.Pointer);
            return [.. result.ToArray(), .. gradient.ToArray(), .. weightGradient.ToArray()];
        });
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Layer_norm_and_its_gradient(int rows, int d)
    {
        const float Eps = 1e-3f;
        using Floats x = Floats.Random(rows * d, 1);
        using Floats w = Floats.Random(d, 2);
        using Floats bias = Floats.Random(d, 4);
        using Floats dy = Floats.Random(rows * d, 3);
        (double[] y, double[] dx, double[] dw, double[] db) = (new double[rows * d], new double[rows * d], new double[d], new double[d]);
        for (int r = 0; r < rows; r++)
        {
            int at = r * d;
            double mean = Enumerable.Range(0, d).Average(j => (double)x[at + j]);
            double scale = 1 / Math.Sqrt(Enumerable.Range(0, d).Average(j => Math.Pow(x[at + j] - mean, 2)) + Eps);
            double[] n = [.. Enumerable.Range(0, d).Select(j => (x[at + j] - mean) * scale)];
            double[] u = [.. Enumerable.Range(0, d).Select(j => (double)w[j] * dy[at + j])];
            double pull = u.Zip(n, (a, b) => a * b).Average();
            for (int j = 0; j < d; j++)
            {
                y[at + j] = (n[j] * w[j]) + bias[j];
                dx[at + j] = scale * (u[j] - u.Average() - (n[j] * pull));
                dw[j] += dy[at + j] * n[j];
                db[j] += dy[at + j];
            }
        }

        KernelCheck.EveryForm([.. y, .. dx, .. dw, .. db], 3e-6, () =>
        {
            using var result = new Floats(rows * d);
            using var means = new Floats(rows);
            using var scales = new Floats(rows);
            using var gradient = new Floats(rows * d);
            using var weightGradient = new Floats(d);
            using var biasGradient = new Floats(d);
            LayerNorm.Forward(rows, d, x.Pointer, w.Pointer, bias.Pointer, Eps, result.Pointer, means.Pointer, scales.Pointer);
            LayerNorm.Backward(
                rows, d, x.Pointer, w.Pointer, means.Pointer, scales.Pointer, dy.Pointer, gradient.Pointer, weightGradient.Pointer, biasGradient.Pointer);
            return [.. result.ToArray(), .. gradient.ToArray(), .. weightGradient.ToArray(), .. biasGradient.ToArray()];
        });
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Column_sums(int rows, int d)
    {
        using Floats x = Floats.Random(rows * d, 1);
        double[] expected = [.. Enumerable.Range(0, d).Select(j => Enumerable.Range(0, rows).Sum(r => (double)x[(r * d) + j]))];
        KernelCheck.EveryForm(expected, 3e-6, () =>
        {
            using var sums = new Floats(d);
            ColumnSums.Run(rows, d, x.Pointer, sums.Pointer);
            return sums.ToArray();
        });
    }

    [Theory]
    [InlineData(8, 8)]
    [InlineData(64, 64)]
    [InlineData(40, 22)]
    public void Rotary_turns_pairs_and_back(int headDim, int rotaryDim)
    {
        (int batch, int tokens, int heads, int half) = (2, 5, 3, rotaryDim / 2);
        int[] positions = [3, 0, 7, 1, 2, 5, 5, 6, 4, 0];
        using Floats x = Floats.Random(batch * tokens * heads * headDim, 1);
        using Floats cos = Floats.Of([.. Enumerable.Range(0, 8 * half).Select(i => (float)Math.Cos(i / half * Math.Pow(10000, -(i % half) / (double)half)))]);
        using Floats sin = Floats.Of([.. Enumerable.Range(0, 8 * half).Select(i => (float)Math.Sin(i / half * Math.Pow(10000, -(i % half) / (double)half)))]);
        double[] expected = new double[x.Count];
        for (int i = 0; i < expected.Length; i++)
        {
            (int token, int dim) = (i / (heads * headDim), i % headDim);
            int pair = (positions[token] * half) + (dim % half);
            expected[i] = dim >= rotaryDim ? x[i]
                : dim < half ? (x[i] * cos[pair]) - (x[i + half] * sin[pair])
                : (x[i] * cos[pair]) + (x[i - half] * sin[pair]);
        }

        double[] original = [.. x.ToArray().Select(v => (double)v)];
        KernelCheck.EveryForm([.. expected, .. original], 1e-6, () =>
        {
            using var y = new Floats(x.Count);
            long token = heads * headDim;
            fixed (int* at = positions)
            {
                Rotary.Apply(
                    batch, tokens, heads, headDim, rotaryDim, x.Pointer, tokens * token, token, headDim,
                    y.Pointer, tokens * token, token, headDim, cos.Pointer, sin.Pointer, at, inverse: false);
                float[] turned = y.ToArray();
                Rotary.Apply(
                    batch, tokens, heads, headDim, rotaryDim, y.Pointer, tokens * token, token, headDim,
                    y.Pointer, tokens * token, token, headDim, cos.Pointer, sin.Pointer, at, inverse: true);
                return [.. turned, .. y.ToArray()];
            }
        });
    }
}
