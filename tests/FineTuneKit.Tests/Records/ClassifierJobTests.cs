using System.Text.Json;
using FineTuneKit.Fixtures;
using FineTuneKit.Records;
using Xunit;

namespace FineTuneKit.Tests.Records;

/// <summary>A new output layer on an encoder that others trained, on texts that people wrote (CLINC150).</summary>
[Trait("Category", "Fixtures")]
public sealed class ClassifierJobTests : IDisposable
{
    private const int Classes = 5, TrainRows = 16, TestRows = 12;

    private readonly string _folder = Directory.CreateTempSubdirectory("ftk-classifier").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(ClassifierMethod.Head)]
    [InlineData(ClassifierMethod.Lora)]
    [InlineData(ClassifierMethod.Full)]
    public void Five_intents_are_learnt_from_sixteen_rows_each(ClassifierMethod method)
    {
        ClassifierRecord record = ClassifierJob.Run(Options(method), new SilentProgress(), CancellationToken.None);
        Assert.Equal(Classes, record.Labels.Count);
        Assert.Equal(Classes * TestRows, record.Rows[2]);
        // Chance is 0.2; the reference reaches 0.70 to 0.90 on all 150.
        Assert.InRange(record.Accuracy!.Value.Value, 0.8, 1);
        if (method == ClassifierMethod.Head) Assert.Equal(384 * Classes + Classes, record.TrainableParameters);
        Assert.True(File.Exists(Path.Combine(_folder, "out", method == ClassifierMethod.Lora ? "adapter" : "model", method == ClassifierMethod.Lora ? "adapter_config.json" : "config.json")));
    }

    [Fact]
    public void Numbers_are_met_by_one_output()
    {
        // The intents by number, 0 to 4: as far apart as the classes are.
        ClassifierJobOptions options = Options(ClassifierMethod.Full, number => $"{number}") with { Regression = true, Epochs = 8 };
        ClassifierRecord record = ClassifierJob.Run(options, new SilentProgress(), CancellationToken.None);
        Assert.Null(record.Accuracy);
        Assert.InRange(record.ExplainedVariance!.Value, 0.5, 1);
    }

    [Fact]
    public void Rows_that_cannot_be_learnt_are_named()
    {
        ClassifierJobOptions options = Options(ClassifierMethod.Head);
        File.AppendAllText(options.Test!, """{"text": "what now", "label": "unheard"}""" + "\n");
        string unheard = Assert.Throws<InputException>(() => Run(options)).Message;
        Assert.Contains($"test.jsonl:{Classes * TestRows + 1}", unheard);
        Assert.Contains("occurs in no training row", unheard);
        string words = Assert.Throws<InputException>(() => Run(Options(ClassifierMethod.Head) with { Regression = true })).Message;
        Assert.Contains("no finite number", words);
        File.WriteAllText(options.Data, """{"text": "a", "label": "x"}""" + "\n" + """{"text": "b", "label": "x"}""" + "\n");
        Assert.Contains("two labels or more", Assert.Throws<InputException>(() => Run(options)).Message);
    }

    private static ClassifierRecord Run(ClassifierJobOptions options) => ClassifierJob.Run(options, new SilentProgress(), CancellationToken.None);

    private ClassifierJobOptions Options(ClassifierMethod method, Func<int, string>? label = null)
    {
        FixtureFolder.SkipIfAbsent(FixtureFolder.Exists ? "" : FixtureFolder.Absent);
        using JsonDocument clinc = JsonDocument.Parse(File.ReadAllText(FixtureFolder.PathOf("data", "clinc150", "data_small.json")));
        string Write(string side, int rows)
        {
            var classes = clinc.RootElement.GetProperty(side).EnumerateArray()
                .GroupBy(row => row[1].GetString()!, row => row[0].GetString()!).OrderBy(g => g.Key, StringComparer.Ordinal).Take(Classes);
            string file = Path.Combine(_folder, side + ".jsonl");
            File.WriteAllLines(file, classes.SelectMany((c, number) => c.Take(rows).Select(text => JsonSerializer.Serialize(new { text, label = label?.Invoke(number) ?? c.Key }))));
            return file;
        }
        return new ClassifierJobOptions
        {
            Base = FixtureFolder.PathOf("models", "minilm-l6"),
            Data = Write("train", TrainRows),
            Validation = Write("val", TestRows),
            Test = Write("test", TestRows),
            Out = Path.Combine(_folder, "out"),
            Method = method,
            BatchRows = 8,
            // What a whole model drops is drawn from torch's own generator, which other tests of the process share.
            Dropout = 0,
        };
    }
}
