using CpuTorch.Kernels;
using Xunit;

namespace CpuTorch.Tests.Kernels;

[Collection("Kernels")]
public sealed unsafe class ElementwiseTests
{
    private static readonly int[] Counts = [0, 1, 15, 16, 17, 1000, 40_001];

    private delegate void Unary(long n, float* x, float* y);

    private delegate void Binary(long n, float* x, float* y, float* z);

    [Fact]
    public void Functions_of_one_operand()
    {
        Check(VectorMath.Exp, Math.Exp, 2e-7);
        Check(VectorMath.Tanh, Math.Tanh, 3e-7);
        Check(VectorMath.Sigmoid, Sigmoid, 3e-7);
        Check(VectorMath.Silu, x => x * Sigmoid(x), 3e-7);
        Check(VectorMath.Erf, Erf, 6e-7);
        Check(VectorMath.GeluErf, x => x * 0.5 * (1 + Erf(x / Math.Sqrt(2))), 5e-7);
        Check(VectorMath.GeluTanh, GeluTanh, 5e-7);
        Check(VectorMath.Relu, x => Math.Max(0, x), 0);
        Check(VectorMath.Negate, x => -x, 0);
        Check(VectorMath.Abs, Math.Abs, 0);
        Check((n, x, y) => { VectorMath.Abs(n, x, y); VectorMath.Sqrt(n, y, y); }, x => Math.Sqrt(Math.Abs(x)), 1e-7);
        Check((n, x, y) => { VectorMath.Abs(n, x, y); VectorMath.AddScalar(n, 0.01f, y, y); VectorMath.Log(n, y, y); }, x => Math.Log(Math.Abs(x) + 0.01f), 2e-7);
        Check((n, x, y) => VectorMath.Scale(n, 3, x, y), x => 3 * x, 1e-7);
    }

    [Fact]
    public void Functions_of_two_operands()
    {
        Check(VectorMath.Add, (x, y) => x + y, 1e-7);
        Check(VectorMath.Subtract, (x, y) => x - y, 1e-7);
        Check(VectorMath.Multiply, (x, y) => x * y, 1e-7);
        Check((n, x, y, z) => { VectorMath.Exp(n, y, z); VectorMath.Divide(n, x, z, z); }, (x, y) => x / Math.Exp(y), 3e-7);
        Check(VectorMath.SiluGradient, (x, y) => y * Slope(t => t * Sigmoid(t), x), 2e-6);
        Check(VectorMath.GeluErfGradient, (x, y) => y * Slope(t => t * 0.5 * (1 + Erf(t / Math.Sqrt(2))), x), 2e-6);
        Check(VectorMath.GeluTanhGradient, (x, y) => y * Slope(GeluTanh, x), 2e-6);
        Check(SwiGlu.Forward, (x, y) => x * Sigmoid(x) * y, 3e-7);
        Check((n, x, y, z) => { Buffer.MemoryCopy(y, z, n * 4, n * 4); VectorMath.Axpy(n, 0.5f, x, z); }, (x, y) => (0.5 * x) + y, 1e-7);
    }

    [Fact]
    public void Exponential_keeps_its_relative_accuracy_and_its_ends()
    {
        float[] inputs = [.. Enumerable.Range(0, 40_000).Select(i => -87f + (i * 0.00435f)), 0, 1];
        using Floats x = Floats.Of(inputs);
        KernelCheck.EveryForm([.. inputs.Select(_ => 1.0)], 1.8e-7, () =>
        {
            using var y = new Floats(x.Count);
            VectorMath.Exp(x.Count, x.Pointer, y.Pointer);
            return [.. inputs.Select((v, i) => (float)(y[i] / Math.Exp(v)))];
        });
        float[] ends = [float.NegativeInfinity, -200, 100, float.PositiveInfinity, float.NaN, 0];
        using Floats e = Floats.Of(ends);
        KernelCheck.EveryForm([0, 0, double.PositiveInfinity, double.PositiveInfinity, double.NaN, 1], 0, () =>
        {
            using var y = new Floats(e.Count);
            VectorMath.Exp(e.Count, e.Pointer, y.Pointer);
            return y.ToArray();
        });
    }

    [Fact]
    public void Sums()
    {
        foreach (int n in Counts)
        {
            using Floats x = Floats.Random(n, 1);
            using Floats y = Floats.Random(n, 2);
            double[] a = [.. x.ToArray().Select(v => (double)v)];
            double[] b = [.. y.ToArray().Select(v => (double)v)];
            KernelCheck.EveryForm([a.Sum(), a.Sum(v => v * v), a.Zip(b, (u, v) => u * v).Sum()], 1e-6, () =>
                [(float)VectorMath.Sum(n, x.Pointer), (float)VectorMath.SumOfSquares(n, x.Pointer), (float)VectorMath.Dot(n, x.Pointer, y.Pointer)]);
        }
    }

    [Fact]
    public void Swiglu_gradients()
    {
        foreach (int n in Counts)
        {
            using Floats gate = Floats.Random(n, 1, 4);
            using Floats up = Floats.Random(n, 2);
            using Floats dy = Floats.Random(n, 3);
            double[] dGate = [.. Enumerable.Range(0, n).Select(i => dy[i] * up[i] * Slope(t => t * Sigmoid(t), gate[i]))];
            double[] dUp = [.. Enumerable.Range(0, n).Select(i => dy[i] * gate[i] * Sigmoid(gate[i]))];
            KernelCheck.EveryForm([.. dGate, .. dUp], 1e-6, () =>
            {
                using var first = new Floats(n);
                using var second = new Floats(n);
                SwiGlu.Backward(n, gate.Pointer, up.Pointer, dy.Pointer, first.Pointer, second.Pointer);
                return [.. first.ToArray(), .. second.ToArray()];
            });
        }
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(37, true)]
    [InlineData(20_003, false)]
    public void Adamw_follows_its_definition(int n, bool maximize)
    {
        (double lr, double beta1, double beta2, double eps, double decay) = (0.01, 0.9, 0.999, 1e-8, 0.1);
        using Floats start = Floats.Random(n, 1);
        using Floats gradient = Floats.Random(n, 2);
        double[] p = [.. start.ToArray().Select(x => (double)x)];
        (double[] m, double[] v) = (new double[n], new double[n]);
        for (int step = 1; step <= 3; step++)
        {
            for (int i = 0; i < n; i++)
            {
                double g = gradient[i] * step * (maximize ? -1 : 1);
                p[i] *= 1 - (lr * decay);
                m[i] = (beta1 * m[i]) + ((1 - beta1) * g);
                v[i] = (beta2 * v[i]) + ((1 - beta2) * g * g);
                p[i] -= lr / (1 - Math.Pow(beta1, step)) * m[i] / ((Math.Sqrt(v[i]) / Math.Sqrt(1 - Math.Pow(beta2, step))) + eps);
            }
        }

        KernelCheck.EveryForm([.. p, .. m, .. v], 1e-6, () =>
        {
            using var parameter = new Floats(n);
            using var first = new Floats(n);
            using var second = new Floats(n);
            using var g = new Floats(n);
            start.ToArray().CopyTo(new Span<float>(parameter.Pointer, n));
            new Span<float>(first.Pointer, n).Clear();
            new Span<float>(second.Pointer, n).Clear();
            for (int step = 1; step <= 3; step++)
            {
                VectorMath.Scale(n, step, gradient.Pointer, g.Pointer);
                AdamW.Step(n, parameter.Pointer, g.Pointer, first.Pointer, second.Pointer, new AdamWStep(lr, beta1, beta2, eps, decay, step, maximize));
            }

            return [.. parameter.ToArray(), .. first.ToArray(), .. second.ToArray()];
        });
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double GeluTanh(double x) => x * 0.5 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))));

    private static double Slope(Func<double, double> f, double x) => (f(x + 1e-4) - f(x - 1e-4)) / 2e-4;

    // Abramowitz and Stegun 7.1.6: all terms positive, exact to double.
    private static double Erf(double x)
    {
        (double term, double sum) = (x, x);
        for (int n = 1; n < 200; n++)
        {
            term *= 2 * x * x / ((2 * n) + 1);
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    private static void Check(Unary kernel, Func<double, double> f, double tolerance) =>
        Check((n, x, _, z) => kernel(n, x, z), (x, _) => f(x), tolerance);

    private static void Check(Binary kernel, Func<double, double, double> f, double tolerance)
    {
        foreach (int n in Counts)
        {
            using Floats x = Floats.Random(n, 1, 5);
            using Floats y = Floats.Random(n, 2, 3);
            double[] expected = [.. Enumerable.Range(0, n).Select(i => f(x[i], y[i]))];
            KernelCheck.EveryForm(expected, tolerance, () =>
            {
                using var z = new Floats(n);
                kernel(n, x.Pointer, y.Pointer, z.Pointer);
                return z.ToArray();
            });
        }
    }
}
