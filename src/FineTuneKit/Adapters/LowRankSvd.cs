namespace FineTuneKit.Adapters;

/// <summary>
/// The singular value decomposition of a product of a tall and a wide matrix, which is never formed: both are brought to
/// orthonormal form, and what is small between them is decomposed by one-sided Jacobi rotations (Hestenes, 1958), in double.
/// </summary>
internal static class LowRankSvd
{
    private const int MostSweeps = 60;
    private const double Converged = 1e-14;

    /// <summary>A (rank, in) and B (out, rank), the singular values in B, of the best approximation of a rank.</summary>
    /// <param name="tall">(out, R).</param>
    /// <param name="wide">(R, in).</param>
    /// <param name="rank">1 or more; what is beyond the product's own rank is zero.</param>
    public static (Tensor A, Tensor B) OfProduct(Tensor tall, Tensor wide, long rank)
    {
        double[][] left = DenseColumns.Of(tall), right = DenseColumns.Of(wide.t());
        double[][] leftFactor = DenseColumns.Orthonormalize(left), rightFactor = DenseColumns.Orthonormalize(right);
        // The core, R × R: left's triangle times the transpose of right's, by columns.
        int inner = left.Length;
        double[][] core = [.. Enumerable.Range(0, inner).Select(j => Enumerable.Range(0, inner).Select(i => Enumerable.Range(0, inner).Sum(k => leftFactor[k][i] * rightFactor[k][j])).ToArray())];
        double[][] turns = Rotate(core);
        int[] order = [.. Enumerable.Range(0, inner).OrderByDescending(i => DenseColumns.Norm(core[i]))];
        var a = new float[rank * wide.size(1)];
        var b = new float[tall.size(0) * rank];
        for (int r = 0; r < Math.Min(rank, inner); r++)
        {
            double[] u = Combine(left, core[order[r]]), v = Combine(right, turns[order[r]]);
            for (int i = 0; i < u.Length; i++) b[(i * rank) + r] = (float)u[i];
            for (int i = 0; i < v.Length; i++) a[(r * v.Length) + i] = (float)v[i];
        }
        return (tensor(a, [rank, wide.size(1)]), tensor(b, [tall.size(0), rank]));
    }

    /// <summary>Turns pairs of columns until all are orthogonal: they become U S, and what is given is V.</summary>
    private static double[][] Rotate(double[][] columns)
    {
        double[][] turns = [.. Enumerable.Range(0, columns.Length).Select(i => Enumerable.Range(0, columns.Length).Select(j => i == j ? 1.0 : 0).ToArray())];
        bool turned = true;
        for (int sweep = 0; turned && sweep < MostSweeps; sweep++)
        {
            turned = false;
            for (int p = 0; p < columns.Length; p++)
            {
                for (int q = p + 1; q < columns.Length; q++)
                {
                    double alpha = DenseColumns.Dot(columns[p], columns[p]), beta = DenseColumns.Dot(columns[q], columns[q]), gamma = DenseColumns.Dot(columns[p], columns[q]);
                    if (Math.Abs(gamma) <= Converged * Math.Sqrt(alpha * beta) || gamma == 0) continue;
                    turned = true;
                    double zeta = (beta - alpha) / (2 * gamma);
                    double tangent = (zeta >= 0 ? 1 : -1) / (Math.Abs(zeta) + Math.Sqrt(1 + zeta * zeta));
                    double cosine = 1 / Math.Sqrt(1 + tangent * tangent);
                    DenseColumns.Turn(columns[p], columns[q], cosine, cosine * tangent);
                    DenseColumns.Turn(turns[p], turns[q], cosine, cosine * tangent);
                }
            }
        }
        return turns;
    }

    private static double[] Combine(double[][] columns, double[] shares)
    {
        var sum = new double[columns[0].Length];
        for (int k = 0; k < columns.Length; k++) DenseColumns.Add(sum, shares[k], columns[k]);
        return sum;
    }
}
