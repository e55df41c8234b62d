using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace FineTuneKit.Evaluation.Significance;

/// <summary>
/// Distribution functions and quantiles. MathNet.Numerics gives the functions; its quantiles by root search are
/// sharpened here by Newton steps, since their absolute accuracy is poor in the tails.
/// </summary>
internal static class Distributions
{
    public static double NormalCdf(double x) => 0.5 * SpecialFunctions.Erfc(-x / Math.Sqrt(2));

    public static double NormalSurvival(double x) => 0.5 * SpecialFunctions.Erfc(x / Math.Sqrt(2));

    public static double NormalQuantile(double p) => -Math.Sqrt(2) * SpecialFunctions.ErfcInv(2 * p);

    /// <summary>P(T > t) of Student's distribution.</summary>
    public static double StudentSurvival(double t, double df)
    {
        if (double.IsNaN(t)) return double.NaN;
        if (double.IsInfinity(t)) return t > 0 ? 0 : 1;
        double tail = 0.5 * SpecialFunctions.BetaRegularized(df / 2, 0.5, df / (df + t * t));
        return t >= 0 ? tail : 1 - tail;
    }

    public static double StudentQuantile(double p, double df)
    {
        if (p == 0.5) return 0;
        if (p > 0.5) return -StudentQuantile(1 - p, df);
        double t = StudentT.InvCDF(0, 1, df, p);
        for (int i = 0; i < 3; i++) t -= (StudentSurvival(-t, df) - p) / StudentT.PDF(0, 1, df, t);
        return t;
    }

    public static double ChiSquareSurvival(double x, double df) =>
        x <= 0 ? 1 : SpecialFunctions.GammaUpperRegularized(df / 2, x / 2);

    public static double FisherSurvival(double f, double df1, double df2) =>
        f <= 0 ? 1 : SpecialFunctions.BetaRegularized(df2 / 2, df1 / 2, df2 / (df2 + df1 * f));

    public static double BetaQuantile(double p, double a, double b)
    {
        double x = Beta.InvCDF(a, b, p);
        for (int i = 0; i < 4; i++)
        {
            double density = Beta.PDF(a, b, x);
            if (!(density > 0) || double.IsInfinity(density)) break;
            double next = x - (SpecialFunctions.BetaRegularized(a, b, x) - p) / density;
            if (next is > 0 and < 1) x = next;
        }
        return x;
    }

    public static double BinomialMass(int k, int n, double p) => Binomial.PMF(p, n, k);

    public static double BinomialCdf(int k, int n, double p)
    {
        if (k < 0) return 0;
        return k >= n ? 1 : SpecialFunctions.BetaRegularized(n - k, k + 1, 1 - p);
    }

    /// <summary>
    /// P(T ≤ t) of the noncentral t distribution, as the integral of the normal distribution over the scale
    /// s = sqrt(χ²/df): composite Gauss-Legendre over the range that holds all but 1e-16 of it.
    /// </summary>
    public static double NoncentralStudentCdf(double t, double df, double noncentrality)
    {
        double LogDensity(double s) =>
            Math.Log(2) + df / 2 * Math.Log(df / 2) - SpecialFunctions.GammaLn(df / 2) + (df - 1) * Math.Log(s) - df * s * s / 2;
        double spread = 1 / Math.Sqrt(2 * df);
        double from = Math.Max(0, 1 - 12 * spread);
        double to = 1 + 14 * spread + 3 / df;
        const int Panels = 48;
        double sum = 0;
        for (int i = 0; i < Panels; i++)
        {
            double low = from + (to - from) * i / Panels;
            double high = from + (to - from) * (i + 1) / Panels;
            sum += Integrate.GaussLegendre(s => s <= 0 ? 0 : NormalCdf(t * s - noncentrality) * Math.Exp(LogDensity(s)), low, high, 16);
        }
        return Math.Clamp(sum, 0, 1);
    }

    /// <summary>The p-value of a statistic with a symmetric null distribution, from its upper tail.</summary>
    public static double PValue(double statistic, Alternative alternative, Func<double, double> survival) => alternative switch
    {
        Alternative.Greater => survival(statistic),
        Alternative.Less => survival(-statistic),
        _ => Math.Min(1, 2 * survival(Math.Abs(statistic))),
    };
}
