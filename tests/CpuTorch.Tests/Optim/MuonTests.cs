using CpuTorch.Modules;
using Xunit;
using static CpuTorch.torch;

namespace CpuTorch.Tests.Optim;

public sealed class MuonTests
{
    private static readonly double[] SingularValues = [3, 0.5, 0.02];

    // The matrix is made of known singular vectors, so that the iteration can be done on its singular values alone.
    [Theory]
    [InlineData(3, 5, true)]
    [InlineData(5, 3, true)]
    [InlineData(3, 3, false)]
    [InlineData(130, 200, true)]
    [InlineData(300, 97, true)]
    public void TheFirstStepBringsEachSingularValueNearOne(int rows, int columns, bool nesterov)
    {
        using DisposeScope scope = NewDisposeScope();
        double[][] left = Orthonormal(rows, 1), right = Orthonormal(columns, 2);
        var parameter = new Parameter(zeros(rows, columns)) { grad = Composed(left, right, SingularValues) };
        using var optimizer = optim.Muon([parameter], lr: 0.1, weight_decay: 0, nesterov: nesterov);
        optimizer.step();

        double norm = Math.Sqrt(SingularValues.Sum(s => s * s)), scale = -0.1 * 0.2 * Math.Sqrt(Math.Max(rows, columns));
        Tensor expected = Composed(left, right, [.. SingularValues.Select(s => scale * Iterated(s / norm))]);
        Assert.True(((Tensor)parameter).sub(expected).abs().max().item<float>() < 1e-5);
        Assert.All(SingularValues[..2], s => Assert.InRange(Iterated(s / norm), 0.65, 1.3));
    }

    [Fact]
    public void MomentumIsTheMeanOfGradients()
    {
        using DisposeScope scope = NewDisposeScope();
        var parameter = new Parameter(ones(2, 2));
        using var optimizer = optim.Muon([parameter], lr: 0.5, weight_decay: 0.1, momentum: 0.75);
        parameter.grad = tensor(new float[,] { { 4, 0 }, { 0, 8 } });
        optimizer.step();
        parameter.grad = zeros(2, 2);
        optimizer.step();
        Assert.Equal([0.75f, 0f, 0f, 1.5f], optimizer.state_dict()[0].Tensors["momentum_buffer"].data<float>().ToArray());
    }

    [Fact]
    public void WithoutAGradientOnlyTheDecayActs()
    {
        using DisposeScope scope = NewDisposeScope();
        var parameter = new Parameter(ones(2, 3)) { grad = zeros(2, 3) };
        using var optimizer = optim.Muon([parameter], lr: 0.5, weight_decay: 0.1);
        optimizer.step();
        Assert.All(((Tensor)parameter).data<float>().ToArray(), value => Assert.Equal(0.95f, value, 1e-6f));
    }

    [Fact]
    public void ThreadsChangeNoBit()
    {
        using DisposeScope scope = NewDisposeScope();
        int threads = get_num_threads();
        float[] Stepped(int count)
        {
            set_num_threads(count);
            Parameter[] parameters = [.. new[] { 7, 40, 130 }.Select(n => new Parameter(arange(n * 60).reshape(n, 60).to(ScalarType.Float32).sin()))];
            using var optimizer = optim.Muon(parameters, lr: 0.1);
            for (int step = 0; step < 3; step++)
            {
                foreach (Parameter parameter in parameters) parameter.grad = ((Tensor)parameter).detach().cos();
                optimizer.step();
            }
            return [.. parameters.SelectMany(p => ((Tensor)p).detach().data<float>().ToArray())];
        }
        try
        {
            Assert.Equal(Stepped(1), Stepped(4));
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    [Fact]
    public void OnlyMatricesAreAccepted()
    {
        using var vector = new Parameter(zeros(3));
        var error = Assert.Throws<TorchException>(() => optim.Muon([vector]));
        Assert.Contains("Muon only supports 2D parameters", error.Message, StringComparison.Ordinal);
    }

    private static double Iterated(double s)
    {
        for (int i = 0; i < 5; i++) s = (3.4445 * s) - (4.7750 * Math.Pow(s, 3)) + (2.0315 * Math.Pow(s, 5));
        return s;
    }

    // Gram and Schmidt on arbitrary vectors.
    private static double[][] Orthonormal(int size, int shift)
    {
        var vectors = new double[SingularValues.Length][];
        for (int i = 0; i < vectors.Length; i++)
        {
            double[] v = [.. Enumerable.Range(0, size).Select(j => Math.Sin((3.7 * i) + (1.3 * j * (i + 1)) + shift))];
            foreach (double[] u in vectors.Take(i))
            {
                double along = u.Zip(v, (a, b) => a * b).Sum();
                for (int j = 0; j < size; j++) v[j] -= along * u[j];
            }
            double norm = Math.Sqrt(v.Sum(x => x * x));
            vectors[i] = [.. v.Select(x => x / norm)];
        }
        return vectors;
    }

    private static Tensor Composed(double[][] left, double[][] right, double[] values)
    {
        var matrix = new float[left[0].Length, right[0].Length];
        for (int i = 0; i < matrix.GetLength(0); i++)
            for (int j = 0; j < matrix.GetLength(1); j++)
                matrix[i, j] = (float)values.Select((s, k) => s * left[k][i] * right[k][j]).Sum();
        return tensor(matrix);
    }
}
