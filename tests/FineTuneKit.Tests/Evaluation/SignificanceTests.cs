using System.Text.Json;
using FineTuneKit.Evaluation;
using FineTuneKit.Evaluation.Significance;
using FineTuneKit.Fixtures;
using Xunit;
using TestResult = FineTuneKit.Evaluation.Significance.TestResult;

namespace FineTuneKit.Tests.Evaluation;

/// <summary>Tests, intervals and sizes against scipy and statsmodels.</summary>
public class SignificanceTests
{
    private const string File = "golden/significance.json";

    private static readonly (string Name, Alternative Value)[] Alternatives =
        [("two-sided", Alternative.TwoSided), ("less", Alternative.Less), ("greater", Alternative.Greater)];

    public static TheoryData<string> Cases => FixtureFolder.Cases(File);

    [Theory]
    [Trait("Category", "Fixtures")]
    [MemberData(nameof(Cases))]
    public void EqualsReference(string id)
    {
        FixtureFolder.SkipIfAbsent(id);
        JsonElement c = FixtureFolder.Case(File, id);
        JsonElement input = c.GetProperty("input"), expected = c.GetProperty("expected");
        Check(input.GetProperty("function").GetString()!, input, expected);
    }

    private static void Check(string function, JsonElement input, JsonElement expected)
    {
        switch (function)
        {
            case "mcnemar": McNemarCase(input, expected); break;
            case "t_paired":
                foreach ((string name, Alternative a) in Alternatives) T(expected.GetProperty(name), TTests.Paired(X(input), Y(input), a));
                break;
            case "t_one_sample":
                foreach ((string name, Alternative a) in Alternatives) T(expected.GetProperty(name), TTests.OneSample(X(input), Number(input, "mean"), a));
                break;
            case "t_independent":
                foreach ((string name, Alternative a) in Alternatives)
                {
                    T(expected.GetProperty("student_" + name), TTests.Independent(X(input), Y(input), true, a));
                    T(expected.GetProperty("welch_" + name), TTests.Independent(X(input), Y(input), false, a));
                }
                break;
            case "wilcoxon": WilcoxonCase(input, expected); break;
            case "sign_test": SignCase(SignTest.Of(X(input), Y(input)), expected); break;
            case "mann_whitney": MannWhitneyCase(input, expected); break;
            case "permutation": PermutationCase(input, expected); break;
            case "adjust": AdjustCase(input, expected); break;
            case "proportion_interval": ProportionCase(input, expected); break;
            case "binomial_test":
                foreach ((string name, Alternative a) in Alternatives)
                    Equal(expected, name, Proportions.BinomialTest(Int(input, "count"), Int(input, "n"), Number(input, "p"), a));
                break;
            case "mean_interval": MeanCase(X(input), expected); break;
            case "two_proportions": TwoProportionsCase(input, expected); break;
            case "two_proportions_margin": MarginCase(input, expected); break;
            case "tost": TostCase(input, expected); break;
            case "effect_size": EffectCase(X(input), Y(input), expected); break;
            case "power": PowerCase(input, expected); break;
            case "power_proportions": PowerProportionsCase(input, expected); break;
            case "bootstrap": BootstrapCase(input, expected); break;
            case "quantile": QuantileCase(input, expected); break;
            case "ranks":
                foreach (JsonProperty p in expected.EnumerateObject())
                    JsonCompare.Equal(p.Value, Ranks.Of(X(input), Enum.Parse<TieMethod>(p.Name, ignoreCase: true)), p.Name);
                break;
            case "k_samples": KSamplesCase(input, expected); break;
            case "cochran_q":
                Test(expected, CochranQ.Test([.. input.GetProperty("rows").EnumerateArray().Select(r => (IReadOnlyList<bool>)[.. r.EnumerateArray().Select(v => v.GetInt32() == 1)])]));
                break;
            case "bradley_terry": BradleyTerryCase(input, expected); break;
            case "elo": EloCase(input, expected); break;
            default: Assert.Fail($"no test for the function {function}"); break;
        }
    }

    private static void McNemarCase(JsonElement input, JsonElement expected)
    {
        var test = new McNemar(Int(input, "b"), Int(input, "c"));
        Equal(expected, "exact_p", test.ExactP);
        Equal(expected, "mid_p", test.MidP);
        Assert.Equal(expected.GetProperty("chi2").ValueKind == JsonValueKind.Null, test.ChiSquare is null);
        if (test is not { ChiSquare: { } plain, ChiSquareCorrected: { } corrected }) return;
        Equal(expected, "chi2", plain.Statistic);
        Equal(expected, "chi2_p", plain.P);
        Equal(expected, "chi2_corrected", corrected.Statistic);
        Equal(expected, "chi2_corrected_p", corrected.P);
    }

    private static void T(JsonElement expected, TTestResult test)
    {
        Equal(expected, "statistic", test.Statistic);
        Equal(expected, "p", test.P);
        Equal(expected, "df", test.DegreesOfFreedom);
        if (!expected.TryGetProperty("confidence_interval", out JsonElement intervals)) return;
        foreach (JsonProperty level in intervals.EnumerateObject())
        {
            if (level.Value.ValueKind != JsonValueKind.Array) continue;
            Interval(level.Value, test.Interval(double.Parse(level.Name)), level.Name);
        }
    }

    private static void WilcoxonCase(JsonElement input, JsonElement expected)
    {
        ZeroMethod zeros = Enum.Parse<ZeroMethod>(input.GetProperty("zero_method").GetString()!, ignoreCase: true);
        NullDistribution method = Enum.Parse<NullDistribution>(input.GetProperty("method").GetString()!, ignoreCase: true);
        foreach ((string name, Alternative a) in Alternatives)
        {
            JsonElement e = expected.GetProperty(name);
            WilcoxonResult test = WilcoxonResult.Test(X(input), Y(input), a, zeros, input.GetProperty("correction").GetBoolean(), method);
            Equal(e, "statistic", test.Statistic);
            Equal(e, "p", test.P);
            if (e.TryGetProperty("z", out JsonElement z) && z.ValueKind != JsonValueKind.Null) JsonCompare.Equal(z, test.Z!.Value, name + " z");
        }
    }

    private static void SignCase(SignTest test, JsonElement expected)
    {
        Assert.Equal(Int(expected, "positive"), test.Positive);
        Assert.Equal(Int(expected, "negative"), test.Negative);
        Assert.Equal(Int(expected, "ties"), test.Ties);
        Equal(expected, "m", test.M);
        Equal(expected, "p_two_sided", test.P());
        Equal(expected, "p_less", test.P(Alternative.Less));
        Equal(expected, "p_greater", test.P(Alternative.Greater));
    }

    private static void MannWhitneyCase(JsonElement input, JsonElement expected)
    {
        NullDistribution method = Enum.Parse<NullDistribution>(input.GetProperty("method").GetString()!, ignoreCase: true);
        foreach ((string name, Alternative a) in Alternatives)
        {
            TestResult test = MannWhitney.Test(X(input), Y(input), a, input.GetProperty("continuity").GetBoolean(), method);
            Equal(expected.GetProperty(name), "u1", test.Statistic);
            Equal(expected.GetProperty(name), "p", test.P);
        }
    }

    private static void PermutationCase(JsonElement input, JsonElement expected)
    {
        PermutationTest test = input.GetProperty("kind").GetString() == "samples"
            ? PermutationTest.Paired(X(input), Y(input)) : PermutationTest.Independent(X(input), Y(input));
        Equal(expected, "statistic", test.Statistic);
        Assert.Equal(Int(expected, "permutations"), test.Permutations);
        foreach ((string name, Alternative a) in Alternatives) Equal(expected, name, test.P(a));
    }

    private static void AdjustCase(JsonElement input, JsonElement expected)
    {
        var names = new Dictionary<string, Correction>(StringComparer.Ordinal)
        {
            ["bonferroni"] = Correction.Bonferroni,
            ["sidak"] = Correction.Sidak,
            ["holm"] = Correction.Holm,
            ["holm-sidak"] = Correction.HolmSidak,
            ["simes-hochberg"] = Correction.Hochberg,
            ["hommel"] = Correction.Hommel,
            ["fdr_bh"] = Correction.BenjaminiHochberg,
            ["fdr_by"] = Correction.BenjaminiYekutieli,
        };
        foreach (JsonProperty p in expected.EnumerateObject())
        {
            AdjustedPValues adjusted = MultipleComparisons.Adjust(JsonCompare.Numbers(input.GetProperty("p")), names[p.Name], Number(input, "alpha"));
            JsonCompare.Equal(p.Value.GetProperty("adjusted"), adjusted.Adjusted, p.Name);
            Assert.Equal(p.Value.GetProperty("reject").EnumerateArray().Select(v => v.GetBoolean()), adjusted.Reject);
        }
    }

    private static void ProportionCase(JsonElement input, JsonElement expected)
    {
        foreach (JsonProperty p in expected.EnumerateObject())
        {
            ProportionMethod method = p.Name switch
            {
                "wilson" => ProportionMethod.Wilson,
                "wilson_continuity" => ProportionMethod.WilsonContinuity,
                "beta" => ProportionMethod.ClopperPearson,
                "agresti_coull" => ProportionMethod.AgrestiCoull,
                "jeffreys" => ProportionMethod.Jeffreys,
                "normal" => ProportionMethod.Normal,
                _ => throw new InvalidOperationException(p.Name),
            };
            Interval(p.Value, Proportions.Interval(Int(input, "count"), Int(input, "n"), Number(input, "confidence"), method), p.Name);
        }
    }

    private static void MeanCase(double[] x, JsonElement expected)
    {
        Equal(expected, "mean", Sample.Mean(x));
        Equal(expected, "sd", Sample.Deviation(x));
        Equal(expected, "standard_error", Sample.Deviation(x) / Math.Sqrt(x.Length));
        Equal(expected, "median", Sample.Median(x));
        foreach (JsonProperty level in expected.GetProperty("interval").EnumerateObject())
            Interval(level.Value, Sample.MeanInterval(x, double.Parse(level.Name)), level.Name);
    }

    private static TwoProportions Two(JsonElement input) =>
        new(Int(input, "count1"), Int(input, "n1"), Int(input, "count2"), Int(input, "n2"));

    private static DifferenceMethod Method(string name) => name switch
    {
        "wald" => DifferenceMethod.Wald,
        "newcombe" => DifferenceMethod.Newcombe,
        "agresti_caffo" => DifferenceMethod.AgrestiCaffo,
        "miettinen_nurminen" => DifferenceMethod.MiettinenNurminen,
        _ => throw new InvalidOperationException(name),
    };

    private static void TwoProportionsCase(JsonElement input, JsonElement expected)
    {
        TwoProportions two = Two(input);
        Equal(expected, "difference", two.Difference);
        Equal(expected, "z", two.Z);
        Equal(expected, "cohen_h", two.CohenH);
        foreach ((string name, Alternative a) in Alternatives)
        {
            Equal(expected.GetProperty("z_p"), name, two.ZTest(a));
            Equal(expected.GetProperty("fisher_p"), name, two.FisherExact(a));
        }
        foreach (JsonProperty p in expected.GetProperty("interval_95").EnumerateObject())
            Interval(p.Value, two.Interval(Method(p.Name)), p.Name);
        if (!expected.TryGetProperty("chi2", out _)) return;
        Equal(expected, "chi2", two.ChiSquare(false)!.Value.Statistic);
        Equal(expected, "chi2_p", two.ChiSquare(false)!.Value.P);
        Equal(expected, "chi2_corrected", two.ChiSquare(true)!.Value.Statistic);
        Equal(expected, "chi2_corrected_p", two.ChiSquare(true)!.Value.P);
    }

    private static void MarginCase(JsonElement input, JsonElement expected)
    {
        foreach (JsonProperty p in expected.EnumerateObject())
        {
            TestResult test = Two(input).NonInferior(Number(input, "margin"), Method(p.Name));
            Equal(p.Value, "noninferior_statistic", test.Statistic);
            Equal(p.Value, "noninferior_p", test.P);
            Equal(p.Value, "equivalent_p", Two(input).Equivalent(Number(input, "margin"), Method(p.Name)));
        }
    }

    private static void TostCase(JsonElement input, JsonElement expected)
    {
        double low = Number(input, "low"), high = Number(input, "high");
        string kind = input.GetProperty("kind").GetString()!;
        Equivalence test = kind == "paired"
            ? Equivalence.Paired(X(input), Y(input), low, high)
            : Equivalence.Independent(X(input), Y(input), low, high, kind == "pooled");
        Equal(expected, "p", test.P);
        T(expected.GetProperty("lower"), test.Lower);
        T(expected.GetProperty("upper"), test.Upper);
    }

    private static void EffectCase(double[] x, double[] y, JsonElement expected)
    {
        Equal(expected, "cliffs_delta", EffectSize.CliffsDelta(x, y));
        Equal(expected, "vargha_delaney_a", EffectSize.VarghaDelaneyA(x, y));
        Equal(expected, "cohens_d", EffectSize.CohensD(x, y));
        Equal(expected, "hedges_g", EffectSize.HedgesG(x, y));
        Equal(expected, "cohens_d_paired", EffectSize.CohensDPaired(x, y));
    }

    private static void PowerCase(JsonElement input, JsonElement expected)
    {
        PowerTest test = input.GetProperty("test").GetString() switch
        {
            "t_independent" => PowerTest.IndependentT,
            "t_paired" => PowerTest.PairedT,
            _ => PowerTest.IndependentNormal,
        };
        Alternative alternative = input.GetProperty("alternative").GetString() switch
        {
            "greater" or "larger" => Alternative.Greater,
            "less" or "smaller" => Alternative.Less,
            _ => Alternative.TwoSided,
        };
        double effect = Number(input, "effect_size"), alpha = Number(input, "alpha"), ratio = Number(input, "ratio");
        Equal(expected, "power", Power.Of(test, effect, Number(input, "n"), alpha, alternative, ratio));
        // The reference's own root search stops at about 1e-8.
        JsonCompare.Equal(expected.GetProperty("n_for_power"), Power.SampleSize(test, effect, Number(input, "target_power"), alpha, alternative, ratio), "n_for_power", 1e-6);
    }

    private static void PowerProportionsCase(JsonElement input, JsonElement expected)
    {
        double p1 = Number(input, "p1"), p2 = Number(input, "p2"), ratio = Number(input, "ratio"), alpha = Number(input, "alpha"), target = Number(input, "target_power");
        double h = 2 * (Math.Asin(Math.Sqrt(p1)) - Math.Asin(Math.Sqrt(p2)));
        Equal(expected, "power", Power.OfProportions(p1, p2, Number(input, "n1"), ratio, alpha));
        Equal(expected, "n1_for_power", Power.SampleSizeOfProportions(p1, p2, target, ratio, alpha));
        Equal(expected, "cohen_h", h);
        JsonCompare.Equal(expected.GetProperty("n1_for_power_h"), Power.SampleSize(PowerTest.IndependentNormal, h, target, alpha, ratio: ratio), "n1_for_power_h", 1e-6);
    }

    private static void BootstrapCase(JsonElement input, JsonElement expected)
    {
        IReadOnlyList<double>[] data = [.. input.GetProperty("data").EnumerateArray().Select(s => (IReadOnlyList<double>)JsonCompare.Numbers(s))];
        var indices = input.GetProperty("indices").EnumerateArray()
            .Select(s => (IReadOnlyList<IReadOnlyList<int>>)[.. s.EnumerateArray().Select(r => (IReadOnlyList<int>)[.. r.EnumerateArray().Select(v => v.GetInt32())])]).ToList();
        Func<IReadOnlyList<IReadOnlyList<double>>, double> statistic = input.GetProperty("statistic").GetString() switch
        {
            "mean" => s => Sample.Mean(s[0]),
            "median" => s => Sample.Median(s[0]),
            "sd" => s => Sample.Deviation(s[0]),
            "mean_difference" => s => Sample.Mean(s[0]) - Sample.Mean(s[1]),
            "ratio_of_means" => s => Sample.Mean(s[0]) / Sample.Mean(s[1]),
            "correlation" => s => Sample.Correlation(s[0], s[1]),
            string other => throw new InvalidOperationException(other),
            null => throw new InvalidOperationException(),
        };
        Bootstrap b = Bootstrap.Of(data, statistic, indices, input.GetProperty("paired").GetBoolean(), Number(input, "confidence"));
        Equal(expected, "estimate", b.Estimate);
        Equal(expected, "standard_error", b.StandardError);
        JsonCompare.Equal(expected.GetProperty("distribution_sorted"), b.Sorted, "distribution_sorted");
        Pair(expected, "percentile", b.Percentile);
        Pair(expected, "basic", b.Basic);
        Pair(expected, "bca", b.Bca);
        Pair(expected, "bca_probabilities", b.BcaProbabilities);
        Equal(expected, "z0", b.Z0);
        Equal(expected, "acceleration", b.Acceleration);
    }

    private static void QuantileCase(JsonElement input, JsonElement expected)
    {
        double[] q = JsonCompare.Numbers(input.GetProperty("q"));
        foreach (JsonProperty p in expected.EnumerateObject())
        {
            QuantileMethod method = Enum.Parse<QuantileMethod>(p.Name.Replace("_", ""), ignoreCase: true);
            JsonCompare.Equal(p.Value, [.. q.Select(share => Quantiles.Of(X(input), share, method))], p.Name);
        }
    }

    private static void KSamplesCase(JsonElement input, JsonElement expected)
    {
        IReadOnlyList<double>[] groups = [.. input.GetProperty("groups").EnumerateArray().Select(s => (IReadOnlyList<double>)JsonCompare.Numbers(s))];
        Test(expected.GetProperty("anova"), KSamples.Anova(groups));
        Test(expected.GetProperty("kruskal"), KSamples.KruskalWallis(groups));
        Test(expected.GetProperty("levene_median"), KSamples.LeveneMedian(groups));
        if (expected.TryGetProperty("friedman", out JsonElement friedman)) Test(friedman, KSamples.Friedman(groups));
    }

    private static void BradleyTerryCase(JsonElement input, JsonElement expected)
    {
        BradleyTerry fit = BradleyTerry.Fit([.. input.GetProperty("wins").EnumerateArray().Select(r => (IReadOnlyList<double>)JsonCompare.Numbers(r))]);
        JsonCompare.Equal(expected.GetProperty("log_strength"), fit.LogStrength, "log_strength", 1e-8);
        JsonCompare.Equal(expected.GetProperty("elo_scale"), fit.EloScale, "elo_scale", 1e-8);
        int i = 0;
        foreach (JsonElement row in expected.GetProperty("win_probability").EnumerateArray())
        {
            int who = i++;
            JsonCompare.Equal(row, [.. fit.LogStrength.Select((_, j) => fit.WinProbability(who, j))], "win_probability", 1e-8);
        }
    }

    private static void EloCase(JsonElement input, JsonElement expected)
    {
        var elo = new Elo(Number(input, "k"), Number(input, "start"));
        foreach (JsonElement game in input.GetProperty("games").EnumerateArray())
            elo.Play(game.GetProperty("a").GetString()!, game.GetProperty("b").GetString()!, Number(game, "score_a"));
        foreach (JsonProperty p in expected.GetProperty("ratings").EnumerateObject()) JsonCompare.Equal(p.Value, elo[p.Name], p.Name);
    }

    private static double[] X(JsonElement input) => JsonCompare.Numbers(input.GetProperty("x"));

    private static double[] Y(JsonElement input) => JsonCompare.Numbers(input.GetProperty("y"));

    private static double Number(JsonElement e, string name) => JsonCompare.Number(e.GetProperty(name));

    private static int Int(JsonElement e, string name) => e.GetProperty(name).GetInt32();

    private static void Equal(JsonElement expected, string name, double actual) => JsonCompare.Equal(expected.GetProperty(name), actual, name);

    private static void Test(JsonElement expected, TestResult actual)
    {
        Equal(expected, "statistic", actual.Statistic);
        Equal(expected, "p", actual.P);
    }

    private static void Interval(JsonElement expected, Estimate actual, string what) => JsonCompare.Equal(expected, [actual.Low, actual.High], what);

    private static void Pair(JsonElement expected, string name, (double Low, double High) actual)
    {
        if (expected.GetProperty(name).ValueKind != JsonValueKind.Null)
            JsonCompare.Equal(expected.GetProperty(name), [actual.Low, actual.High], name, 1e-8);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(7)]
    [InlineData(1)]
    public void No_and_every_success_have_an_exact_end(int n)
    {
        Assert.Equal(0, Proportions.Interval(0, n).Low);
        Assert.Equal(1, Proportions.Interval(n, n).High);
    }
}
