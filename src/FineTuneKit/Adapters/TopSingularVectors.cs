namespace FineTuneKit.Adapters;

/// <summary>The largest singular values of a matrix W = Σ σ u vᵀ and their vectors, in double.</summary>
/// <param name="Values">σ, the largest first.</param>
/// <param name="Left">u, one for each value; zero where σ is 0.</param>
/// <param name="Right">v, likewise.</param>
internal sealed record TopSingularVectors(double[] Values, double[][] Left, double[][] Right)
{
    /// <summary>
    /// From the eigenvectors of W Wᵀ or Wᵀ W, whichever is smaller. That squares the spread of the values, which double
    /// has the digits for where W is float32 and the large values are wanted.
    /// </summary>
    /// <param name="matrix">(out, in).</param>
    /// <param name="count">How many; at most the smaller side.</param>
    /// <exception cref="InputException">Numbers that are not finite.</exception>
    public static TopSingularVectors Of(Tensor matrix, int count)
    {
        bool wide = matrix.size(0) <= matrix.size(1);
        // Vectors along the smaller side's index: the rows of a wide matrix, the columns of a tall one.
        double[][] lines = DenseColumns.Of(wide ? matrix.t() : matrix);
        if (!lines.All(line => double.IsFinite(DenseColumns.Norm(line)))) throw new InputException("a weight holds numbers that are not finite; it has no singular vectors");
        (double[] values, double[][] vectors) = SymmetricEigen.Of(Gram(lines));
        int[] order = [.. Enumerable.Range(0, values.Length).OrderByDescending(i => values[i]).Take(count)];
        double[][] small = [.. order.Select(i => vectors[i])];
        double[] sigma = [.. order.Select(i => Math.Sqrt(Math.Max(0, values[i])))];
        double[][] large = [.. small.Select((vector, k) => Image(lines, vector, sigma[k]))];
        return wide ? new(sigma, small, large) : new(sigma, large, small);
    }

    private static double[][] Gram(double[][] lines)
    {
        double[][] gram = [.. lines.Select(_ => new double[lines.Length])];
        Parallel.For(0, lines.Length, i =>
        {
            for (int j = 0; j <= i; j++) gram[i][j] = DenseColumns.Dot(lines[i], lines[j]);
        });
        for (int i = 0; i < gram.Length; i++)
            for (int j = i + 1; j < gram.Length; j++) gram[i][j] = gram[j][i];
        return gram;
    }

    // Σ shareᵢ · lineᵢ / σ, of length 1.
    private static double[] Image(double[][] lines, double[] shares, double sigma)
    {
        var image = new double[lines[0].Length];
        if (sigma > 0)
            for (int i = 0; i < lines.Length; i++) DenseColumns.Add(image, shares[i] / sigma, lines[i]);
        return image;
    }
}
