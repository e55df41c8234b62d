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
        double[][] left = Columns(tall), right = Columns(wide.t());
        double[][] leftFactor = Orthonormalize(left), rightFactor = Orthonormalize(right);
        // The core, R × R: left's triangle times the transpose of right's, by columns.
        int inner = left.Length;
        double[][] core = [.. Enumerable.Range(0, inner).Select(j => Enumerable.Range(0, inner).Select(i => Enumerable.Range(0, inner).Sum(k => leftFactor[k][i] * rightFactor[k][j])).ToArray())];
        double[][] turns = Rotate(core);
        int[] order = [.. Enumerable.Range(0, inner).OrderByDescending(i => Norm(core[i]))];
        var a = new float[rank * wide.shape[1]];
        var b = new float[tall.shape[0] * rank];
        for (int r = 0; r < Math.Min(rank, inner); r++)
        {
            double[] u = Combine(left, core[order[r]]), v = Combine(right, turns[order[r]]);
            for (int i = 0; i < u.Length; i++) b[(i * rank) + r] = (float)u[i];
            for (int i = 0; i < v.Length; i++) a[(r * v.Length) + i] = (float)v[i];
        }
        return (tensor(a, [rank, wide.shape[1]]), tensor(b, [tall.shape[0], rank]));
    }

    private static double[][] Columns(Tensor matrix)
    {
        float[] values = matrix.to(ScalarType.Float32).t().contiguous().data<float>().ToArray();
        return [.. values.Chunk((int)matrix.shape[0]).Select(column => Array.ConvertAll(column, value => (double)value))];
    }

    /// <summary>
    /// Makes the columns orthonormal in place, those that depend on earlier ones zero, and gives the triangle that makes the old ones of
    /// them, by columns. Each is cleaned twice, which is enough (Giraud et al., 2005).
    /// </summary>
    private static double[][] Orthonormalize(double[][] columns)
    {
        double[][] triangle = [.. columns.Select(_ => new double[columns.Length])];
        for (int j = 0; j < columns.Length; j++)
        {
            double before = Norm(columns[j]);
            for (int pass = 0; pass < 2; pass++)
            {
                for (int i = 0; i < j; i++)
                {
                    double share = Dot(columns[i], columns[j]);
                    triangle[j][i] += share;
                    Subtract(columns[j], share, columns[i]);
                }
            }
            double norm = Norm(columns[j]);
            bool depends = norm <= 1e-12 * before;
            triangle[j][j] = depends ? 0 : norm;
            for (int k = 0; k < columns[j].Length; k++) columns[j][k] = depends ? 0 : columns[j][k] / norm;
        }
        return triangle;
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
                    double alpha = Dot(columns[p], columns[p]), beta = Dot(columns[q], columns[q]), gamma = Dot(columns[p], columns[q]);
                    if (Math.Abs(gamma) <= Converged * Math.Sqrt(alpha * beta) || gamma == 0) continue;
                    turned = true;
                    double zeta = (beta - alpha) / (2 * gamma);
                    double tangent = (zeta >= 0 ? 1 : -1) / (Math.Abs(zeta) + Math.Sqrt(1 + zeta * zeta));
                    double cosine = 1 / Math.Sqrt(1 + tangent * tangent);
                    Turn(columns[p], columns[q], cosine, cosine * tangent);
                    Turn(turns[p], turns[q], cosine, cosine * tangent);
                }
            }
        }
        return turns;
    }

    private static void Turn(double[] p, double[] q, double cosine, double sine)
    {
        for (int i = 0; i < p.Length; i++) (p[i], q[i]) = (cosine * p[i] - sine * q[i], sine * p[i] + cosine * q[i]);
    }

    private static double[] Combine(double[][] columns, double[] shares)
    {
        var sum = new double[columns[0].Length];
        for (int k = 0; k < columns.Length; k++) Subtract(sum, -shares[k], columns[k]);
        return sum;
    }

    private static void Subtract(double[] from, double share, double[] other)
    {
        for (int i = 0; i < from.Length; i++) from[i] -= share * other[i];
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    private static double Norm(double[] vector) => Math.Sqrt(Dot(vector, vector));
}
