namespace CpuTorch.Kernels;

/// <summary>
/// One step of Muon for one contiguous matrix: momentum, whose singular values are all brought near 1, and decay apart
/// from it. Everything between the gradient and the weights stays in the thread's scratch.
/// </summary>
internal static unsafe class Muon
{
    /// <param name="rows">Rows of the matrix.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="p">The weights.</param>
    /// <param name="g">Their gradient.</param>
    /// <param name="mean">The running mean of gradients.</param>
    /// <param name="numbers">The step's sizes.</param>
    public static void Step(long rows, long columns, float* p, float* g, float* mean, in MuonNumbers numbers)
    {
        long n = rows * columns;
        float* x = Scratch.Floats(ScratchUse.Orthogonal, n + NewtonSchulz.SpareFloats(rows, columns));
        Combined towards = new((numbers.Maximize ? -1 : 1) * (1 - numbers.Momentum), numbers.Momentum);
        Elementwise.Run(towards, n, g, mean, mean);
        if (numbers.Nesterov) Elementwise.Run(towards, n, g, mean, x);
        else Buffer.MemoryCopy(mean, x, n * sizeof(float), n * sizeof(float));
        float norm = Math.Max((float)Math.Sqrt(VectorMath.SumOfSquares(n, x)), numbers.Epsilon);
        VectorMath.Scale(n, 1 / norm, x, x);
        float* update = NewtonSchulz.Run(rows, columns, x, x + n, numbers.Steps);
        Elementwise.Run(new Combined(numbers.Keep, -numbers.Rate), n, p, update, p);
    }
}

/// <summary>The sizes of a step of <see cref="Muon"/>.</summary>
/// <param name="Momentum">The weight of the past in the running mean.</param>
/// <param name="Nesterov">Whether the gradient itself is mixed in once more.</param>
/// <param name="Maximize">Whether to go up the gradient.</param>
/// <param name="Epsilon">The least norm that is divided by.</param>
/// <param name="Steps">Iterations of <see cref="NewtonSchulz"/>.</param>
/// <param name="Keep">What decay leaves of a weight.</param>
/// <param name="Rate">By what the orthogonal matrix is multiplied.</param>
internal readonly record struct MuonNumbers(float Momentum, bool Nesterov, bool Maximize, float Epsilon, int Steps, float Keep, float Rate);
