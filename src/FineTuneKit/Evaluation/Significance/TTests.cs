namespace FineTuneKit.Evaluation.Significance;

/// <summary>The result of a t-test with what its interval needs.</summary>
public sealed record TTestResult(double Statistic, double P, double DegreesOfFreedom, Alternative Alternative, double Difference, double StandardError)
{
    /// <summary>The confidence interval of the mean (difference); one-sided for a one-sided alternative.</summary>
    public Estimate Interval(double confidence = 0.95)
    {
        if (Alternative == Alternative.TwoSided)
        {
            double half = Distributions.StudentQuantile(0.5 + confidence / 2, DegreesOfFreedom) * StandardError;
            return new Estimate(Difference, Difference - half, Difference + half);
        }
        double reach = Distributions.StudentQuantile(confidence, DegreesOfFreedom) * StandardError;
        return Alternative == Alternative.Greater
            ? new Estimate(Difference, Difference - reach, double.PositiveInfinity)
            : new Estimate(Difference, double.NegativeInfinity, Difference + reach);
    }
}

/// <summary>Student's t-tests. Without variance the statistic is ±∞ or NaN, as the arithmetic gives it.</summary>
public static class TTests
{
    /// <summary>The mean of the values against <paramref name="mean"/>.</summary>
    public static TTestResult OneSample(IReadOnlyList<double> x, double mean = 0, Alternative alternative = Alternative.TwoSided) =>
        Result(Sample.Mean(x), mean, Math.Sqrt(Sample.Variance(x) / x.Count), x.Count - 1, alternative);

    /// <summary>Pairs: the mean of x − y against <paramref name="difference"/>.</summary>
    public static TTestResult Paired(IReadOnlyList<double> x, IReadOnlyList<double> y, Alternative alternative = Alternative.TwoSided, double difference = 0) =>
        OneSample(Sample.Differences(x, y), difference, alternative);

    /// <summary>Two samples; pooled variance (Student) or apart (Welch, with Satterthwaite's degrees of freedom).</summary>
    public static TTestResult Independent(
        IReadOnlyList<double> x, IReadOnlyList<double> y, bool equalVariances = false,
        Alternative alternative = Alternative.TwoSided, double difference = 0)
    {
        double n = x.Count, m = y.Count, vx = Sample.Variance(x), vy = Sample.Variance(y);
        double error, df;
        if (equalVariances)
        {
            df = n + m - 2;
            error = Math.Sqrt(((n - 1) * vx + (m - 1) * vy) / df * (1 / n + 1 / m));
        }
        else
        {
            double a = vx / n, b = vy / m;
            df = (a + b) * (a + b) / (a * a / (n - 1) + b * b / (m - 1));
            // Without any variance the degrees are 0/0; scipy takes 1.
            if (double.IsNaN(df)) df = 1;
            error = Math.Sqrt(a + b);
        }
        return Result(Sample.Mean(x) - Sample.Mean(y), difference, error, df, alternative);
    }

    private static TTestResult Result(double mean, double hypothesis, double error, double df, Alternative alternative)
    {
        double t = (mean - hypothesis) / error;
        return new TTestResult(t, Distributions.PValue(t, alternative, s => Distributions.StudentSurvival(s, df)), df, alternative, mean, error);
    }
}

/// <summary>
/// Two one-sided tests (Schuirmann, 1987): is the difference of means within (low, high)? The null hypothesis is that
/// it is not; p is the larger of the two.
/// </summary>
public sealed record Equivalence(double P, TTestResult Lower, TTestResult Upper)
{
    /// <summary>On pairs.</summary>
    public static Equivalence Paired(IReadOnlyList<double> x, IReadOnlyList<double> y, double low, double high) => Of(
        TTests.Paired(x, y, Alternative.Greater, low), TTests.Paired(x, y, Alternative.Less, high));

    /// <summary>On two samples.</summary>
    public static Equivalence Independent(IReadOnlyList<double> x, IReadOnlyList<double> y, double low, double high, bool equalVariances) => Of(
        TTests.Independent(x, y, equalVariances, Alternative.Greater, low), TTests.Independent(x, y, equalVariances, Alternative.Less, high));

    private static Equivalence Of(TTestResult lower, TTestResult upper) => new(Math.Max(lower.P, upper.P), lower, upper);
}
