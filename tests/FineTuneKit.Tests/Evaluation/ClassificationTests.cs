using System.Text.Json;
using FineTuneKit.Evaluation.Classification;
using FineTuneKit.Fixtures;
using Xunit;

namespace FineTuneKit.Tests.Evaluation;

/// <summary>Reports of classifications against scikit-learn.</summary>
public class ClassificationTests
{
    private const string File = "golden/classify/report.json";

    public static TheoryData<string> Cases => FixtureFolder.Cases(File);

    [Theory]
    [Trait("Category", "Fixtures")]
    [MemberData(nameof(Cases))]
    public void EqualsReference(string id)
    {
        FixtureFolder.SkipIfAbsent(id);
        JsonElement c = FixtureFolder.Case(File, id);
        JsonElement input = c.GetProperty("input"), expected = c.GetProperty("expected");
        switch (input.GetProperty("function").GetString())
        {
            case "report":
                if (expected.TryGetProperty("raises", out _))
                    Assert.Throws<ArgumentException>(() => Report(input, expected, e => e.ToString()));
                else if (Labels(input, expected).Any(l => l.ValueKind == JsonValueKind.String)) Report(input, expected, e => e.GetString()!);
                else Report(input, expected, e => e.GetInt32());
                break;
            case "binary_scores": Binary(input, expected); break;
            case "multiclass_scores": Multiclass(input, expected); break;
            case "multilabel": MultilabelCase(input, expected); break;
            case string other: Assert.Fail($"no test for the function {other}"); break;
            default: Assert.Fail("the case names no function"); break;
        }
    }

    private static IEnumerable<JsonElement> Labels(JsonElement input, JsonElement expected) =>
        input.GetProperty("y_true").EnumerateArray().Concat(expected.GetProperty("labels").EnumerateArray());

    private static void Report<T>(JsonElement input, JsonElement expected, Func<JsonElement, T> read)
        where T : notnull
    {
        IReadOnlyList<T> Read(string name) => [.. input.GetProperty(name).EnumerateArray().Select(read)];
        bool Has(string name) => input.GetProperty(name).ValueKind == JsonValueKind.Array;
        var report = ClassificationReport<T>.Of(
            Read("y_true"), Read("y_pred"), Has("labels") ? Read("labels") : null,
            Has("sample_weight") ? JsonCompare.Numbers(input.GetProperty("sample_weight")) : null,
            JsonCompare.Number(input.GetProperty("zero_division")));
        Assert.Equal(expected.GetProperty("labels").EnumerateArray().Select(read), report.Labels);
        foreach (JsonProperty p in expected.EnumerateObject())
        {
            switch (p.Name)
            {
                case "labels": break;
                case "accuracy": JsonCompare.Equal(p.Value, report.Accuracy, p.Name); break;
                case "balanced_accuracy": JsonCompare.Equal(p.Value, report.BalancedAccuracy, p.Name); break;
                case "balanced_accuracy_adjusted": JsonCompare.Equal(p.Value, report.BalancedAccuracyAdjusted, p.Name); break;
                case "per_class": PerClass(p.Value, report.PerClass(), report.Support); break;
                case "micro": Average(p.Value, report.Micro(), "f1"); break;
                case "macro": Average(p.Value, report.Macro(), "f1"); break;
                case "weighted": Average(p.Value, report.Weighted(), "f1"); break;
                case "macro_f0.5": Average(p.Value, report.Macro(0.5), "f0.5"); break;
                case "macro_f2": Average(p.Value, report.Macro(2), "f2"); break;
                case "confusion": Matrix(p.Value, report.Confusion.Counts); break;
                case "confusion_true": Matrix(p.Value, report.Confusion.ByTrue); break;
                case "mcc": JsonCompare.Equal(p.Value, report.MatthewsCorrelation, p.Name); break;
                case "kappa": JsonCompare.Equal(p.Value, report.Confusion.Kappa(), p.Name); break;
                case "kappa_linear": JsonCompare.Equal(p.Value, report.Confusion.Kappa(1), p.Name); break;
                case "kappa_quadratic": JsonCompare.Equal(p.Value, report.Confusion.Kappa(2), p.Name); break;
                case "hamming_loss": JsonCompare.Equal(p.Value, report.HammingLoss, p.Name); break;
                case "jaccard_macro": JsonCompare.Equal(p.Value, report.JaccardMacro, p.Name); break;
                default: Assert.Fail($"no test for {p.Name}"); break;
            }
        }
    }

    private static void PerClass(JsonElement expected, IReadOnlyList<PrecisionRecall> classes, IReadOnlyList<double> support)
    {
        JsonCompare.Equal(expected.GetProperty("precision"), [.. classes.Select(c => c.Precision)], "precision");
        JsonCompare.Equal(expected.GetProperty("recall"), [.. classes.Select(c => c.Recall)], "recall");
        JsonCompare.Equal(expected.GetProperty("f1"), [.. classes.Select(c => c.F)], "f1");
        JsonCompare.Equal(expected.GetProperty("support"), support, "support");
    }

    private static void Average(JsonElement expected, PrecisionRecall actual, string f)
    {
        JsonCompare.Equal(expected.GetProperty("precision"), actual.Precision, "precision");
        JsonCompare.Equal(expected.GetProperty("recall"), actual.Recall, "recall");
        JsonCompare.Equal(expected.GetProperty(f), actual.F, f);
    }

    private static void Matrix(JsonElement expected, IReadOnlyList<IReadOnlyList<double>> actual)
    {
        int i = 0;
        foreach (JsonElement row in expected.EnumerateArray()) JsonCompare.Equal(row, actual[i], $"row {i++}");
    }

    private static void Binary(JsonElement input, JsonElement expected)
    {
        string positive = input.GetProperty("positive").ToString();
        var scores = new BinaryScores(
            [.. input.GetProperty("y_true").EnumerateArray().Select(e => e.ToString() == positive)], JsonCompare.Numbers(input.GetProperty("y_score")));
        Assert.Equal(expected.TryGetProperty("log_loss", out _), scores.AreProbabilities);
        Calibration? calibration = scores.AreProbabilities ? scores.Calibrate(input.GetProperty("bins").GetInt32()) : null;
        foreach (JsonProperty p in expected.EnumerateObject())
        {
            switch (p.Name)
            {
                case "roc_auc": JsonCompare.Equal(p.Value, scores.RocAuc, p.Name); break;
                case "average_precision": JsonCompare.Equal(p.Value, scores.AveragePrecision, p.Name); break;
                case "log_loss": JsonCompare.Equal(p.Value, scores.LogLoss, p.Name); break;
                case "brier": JsonCompare.Equal(p.Value, scores.Brier, p.Name); break;
                case "roc_curve":
                    var roc = scores.RocCurve();
                    JsonCompare.Equal(p.Value.GetProperty("fpr"), roc.FalsePositiveRate, "fpr");
                    JsonCompare.Equal(p.Value.GetProperty("tpr"), roc.TruePositiveRate, "tpr");
                    JsonCompare.Equal(p.Value.GetProperty("thresholds"), roc.Thresholds, "thresholds");
                    break;
                case "pr_curve":
                    var pr = scores.PrecisionRecallCurve();
                    JsonCompare.Equal(p.Value.GetProperty("precision"), pr.Precision, "precision");
                    JsonCompare.Equal(p.Value.GetProperty("recall"), pr.Recall, "recall");
                    JsonCompare.Equal(p.Value.GetProperty("thresholds"), pr.Thresholds, "thresholds");
                    break;
                default: Bins(p, calibration!); break;
            }
        }
    }

    private static void Multiclass(JsonElement input, JsonElement expected)
    {
        List<string> labels = [.. input.GetProperty("labels").EnumerateArray().Select(e => e.ToString())];
        var scores = new MulticlassScores(
            [.. input.GetProperty("y_true").EnumerateArray().Select(e => labels.IndexOf(e.ToString()))],
            [.. input.GetProperty("y_proba").EnumerateArray().Select(e => (IReadOnlyList<double>)JsonCompare.Numbers(e))]);
        Calibration calibration = scores.Calibrate(input.GetProperty("bins").GetInt32());
        foreach (JsonProperty p in expected.EnumerateObject())
        {
            switch (p.Name)
            {
                case "predicted": Assert.Equal(p.Value.EnumerateArray().Select(e => labels.IndexOf(e.ToString())), scores.Predicted); break;
                case "log_loss": JsonCompare.Equal(p.Value, scores.LogLoss, p.Name); break;
                case "brier": JsonCompare.Equal(p.Value, scores.Brier, p.Name); break;
                case "brier_halved": JsonCompare.Equal(p.Value, scores.Brier / 2, p.Name); break;
                case "top_k":
                    foreach (JsonProperty k in p.Value.EnumerateObject()) JsonCompare.Equal(k.Value, scores.TopK(int.Parse(k.Name)), "top " + k.Name);
                    break;
                case "roc_auc_ovr_macro": JsonCompare.Equal(p.Value, scores.RocAucOneVsRest(false), p.Name); break;
                case "roc_auc_ovr_weighted": JsonCompare.Equal(p.Value, scores.RocAucOneVsRest(true), p.Name); break;
                case "roc_auc_ovo_macro": JsonCompare.Equal(p.Value, scores.RocAucOneVsOne(false), p.Name); break;
                case "roc_auc_ovo_weighted": JsonCompare.Equal(p.Value, scores.RocAucOneVsOne(true), p.Name); break;
                case "average_precision_macro": JsonCompare.Equal(p.Value, scores.AveragePrecisionMacro, p.Name); break;
                default: Bins(p, calibration); break;
            }
        }
    }

    private static void Bins(JsonProperty p, Calibration calibration)
    {
        switch (p.Name)
        {
            case "ece": JsonCompare.Equal(p.Value, calibration.ExpectedError, p.Name); break;
            case "mce": JsonCompare.Equal(p.Value, calibration.MaximumError, p.Name); break;
            case "bin_counts": Assert.Equal(p.Value.EnumerateArray().Select(e => e.GetInt32()), calibration.Counts); break;
            case "bin_accuracy": JsonCompare.Equal(p.Value, calibration.Accuracy, p.Name); break;
            case "bin_confidence": JsonCompare.Equal(p.Value, calibration.Confidence, p.Name); break;
            default: Assert.Fail($"no test for {p.Name}"); break;
        }
    }

    private static void MultilabelCase(JsonElement input, JsonElement expected)
    {
        IReadOnlyList<IReadOnlyList<bool>> Read(string name) =>
            [.. input.GetProperty(name).EnumerateArray().Select(r => (IReadOnlyList<bool>)[.. r.EnumerateArray().Select(v => v.GetInt32() == 1)])];
        var scores = new Multilabel(Read("y_true"), Read("y_pred"), JsonCompare.Number(input.GetProperty("zero_division")));
        foreach (JsonProperty p in expected.EnumerateObject())
        {
            switch (p.Name)
            {
                case "subset_accuracy": JsonCompare.Equal(p.Value, scores.SubsetAccuracy, p.Name); break;
                case "hamming_loss": JsonCompare.Equal(p.Value, scores.HammingLoss, p.Name); break;
                case "jaccard_samples": JsonCompare.Equal(p.Value, scores.JaccardSamples, p.Name); break;
                case "micro": Average(p.Value, scores.Micro, "f1"); break;
                case "macro": Average(p.Value, scores.Macro, "f1"); break;
                case "weighted": Average(p.Value, scores.Weighted, "f1"); break;
                case "samples": Average(p.Value, scores.Samples, "f1"); break;
                default: Assert.Fail($"no test for {p.Name}"); break;
            }
        }
    }
}
