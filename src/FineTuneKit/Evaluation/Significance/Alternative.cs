namespace FineTuneKit.Evaluation.Significance;

/// <summary>The alternative hypothesis of a test.</summary>
public enum Alternative
{
    /// <summary>The two differ, in either direction.</summary>
    TwoSided,

    /// <summary>The first is less.</summary>
    Less,

    /// <summary>The first is greater.</summary>
    Greater,
}

/// <summary>A test statistic and its p-value.</summary>
/// <param name="Statistic">The statistic, as the test's documentation defines it.</param>
/// <param name="P">The probability under the null hypothesis of a statistic at least as extreme.</param>
public readonly record struct TestResult(double Statistic, double P);
