using FineTuneKit.Data;
using FineTuneKit.Fixtures;
using FineTuneKit.Records;
using Xunit;

namespace FineTuneKit.Tests.Records;

/// <summary>A small run on the shipped base, its report and the comparison of its record.</summary>
public sealed class TuningReportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ftk-report-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void TheReportStandsAloneAndSaysWhatTheRecordSays()
    {
        string run = Run("run", seed: 1);
        string html = File.ReadAllText(TuningReport.Write(run));
        Assert.DoesNotContain("<script", html);
        Assert.DoesNotContain("src=", html);
        Assert.DoesNotContain("href=", html);
        Assert.Contains("name=\"viewport\"", html);
        Assert.Equal(5, html.Split("<figure").Length - 1);
        TuningRecord record = Read(run);
        foreach (string sentence in TuningReport.Summary(record)) Assert.Contains(sentence, html);
        Assert.Contains(record.TestLoss.ToString("0.000", System.Globalization.CultureInfo.InvariantCulture), TuningReport.Summary(record)[0]);
        Assert.Contains(record.DataSha256, html);
        Assert.DoesNotContain(_folder, html);
    }

    [Fact]
    public void WordsFollowTheFigures()
    {
        TuningRecord record = Read(Run("words", seed: 1));
        Assert.Contains(" fell from ", TuningReport.Summary(record with { TestLossBefore = 2, TestLoss = 1 })[0]);
        Assert.Contains(" rose from ", TuningReport.Summary(record with { TestLossBefore = 1, TestLoss = 2 })[0]);
        Assert.Contains("the last; more steps", TuningReport.Summary(record with { BestStep = 9, Steps = 9, ValidationLoss = 1 })[2]);
        Assert.Contains("4 steps after it did not lower it", TuningReport.Summary(record with { BestStep = 5, Steps = 9, ValidationLoss = 1 })[2]);
        Assert.Equal(2, TuningReport.Summary(record with { BestStep = null, ValidationLoss = null }).Count);
        Assert.Contains("&lt;b&gt;", TuningReport.Html(record with { Options = record.Options with { Data = "<b>" } }, []));
    }

    [Fact]
    public void AFolderWithoutARecordIsRefused()
    {
        Assert.Contains("no such file", Assert.Throws<InputException>(() => TuningReport.Write(_folder)).Message);
        File.WriteAllText(Path.Combine(_folder, "record.json"), "{\"schema\": 1}");
        Assert.Contains("not the record of a tuning run", Assert.Throws<InputException>(() => TuningReport.Write(_folder)).Message);
    }

    [Fact]
    public void ARunThatIsMadeAgainDiffersInNothing()
    {
        string first = Path.Combine(Run("first", 1), "record.json"), second = Path.Combine(Run("second", 1), "record.json"), other = Path.Combine(Run("other", 2), "record.json");
        Assert.Empty(RecordComparison.Of(first, second));
        IReadOnlyList<RecordDifference> differences = RecordComparison.Of(first, other);
        Assert.Contains(new RecordDifference("options.seed", "1", "2"), differences);
        Assert.Contains(differences, d => d.Field == "test_loss");
        Assert.DoesNotContain(differences, d => d.Field.StartsWith("machine", StringComparison.Ordinal) || d.Field == "seconds");
    }

    [Fact]
    public void ComparisonNamesWhatOneSideLacks()
    {
        string first = Path.Combine(_folder, "a.json"), second = Path.Combine(_folder, "b.json");
        File.WriteAllText(first, """{"a": [1, 2, 3], "b": {"c": 1}, "same": null, "seconds": 1}""");
        File.WriteAllText(second, """{"a": [1, 5], "b": {"d": "x"}, "same": null, "seconds": 2}""");
        Assert.Equal(
            [new("a[1]", "2", "5"), new("a[2]", "3", null), new("b.c", "1", null), new("b.d", null, "\"x\"")],
            RecordComparison.Of(first, second));
        File.WriteAllText(second, "[]");
        Assert.Contains("a JSON object is required", Assert.Throws<InputException>(() => RecordComparison.Of(first, second)).Message);
        Assert.Contains("no such file", Assert.Throws<InputException>(() => RecordComparison.Of(first, first + "x")).Message);
    }

    private string Run(string name, long seed)
    {
        string rows = Path.Combine(_folder, "rows.jsonl"), output = Path.Combine(_folder, name);
        if (!File.Exists(rows)) RowWriter.WriteJsonl(rows, RowReader.Read(Repository.Sample("support-desk", "clean.jsonl")).Take(20));
        TuningJob.Run(new TuningJobOptions { Base = Repository.Sample("mini-base"), Data = rows, Out = output, Epochs = 1, Rank = 2, Seed = seed }, false, new SilentProgress(), CancellationToken.None);
        return output;
    }

    private static TuningRecord Read(string run) =>
        System.Text.Json.JsonSerializer.Deserialize<TuningRecord>(File.ReadAllText(Path.Combine(run, "record.json")), AtomicFile.JsonOptions)!;
}
