using MathNet.Numerics.Integration;

namespace FineTuneKit.Data;

/// <summary>
/// How a MinHash signature is cut: texts that agree in all rows of one band are candidates, which happens to a pair of
/// similarity s with the probability 1 - (1 - s^rows)^bands (Leskovec, Rajaraman and Ullman, section 3.4).
/// </summary>
/// <param name="Bands">How many bands.</param>
/// <param name="Rows">Places of the signature in each band.</param>
public readonly record struct Banding(int Bands, int Rows)
{
    /// <summary>The probability that a pair of this similarity becomes a candidate.</summary>
    public double Probability(double similarity) => 1 - Math.Pow(1 - Math.Pow(similarity, Rows), Bands);

    /// <summary>The longest bands that miss a pair at the threshold at most so often: the longer, the fewer pairs have to be verified.</summary>
    public static Banding Missing(double missRate, double threshold, int permutations)
    {
        for (int rows = permutations; rows > 1; rows--)
        {
            var banding = new Banding(permutations / rows, rows);
            if (1 - banding.Probability(threshold) <= missRate) return banding;
        }
        return new Banding(permutations, 1);
    }

    /// <summary>
    /// The bands that make the weighted sum of both kinds of error least, as datasketch chooses them: candidates below
    /// the threshold and misses above it, each as the area under its probability.
    /// </summary>
    /// <param name="threshold">The similarity that is sought, in [0, 1].</param>
    /// <param name="permutations">The length of a signature.</param>
    /// <param name="falsePositives">The weight of candidates below the threshold.</param>
    /// <param name="falseNegatives">The weight of misses above it.</param>
    /// <exception cref="InputException">A threshold or weight outside its range.</exception>
    public static Banding Optimal(double threshold, int permutations, double falsePositives = 0.5, double falseNegatives = 0.5)
    {
        if (threshold is not (>= 0 and <= 1) || permutations < 2)
            throw new InputException($"a threshold of {threshold} and {permutations} permutations; 0 to 1 and at least 2 are required");
        if (!(falsePositives >= 0 && falseNegatives >= 0))
            throw new InputException($"weights of {falsePositives} and {falseNegatives}; 0 or more is required");
        // The integrands are polynomials of at most this degree, for which the rule is exact.
        int order = permutations / 2 + 1;
        var best = default(Banding);
        double least = double.PositiveInfinity;
        for (int bands = 1; bands <= permutations; bands++)
        {
            for (int rows = 1; rows <= permutations / bands; rows++)
            {
                var banding = new Banding(bands, rows);
                double error = falsePositives * GaussLegendreRule.Integrate(banding.Probability, 0, threshold, order)
                    + falseNegatives * GaussLegendreRule.Integrate(s => 1 - banding.Probability(s), threshold, 1, order);
                if (error < least) (least, best) = (error, banding);
            }
        }
        return best;
    }
}
