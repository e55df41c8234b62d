using MathNet.Numerics;

namespace FineTuneKit.Evaluation.Significance;

/// <summary>How to build an interval or a margin test of a difference of two independent proportions.</summary>
public enum DifferenceMethod
{
    /// <summary>The normal approximation with separate variances.</summary>
    Wald,

    /// <summary>Newcombe's hybrid of two Wilson intervals (1998).</summary>
    Newcombe,

    /// <summary>Agresti and Caffo: one success and one failure added to each side (2000).</summary>
    AgrestiCaffo,

    /// <summary>Miettinen and Nurminen's score interval (1985).</summary>
    MiettinenNurminen,
}

/// <summary>Two independent shares, such as exact answers of two models on different items.</summary>
public sealed record TwoProportions(int Count1, int N1, int Count2, int N2)
{
    private double P1 => (double)Count1 / N1;

    private double P2 => (double)Count2 / N2;

    /// <summary>p1 − p2.</summary>
    public double Difference => P1 - P2;

    /// <summary>Cohen's h: 2 asin √p1 − 2 asin √p2.</summary>
    public double CohenH => 2 * (Math.Asin(Math.Sqrt(P1)) - Math.Asin(Math.Sqrt(P2)));

    /// <summary>The z statistic with the pooled proportion.</summary>
    public double Z
    {
        get
        {
            double pooled = (double)(Count1 + Count2) / (N1 + N2);
            return Difference / Math.Sqrt(pooled * (1 - pooled) * (1.0 / N1 + 1.0 / N2));
        }
    }

    /// <summary>The p-value of <see cref="Z"/>.</summary>
    public double ZTest(Alternative alternative = Alternative.TwoSided) => Distributions.PValue(Z, alternative, Distributions.NormalSurvival);

    /// <summary>Fisher's exact test of the 2 × 2 table.</summary>
    public double FisherExact(Alternative alternative = Alternative.TwoSided)
    {
        int successes = Count1 + Count2;
        int low = Math.Max(0, successes - N2), high = Math.Min(successes, N1);
        double LogMass(int k) =>
            SpecialFunctions.BinomialLn(N1, k) + SpecialFunctions.BinomialLn(N2, successes - k) - SpecialFunctions.BinomialLn(N1 + N2, successes);
        double[] mass = [.. Enumerable.Range(low, high - low + 1).Select(k => Math.Exp(LogMass(k)))];
        int at = Count1 - low;
        // The masses come from logarithms, so "as likely" allows for their rounding.
        return Math.Min(1, alternative switch
        {
            Alternative.Less => mass.Take(at + 1).Sum(),
            Alternative.Greater => mass.Skip(at).Sum(),
            _ => mass.Where(m => m <= mass[at] * (1 + 1e-11)).Sum(),
        });
    }

    /// <summary>χ² of the table, with Yates' correction or without; null where a margin is empty.</summary>
    public TestResult? ChiSquare(bool corrected)
    {
        double n = N1 + N2;
        double success = Count1 + Count2, failure = n - success;
        if (success == 0 || failure == 0) return null;
        double statistic = 0;
        foreach ((double observed, double row, double column) in new[]
        {
            ((double)Count1, N1, success), (N1 - Count1, N1, failure), (Count2, N2, success), (N2 - Count2, N2, failure),
        })
        {
            double expected = row * column / n;
            double gap = Math.Abs(observed - expected);
            if (corrected) gap -= Math.Min(0.5, gap);
            statistic += gap * gap / expected;
        }
        return new TestResult(statistic, Distributions.ChiSquareSurvival(statistic, 1));
    }

    /// <summary>The confidence interval of the difference.</summary>
    public Estimate Interval(DifferenceMethod method = DifferenceMethod.Newcombe, double confidence = 0.95)
    {
        double z = Distributions.NormalQuantile(0.5 + confidence / 2);
        switch (method)
        {
            case DifferenceMethod.Newcombe:
                Estimate a = Proportions.Interval(Count1, N1, confidence), b = Proportions.Interval(Count2, N2, confidence);
                return new Estimate(Difference,
                    Difference - Math.Sqrt(Square(P1 - a.Low) + Square(b.High - P2)),
                    Difference + Math.Sqrt(Square(a.High - P1) + Square(P2 - b.Low)));
            case DifferenceMethod.MiettinenNurminen:
                return new Estimate(Difference, InvertScore(z, Difference, -1), InvertScore(-z, Difference, 1));
            default:
                (double center, double error) = Normal(method);
                return new Estimate(Difference, Math.Max(-1, center - z * error), Math.Min(1, center + z * error));
        }
    }

    /// <summary>Is the first not worse by more than the margin? H0: p1 − p2 ≤ −margin.</summary>
    public TestResult NonInferior(double margin, DifferenceMethod method)
    {
        double statistic = MarginStatistic(-margin, method);
        return new TestResult(statistic, Distributions.NormalSurvival(statistic));
    }

    /// <summary>Are both within the margin? The larger p of two one-sided tests.</summary>
    public double Equivalent(double margin, DifferenceMethod method) => Math.Max(
        NonInferior(margin, method).P, Distributions.NormalCdf(MarginStatistic(margin, method)));

    private double MarginStatistic(double hypothesis, DifferenceMethod method)
    {
        if (method == DifferenceMethod.MiettinenNurminen) return Score(hypothesis);
        (double center, double error) = Normal(method);
        return (center - hypothesis) / error;
    }

    private (double Center, double Error) Normal(DifferenceMethod method)
    {
        double add = method == DifferenceMethod.AgrestiCaffo ? 1 : 0;
        double n1 = N1 + 2 * add, n2 = N2 + 2 * add, p1 = (Count1 + add) / n1, p2 = (Count2 + add) / n2;
        return (p1 - p2, Math.Sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2));
    }

    /// <summary>The score statistic under H0: p1 − p2 = delta, with the variance at the constrained maximum likelihood.</summary>
    private double Score(double delta)
    {
        double n = N1 + N2;
        double p2 = ConstrainedP2(delta), p1 = Math.Clamp(p2 + delta, 0, 1);
        double variance = (p1 * (1 - p1) / N1 + p2 * (1 - p2) / N2) * n / (n - 1);
        double gap = Difference - delta;
        return variance > 0 ? gap / Math.Sqrt(variance) : gap == 0 ? 0 : Math.Sign(gap) * double.PositiveInfinity;
    }

    /// <summary>The p2 that is most likely given p1 = p2 + delta: the root of the likelihood's derivative, by bisection.</summary>
    private double ConstrainedP2(double delta)
    {
        double low = Math.Max(0, -delta), high = Math.Min(1, 1 - delta);
        double Slope(double p)
        {
            double q = p + delta;
            return Part(Count1, q) - Part(N1 - Count1, 1 - q) + Part(Count2, p) - Part(N2 - Count2, 1 - p);
        }
        for (int i = 0; i < 200; i++)
        {
            double middle = (low + high) / 2;
            if (Slope(middle) > 0) low = middle;
            else high = middle;
        }
        return (low + high) / 2;
    }

    private static double Part(int count, double p) => count == 0 ? 0 : p <= 0 ? double.PositiveInfinity : count / p;

    private double InvertScore(double target, double inside, double outside)
    {
        for (int i = 0; i < 200; i++)
        {
            double middle = (inside + outside) / 2;
            if (Math.Abs(Score(middle)) < Math.Abs(target)) inside = middle;
            else outside = middle;
        }
        return (inside + outside) / 2;
    }

    private static double Square(double x) => x * x;
}
