namespace FineTuneKit.Adapters;

/// <summary>
/// All eigenvalues and eigenvectors of a symmetric matrix in double: Householder's reduction to three diagonals, then QL
/// steps with implicit shifts (Golub and Van Loan, Matrix Computations, 4th edition, 8.3). About 8 n³ operations.
/// </summary>
internal static class SymmetricEigen
{
    private const int MostSteps = 60;

    /// <summary>Eigenvalues, in no order, and the eigenvector of each as a row.</summary>
    /// <param name="matrix">n rows of n; used up.</param>
    public static (double[] Values, double[][] Vectors) Of(double[][] matrix)
    {
        int n = matrix.Length;
        double[][] vectors = [.. Enumerable.Range(0, n).Select(i => { var row = new double[n]; row[i] = 1; return row; })];
        for (int k = 0; k + 2 < n; k++) Reduce(matrix, vectors, k);
        double[] diagonal = [.. matrix.Select((row, i) => row[i])], beside = [.. Enumerable.Range(0, n).Select(i => i + 1 < n ? matrix[i + 1][i] : 0)];
        for (int at = 0; at < n; at++) Converge(diagonal, beside, vectors, at);
        return (diagonal, vectors);
    }

    /// <summary>Reflects rows and columns beyond k so that column k keeps one number below its diagonal.</summary>
    private static void Reduce(double[][] matrix, double[][] vectors, int k)
    {
        int n = matrix.Length, rest = n - k - 1;
        // v, with which H = I − 2 v vᵀ / vᵀv.
        double[] v = [.. Enumerable.Range(k + 1, rest).Select(i => matrix[i][k])];
        double norm = DenseColumns.Norm(v);
        if (norm == 0) return;
        double kept = v[0] > 0 ? -norm : norm;
        v[0] -= kept;
        double factor = 2 / DenseColumns.Dot(v, v);

        var p = new double[rest];
        for (int i = 0; i < rest; i++) p[i] = factor * DenseColumns.Dot(matrix[k + 1 + i].AsSpan(k + 1), v);
        DenseColumns.Add(p, -factor / 2 * DenseColumns.Dot(p, v), v);
        for (int i = 0; i < rest; i++)
        {
            Span<double> row = matrix[k + 1 + i].AsSpan(k + 1);
            DenseColumns.Add(row, -v[i], p);
            DenseColumns.Add(row, -p[i], v);
        }
        matrix[k + 1][k] = kept;

        var sum = new double[n];
        for (int i = 0; i < rest; i++) DenseColumns.Add(sum, factor * v[i], vectors[k + 1 + i]);
        for (int i = 0; i < rest; i++) DenseColumns.Add(vectors[k + 1 + i], -v[i], sum);
    }

    /// <summary>Turns until the number beside the eigenvalue at a place is nothing to its neighbours.</summary>
    private static void Converge(double[] diagonal, double[] beside, double[][] vectors, int at)
    {
        for (int step = 0; step < MostSteps; step++)
        {
            int end = at;
            while (end + 1 < diagonal.Length && Math.Abs(beside[end]) > double.Epsilon + 1e-16 * (Math.Abs(diagonal[end]) + Math.Abs(diagonal[end + 1]))) end++;
            if (end == at) return;
            Chase(diagonal, beside, vectors, at, end);
        }
        throw new InvalidOperationException($"the eigenvalues of a matrix of {diagonal.Length} rows do not converge; are its numbers finite?");
    }

    private static void Chase(double[] diagonal, double[] beside, double[][] vectors, int at, int end)
    {
        // Wilkinson's shift: the eigenvalue of the first 2 × 2 block that is nearer to its corner.
        double half = (diagonal[at + 1] - diagonal[at]) / (2 * beside[at]);
        double root = Math.Sqrt(half * half + 1);
        double carried = diagonal[end] - diagonal[at] + beside[at] / (half + (half < 0 ? -root : root));
        (double sine, double cosine, double shift) = (1, 1, 0);
        for (int i = end - 1; i >= at; i--)
        {
            double bulge = sine * beside[i], below = cosine * beside[i];
            double length = Math.Sqrt(bulge * bulge + carried * carried);
            beside[i + 1] = length;
            if (length == 0)
            {
                diagonal[i + 1] -= shift;
                beside[end] = 0;
                return;
            }
            (sine, cosine) = (bulge / length, carried / length);
            double moved = diagonal[i + 1] - shift;
            double turned = (diagonal[i] - moved) * sine + 2 * cosine * below;
            shift = sine * turned;
            diagonal[i + 1] = moved + shift;
            carried = cosine * turned - below;
            DenseColumns.Turn(vectors[i], vectors[i + 1], cosine, sine);
        }
        diagonal[at] -= shift;
        beside[at] = carried;
        beside[end] = 0;
    }
}
