using MathNet.Numerics.RootFinding;

namespace FineTuneKit.Evaluation.Significance;

/// <summary>A planned comparison of means, for its power and the sample it needs (as statsmodels' power classes).</summary>
public enum PowerTest
{
    /// <summary>Student's test of two samples; n is the first's size, ratio × n the second's.</summary>
    IndependentT,

    /// <summary>Student's test of pairs.</summary>
    PairedT,

    /// <summary>The normal approximation of two samples.</summary>
    IndependentNormal,
}

/// <summary>Power: the chance to find an effect of a given size.</summary>
public static class Power
{
    /// <summary>The power for a standardised effect (Cohen's d, or h for proportions).</summary>
    public static double Of(PowerTest test, double effect, double n, double alpha = 0.05, Alternative alternative = Alternative.TwoSided, double ratio = 1)
    {
        double total = test == PowerTest.PairedT ? n : 1 / (1 / n + 1 / (ratio * n));
        double shift = effect * Math.Sqrt(total);
        double level = alternative == Alternative.TwoSided ? alpha / 2 : alpha;
        Func<double, double> cdf;
        double critical;
        if (test == PowerTest.IndependentNormal)
        {
            critical = -Distributions.NormalQuantile(level);
            cdf = x => Distributions.NormalCdf(x - shift);
        }
        else
        {
            double df = test == PowerTest.PairedT ? n - 1 : n - 1 + ratio * n - 1;
            critical = -Distributions.StudentQuantile(level, df);
            cdf = x => Distributions.NoncentralStudentCdf(x, df, shift);
        }
        return alternative switch
        {
            Alternative.Greater => 1 - cdf(critical),
            Alternative.Less => cdf(-critical),
            _ => 1 - cdf(critical) + cdf(-critical),
        };
    }

    /// <summary>The sample size (not rounded) at which the power reaches the target.</summary>
    public static double SampleSize(PowerTest test, double effect, double power, double alpha = 0.05, Alternative alternative = Alternative.TwoSided, double ratio = 1)
    {
        double low = test == PowerTest.IndependentNormal ? 1e-3 : 2 + 1e-6;
        double high = 4;
        while (Of(test, effect, high, alpha, alternative, ratio) < power)
        {
            high *= 2;
            if (high > 1e9) throw new ArgumentException($"an effect of {effect} needs more than a billion values", nameof(effect));
        }
        return Brent.FindRoot(n => Of(test, effect, n, alpha, alternative, ratio) - power, low, high, 1e-10, 500);
    }

    /// <summary>The power of the two-sided z-test of two proportions, pooled under the null hypothesis.</summary>
    public static double OfProportions(double p1, double p2, double n1, double ratio = 1, double alpha = 0.05)
    {
        (double underNull, double underAlternative) = Deviations(p1, p2, ratio);
        double critical = -Distributions.NormalQuantile(alpha / 2) * underNull / underAlternative;
        double shift = (p1 - p2) * Math.Sqrt(n1) / underAlternative;
        return Distributions.NormalSurvival(critical - shift) + Distributions.NormalCdf(-critical - shift);
    }

    /// <summary>The first sample's size (not rounded) for the power, counting the nearer tail only.</summary>
    public static double SampleSizeOfProportions(double p1, double p2, double power, double ratio = 1, double alpha = 0.05)
    {
        (double underNull, double underAlternative) = Deviations(p1, p2, ratio);
        double reach = -Distributions.NormalQuantile(alpha / 2) * underNull + Distributions.NormalQuantile(power) * underAlternative;
        return Math.Pow(Math.Max(reach, 0) / (p1 - p2), 2);
    }

    private static (double Null, double Alternative) Deviations(double p1, double p2, double ratio)
    {
        double pooled = (p1 + p2 * ratio) / (1 + ratio);
        return (Math.Sqrt(pooled * (1 - pooled) * (1 + 1 / ratio)), Math.Sqrt(p1 * (1 - p1) + p2 * (1 - p2) / ratio));
    }
}
