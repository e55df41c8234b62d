namespace CpuTorch.Kernels;

/// <summary>
/// Newton and Schulz's iteration with the quintic of Muon (Jordan et al. 2024): X ← aX + (bG + cG²)X with G = XXᵀ, or
/// G = XᵀX from the right where X is tall, brings every singular value of at most 1 near 1.
/// </summary>
internal static unsafe class NewtonSchulz
{
    // The quintic whose slope at 0 is steepest while singular values stay in about [0.7, 1.2].
    private const float Linear = 3.4445f, Cubic = -4.7750f, Quintic = 2.0315f;

    // Rows of a symmetric product that are computed at a time, from the diagonal on.
    private const long BlockRows = 96;

    /// <summary>Floats that <see cref="Run"/> needs besides the matrix.</summary>
    public static long SpareFloats(long rows, long columns)
    {
        long side = Math.Min(rows, columns);
        return (rows * columns) + (2 * side * side);
    }

    /// <summary>Iterates on a row-major matrix of norm 1 at most; returns where the result is, the matrix's own place or the spare one.</summary>
    public static float* Run(long rows, long columns, float* x, float* spare, int steps)
    {
        bool tall = rows > columns;
        long side = Math.Min(rows, columns);
        float* next = spare;
        float* gram = spare + (rows * columns);
        float* polynomial = gram + (side * side);
        for (int i = 0; i < steps; i++)
        {
            if (tall) Symmetric(side, rows, x, 1, columns, gram);
            else Symmetric(side, columns, x, columns, 1, gram);
            Symmetric(side, side, gram, side, 1, polynomial);
            Elementwise.Run(new Combined(Cubic, Quintic), side * side, gram, polynomial, polynomial);
            for (long d = 0; d < side; d++) polynomial[(d * side) + d] += Linear;
            if (tall) Gemm.Run(rows, columns, columns, x, columns, 1, polynomial, columns, 1, next, columns);
            else Gemm.Run(rows, columns, rows, polynomial, rows, 1, x, columns, 1, next, columns);
            float* result = next;
            next = x;
            x = result;
        }

        return x;
    }

    // C = A Aᵀ for A of m × k: from the diagonal on, and mirrored.
    private static void Symmetric(long m, long k, float* a, long row, long column, float* c)
    {
        for (long start = 0; start < m; start += BlockRows)
        {
            float* from = a + (start * row);
            Gemm.Run(Math.Min(BlockRows, m - start), m - start, k, from, row, column, from, column, row, c + (start * m) + start, m);
        }

        for (long i = BlockRows; i < m; i++)
        {
            for (long j = 0; j < i / BlockRows * BlockRows; j++)
            {
                c[(i * m) + j] = c[(j * m) + i];
            }
        }
    }
}
