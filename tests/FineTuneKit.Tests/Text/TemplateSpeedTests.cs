using System.Diagnostics;
using System.Globalization;
using FineTuneKit.Data;
using FineTuneKit.Fixtures;
using FineTuneKit.Text;
using FineTuneKit.Training;
using Xunit;

namespace FineTuneKit.Tests.Text;

/// <summary>How fast rows become tokens on one core; run by name, since other work on the machine spoils it.</summary>
public sealed class TemplateSpeedTests(ITestOutputHelper output)
{
    private const double RowsAMinute = 50_000;

    [Fact(Explicit = true)]
    public void Rows_of_the_support_desk() => Measure(ChatTemplate.Load(Repository.Sample("mini-base"), Tokenizer.Load(Repository.Sample("mini-base"))));

    [Fact(Explicit = true)]
    public void Rows_of_the_support_desk_under_a_large_template()
    {
        if (!FixtureFolder.Exists) FixtureFolder.SkipIfAbsent(FixtureFolder.Absent);
        Measure(ChatTemplate.Of(File.ReadAllText(FixtureFolder.PathOf("chat-templates", "qwen3_training", "template.jinja")), Tokenizer.Load(Repository.Sample("mini-base"))));
    }

    private void Measure(ChatTemplate template)
    {
        IReadOnlyList<Row> rows = RowReader.Read(Repository.Sample("support-desk", "clean.jsonl"));
        foreach (Row row in rows) TrainingRows.Of(row, template);
        long tokens = 0;
        int count = 0;
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < TimeSpan.FromSeconds(10))
        {
            tokens += TrainingRows.Of(rows[count % rows.Count], template).Ids.Length;
            count++;
        }
        double rate = count / clock.Elapsed.TotalMinutes;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rate:N0} rows a minute of {(double)tokens / count:0} tokens"));
        Assert.True(rate >= RowsAMinute, $"{rate:N0} rows a minute; {RowsAMinute:N0} are required");
    }
}
