using System.Numerics;
using System.Runtime.InteropServices;

namespace FineTuneKit.Adapters;

/// <summary>Vectors in double, as the columns of a matrix: what decompositions need beside the engine's float32.</summary>
internal static class DenseColumns
{
    /// <summary>The columns of a matrix.</summary>
    public static double[][] Of(Tensor matrix)
    {
        float[] values = matrix.to(ScalarType.Float32).t().contiguous().data<float>().ToArray();
        return [.. values.Chunk((int)matrix.size(0)).Select(column => Array.ConvertAll(column, value => (double)value))];
    }

    /// <summary>The float32 matrix of these columns.</summary>
    public static Tensor Matrix(double[][] columns)
    {
        var values = new float[columns.Length * columns[0].Length];
        for (int j = 0; j < columns.Length; j++)
            for (int i = 0; i < columns[j].Length; i++) values[(i * columns.Length) + j] = (float)columns[j][i];
        return tensor(values, [columns[0].Length, columns.Length]);
    }

    /// <summary>
    /// Makes the columns orthonormal in place, those that depend on earlier ones zero, and gives the triangle that makes the old ones of
    /// them, by columns. Each is cleaned twice, which is enough (Giraud et al., 2005).
    /// </summary>
    public static double[][] Orthonormalize(double[][] columns)
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
                    Add(columns[j], -share, columns[i]);
                }
            }
            double norm = Norm(columns[j]);
            bool depends = norm <= 1e-12 * before;
            triangle[j][j] = depends ? 0 : norm;
            for (int k = 0; k < columns[j].Length; k++) columns[j][k] = depends ? 0 : columns[j][k] / norm;
        }
        return triangle;
    }

    /// <summary>a · b.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        ReadOnlySpan<Vector<double>> wideA = MemoryMarshal.Cast<double, Vector<double>>(a), wideB = MemoryMarshal.Cast<double, Vector<double>>(b);
        Vector<double> sums = Vector<double>.Zero;
        for (int i = 0; i < wideA.Length; i++) sums += wideA[i] * wideB[i];
        double sum = Vector.Sum(sums);
        for (int i = wideA.Length * Vector<double>.Count; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    /// <summary>‖a‖.</summary>
    public static double Norm(ReadOnlySpan<double> a) => Math.Sqrt(Dot(a, a));

    /// <summary>to += share · other.</summary>
    public static void Add(Span<double> to, double share, ReadOnlySpan<double> other)
    {
        Span<Vector<double>> wide = MemoryMarshal.Cast<double, Vector<double>>(to);
        ReadOnlySpan<Vector<double>> wideOther = MemoryMarshal.Cast<double, Vector<double>>(other);
        var shares = new Vector<double>(share);
        for (int i = 0; i < wide.Length; i++) wide[i] += shares * wideOther[i];
        for (int i = wide.Length * Vector<double>.Count; i < to.Length; i++) to[i] += share * other[i];
    }

    /// <summary>(p, q) becomes (cosine · p − sine · q, sine · p + cosine · q).</summary>
    public static void Turn(Span<double> p, Span<double> q, double cosine, double sine)
    {
        Span<Vector<double>> wideP = MemoryMarshal.Cast<double, Vector<double>>(p), wideQ = MemoryMarshal.Cast<double, Vector<double>>(q);
        Vector<double> cosines = new(cosine), sines = new(sine);
        for (int i = 0; i < wideP.Length; i++) (wideP[i], wideQ[i]) = (cosines * wideP[i] - sines * wideQ[i], sines * wideP[i] + cosines * wideQ[i]);
        for (int i = wideP.Length * Vector<double>.Count; i < p.Length; i++) (p[i], q[i]) = (cosine * p[i] - sine * q[i], sine * p[i] + cosine * q[i]);
    }
}
