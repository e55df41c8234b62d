using System.Globalization;
using FineTuneKit.Adapters;
using FineTuneKit.Data;
using FineTuneKit.Evaluation;
using FineTuneKit.Evaluation.Classification;
using FineTuneKit.Evaluation.Significance;
using FineTuneKit.Models;
using FineTuneKit.Models.Hub;
using FineTuneKit.Text;
using FineTuneKit.Training;

namespace FineTuneKit.Records;

/// <summary>How an encoder is made a classifier.</summary>
public enum ClassifierMethod
{
    /// <summary>A new output layer on features of the frozen body, which runs once for each row.</summary>
    Head,

    /// <summary>Low-rank adapters in the body, and the new output layer.</summary>
    Lora,

    /// <summary>Every weight.</summary>
    Full,
}

/// <summary>One classifier trained on the user's own rows.</summary>
public sealed record ClassifierJobOptions
{
    /// <summary>Folder of the encoder, or the name of one in the hub's cache.</summary>
    public required string Base { get; init; }

    /// <summary>Rows of <c>text</c> and <c>label</c>: JSONL, JSON, CSV or TSV.</summary>
    public required string Data { get; init; }

    /// <summary>Default null: a tenth of the rows. The rows that choose the best weights.</summary>
    public string? Validation { get; init; }

    /// <summary>Default null: a tenth of the rows. The rows that are asked at the end.</summary>
    public string? Test { get; init; }

    /// <summary>Folder of the results.</summary>
    public required string Out { get; init; }

    /// <summary>Default the head alone.</summary>
    public ClassifierMethod Method { get; init; }

    /// <summary>Default false. Whether labels are numbers to be met, not classes.</summary>
    public bool Regression { get; init; }

    /// <summary>Default null: 1e-2 for the head, 2e-3 for LoRA, 2e-4 for full training.</summary>
    public double? LearningRate { get; init; }

    /// <summary>Default 4. Passes over the training rows.</summary>
    public int Epochs { get; init; } = 4;

    /// <summary>Default 32. Rows of an optimizer step.</summary>
    public int BatchRows { get; init; } = 32;

    /// <summary>Default 8. LoRA's rank; alpha is twice the rank.</summary>
    public int Rank { get; init; } = 8;

    /// <summary>Default 64. Tokens of a text at most; longer ones are cut, and counted.</summary>
    public int MaxTokens { get; init; } = 64;

    /// <summary>Default null: the model's own. The share that training drops in the body and before the output layer, in [0, 1).</summary>
    public double? Dropout { get; init; }

    /// <summary>Default 1. The seed of the split, the order and the fresh weights.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>The rate that is used.</summary>
    public double EffectiveRate => LearningRate ?? Method switch { ClassifierMethod.Head => 1e-2, ClassifierMethod.Lora => 2e-3, _ => 2e-4 };
}

/// <summary>The record of a classifier's training, <c>record.json</c>. Schema <c>finetunekit.classifier/1</c>.</summary>
public sealed record ClassifierRecord
{
    /// <summary>The schema's name and version.</summary>
    public string Schema { get; init; } = "finetunekit.classifier/1";

    /// <summary>The kit's version.</summary>
    public required string Version { get; init; }

    /// <summary>The options as used, paths reduced to their last part.</summary>
    public required ClassifierJobOptions Options { get; init; }

    /// <summary>The training options that follow from them.</summary>
    public required TrainingOptions Training { get; init; }

    /// <summary>The classes in the order of the outputs; empty for regression.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Rows to train, to choose and to test.</summary>
    public required IReadOnlyList<int> Rows { get; init; }

    /// <summary>Texts that were cut at the limit of tokens.</summary>
    public required int CutTexts { get; init; }

    /// <summary>SHA-256 of the base's weights.</summary>
    public required string BaseSha256 { get; init; }

    /// <summary>Weights trained.</summary>
    public required long TrainableParameters { get; init; }

    /// <summary>Steps done.</summary>
    public required long Steps { get; init; }

    /// <summary>The step whose weights were kept.</summary>
    public required long? BestStep { get; init; }

    /// <summary>Mean loss on the test rows: nats for classes, squared error for numbers.</summary>
    public required double TestLoss { get; init; }

    /// <summary>Test rows of the right class, with Wilson's 95 % interval; null for regression.</summary>
    public required Estimate? Accuracy { get; init; }

    /// <summary>The mean of the classes' F1, those without test rows left out; null for regression.</summary>
    public required double? MacroF1 { get; init; }

    /// <summary>The share of the variance that the outputs explain, R²; null for classes.</summary>
    public required double? ExplainedVariance { get; init; }

    /// <summary>SHA-256 of the test rows; null in records of earlier versions.</summary>
    public string? TestSha256 { get; init; }

    /// <summary>How often runs that lie beside this one have looked at these test rows, this run included (<see cref="Records.TestLooks"/>).</summary>
    public int? TestLooks { get; init; }

    /// <summary>The machine.</summary>
    public required MachineDescription Machine { get; init; }

    /// <summary>Seconds of training, the pass that computes features included.</summary>
    public required double Seconds { get; init; }
}

/// <summary>Replaces an encoder's output layer and trains it, alone or with the body: <c>ftk train classifier</c>.</summary>
public static class ClassifierJob
{
    /// <summary>Runs the job.</summary>
    /// <exception cref="InputException">Base, rows or options that cannot be used.</exception>
    /// <exception cref="OperationCanceledException">Interrupted.</exception>
    public static ClassifierRecord Run(ClassifierJobOptions options, IRunProgress progress, CancellationToken cancel)
    {
        TrainingOptions training = Training(options);
        string folder = HubCache.ModelFolder(options.Base);
        progress.Begin("data");
        ClassifierRows rows = ClassifierRows.Read(options);
        using LoadedEncoder loaded = ModelFolder.LoadEncoder(folder, rows.Labels, options.Seed, options.Dropout);
        Tokenizer tokenizer = loaded.Tokenizer ?? throw new InputException($"{folder} has no tokenizer, so it reads no texts");
        (TrainingExample[] train, TrainingExample[] validation, TrainingExample[] test) = rows.Tokenize(tokenizer, options, out int cut);
        progress.End($"{train.Length} rows to train, {validation.Length} to choose, {test.Length} to test; {rows.Labels.Count} outputs");

        long began = Environment.TickCount64;
        Encoder model = loaded.Model;
        IOutputObjective outputs = options.Regression ? new RegressionObjective(model) : new ClassificationObjective(model);
        IObjective objective = outputs;
        ITrainable trained = Attach(model, options);
        if (options.Method == ClassifierMethod.Head)
        {
            foreach (TrainingExample row in (TrainingExample[])[.. train, .. validation, .. test]) outputs.Check(row);
            progress.Begin("features");
            TrainingExample[] Features(TrainingExample[] from) => [.. FeatureExtraction.Of(model, from, options.BatchRows, progress, cancel)];
            (train, validation, test) = (Features(train), Features(validation), Features(test));
            objective = new FeatureObjective(model, outputs);
            progress.End($"{train.Length + validation.Length + test.Length} rows through the frozen body, once each");
        }
        progress.Begin("training");
        TrainingResult result = Trainer.Run(new TrainingRun
        {
            Model = trained,
            Objective = objective,
            Examples = new ExampleList(train, training),
            Validation = validation,
            Options = training,
            Progress = new StepRelay(progress),
        }, cancel);
        cancel.ThrowIfCancellationRequested();
        progress.End(string.Create(CultureInfo.InvariantCulture, $"validation loss {result.BestValidationLoss:0.000} at step {result.BestStep} of {result.PlannedSteps}"));
        double seconds = (Environment.TickCount64 - began) / 1000.0;

        progress.Begin("test");
        float[][] said = Outputs(model, objective, test, options.BatchRows);
        (Estimate? accuracy, double? f1) = options.Regression ? (null, null) : Classes(said, rows);
        double? explained = options.Regression ? Explained(said, rows.Test) : null;
        string tested = DataHash.Of(rows.Test);
        var record = new ClassifierRecord
        {
            Version = typeof(ClassifierJob).Assembly.GetName().Version!.ToString(3),
            Options = WithoutPaths(options),
            Training = training,
            Labels = options.Regression ? [] : rows.Labels,
            Rows = [train.Length, validation.Length, test.Length],
            CutTexts = cut,
            BaseSha256 = ModelFolder.Sha256(folder),
            TrainableParameters = result.TrainableParameters,
            Steps = result.Steps,
            BestStep = result.BestStep,
            TestLoss = Trainer.Evaluate(objective, test, options.BatchRows).Loss,
            Accuracy = accuracy,
            MacroF1 = f1,
            ExplainedVariance = explained,
            TestSha256 = tested,
            TestLooks = TestLooks.With(options.Out, tested),
            Machine = MachineDescription.Current(get_num_threads()),
            Seconds = seconds,
        };
        Save(options, folder, trained, model, record);
        progress.End(accuracy is { } share ? string.Create(CultureInfo.InvariantCulture, $"{share.Value:0.0%} right") : string.Create(CultureInfo.InvariantCulture, $"R² {explained:0.00}"));
        return record;
    }

    private static ClassifierJobOptions WithoutPaths(ClassifierJobOptions options) => options with
    {
        Base = Name(options.Base),
        Data = Name(options.Data),
        Validation = options.Validation is { } validation ? Name(validation) : null,
        Test = options.Test is { } test ? Name(test) : null,
        Out = "",
    };

    private static TrainingOptions Training(ClassifierJobOptions options)
    {
        if (options.Dropout is { } dropout && dropout is not (>= 0 and < 1)) throw new InputException($"{nameof(options.Dropout)} is {dropout}; it must be in [0, 1)");
        if (options.MaxTokens < 2) throw new InputException($"{nameof(options.MaxTokens)} is {options.MaxTokens}; it must be 2 or more");
        var training = new TrainingOptions
        {
            LearningRate = options.EffectiveRate,
            Schedule = "linear",
            Warmup = 0.1,
            Epochs = options.Epochs,
            BatchRows = options.BatchRows,
            WeightDecay = 0.01,
            Seed = options.Seed,
        };
        training.Validate();
        return training;
    }

    private static ITrainable Attach(Encoder model, ClassifierJobOptions options) => options.Method switch
    {
        ClassifierMethod.Head => HeadOnly.Attach(model),
        ClassifierMethod.Full => new WholeModel(model),
        _ => AdaptedModel.Attach(model, new LoraOptions { Rank = options.Rank, Alpha = 2 * options.Rank, TrainedWhole = ["classifier"], TaskType = "SEQ_CLS" }, options.Seed),
    };

    private static float[][] Outputs(Encoder model, IObjective objective, TrainingExample[] rows, int batchRows)
    {
        var said = new List<float[]>();
        using IDisposable quiet = no_grad();
        foreach (TrainingExample[] batch in rows.Chunk(batchRows))
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor outputs;
            if (objective is FeatureObjective features)
            {
                outputs = features.Outputs(batch);
            }
            else
            {
                using EncoderInput input = new ClassificationObjective(model).Input([.. batch.Select(row => row as LabelledText ?? new LabelledText(row.Ids, 0, row.Origin))]);
                outputs = model.forward(input);
            }
            float[] values = outputs.contiguous().data<float>().ToArray();
            said.AddRange(values.Chunk(values.Length / batch.Length));
        }
        return [.. said];
    }

    private static (Estimate? Accuracy, double? MacroF1) Classes(float[][] said, ClassifierRows rows)
    {
        string[] truth = [.. rows.Test.Select(row => row.Answer)];
        string[] predicted = [.. said.Select(values => rows.Labels[Array.IndexOf(values, values.Max())])];
        ClassificationReport<string> report = ClassificationReport<string>.Of(truth, predicted, [.. truth.Distinct().Order(StringComparer.Ordinal)]);
        return (Proportions.Interval(truth.Zip(predicted).Count(p => p.First == p.Second), truth.Length), report.Macro().F);
    }

    private static double Explained(float[][] said, IReadOnlyList<Row> rows)
    {
        double[] truth = [.. rows.Select(row => (double)ClassifierRows.Number(row))];
        double mean = truth.Average(), spread = truth.Sum(value => Math.Pow(value - mean, 2));
        return spread > 0 ? 1 - truth.Zip(said, (value, outputs) => Math.Pow(value - outputs[0], 2)).Sum() / spread : double.NaN;
    }

    private static void Save(ClassifierJobOptions options, string baseFolder, ITrainable trained, Encoder model, ClassifierRecord record)
    {
        if (trained is AdaptedModel adapted) PeftFolder.Save(Path.Combine(options.Out, "adapter"), adapted, Name(options.Base), record.BaseSha256);
        else ModelFolder.Save(Path.Combine(options.Out, "model"), model, companionsFrom: baseFolder);
        AtomicFile.WriteJson(Path.Combine(options.Out, "record.json"), record);
    }

    private static string Name(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
}
