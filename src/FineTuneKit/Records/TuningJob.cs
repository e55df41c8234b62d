using System.Globalization;
using FineTuneKit.Adapters;
using FineTuneKit.Data;
using FineTuneKit.Evaluation;
using FineTuneKit.Evaluation.Significance;
using FineTuneKit.Models;
using FineTuneKit.Models.Hub;
using FineTuneKit.Text;
using FineTuneKit.Training;

namespace FineTuneKit.Records;

/// <summary>One tuning run on the user's own rows.</summary>
public sealed record TuningJobOptions
{
    /// <summary>Folder of the base model, or the name of one in the hub's cache (<see cref="HubCache"/>).</summary>
    public required string Base { get; init; }

    /// <summary>Default null: the base's. Folder of the tokenizer and the chat template.</summary>
    public string? Tokenizer { get; init; }

    /// <summary>The rows: JSONL, JSON, CSV or TSV.</summary>
    public required string Data { get; init; }

    /// <summary>Folder of the results.</summary>
    public required string Out { get; init; }

    /// <summary>Default LoRA.</summary>
    public TuningMethod Method { get; init; }

    /// <summary>Default AdamW; see <see cref="TrainingOptions.Optimizer"/>. A base that Muon made, as mini-base, learns more with Muon.</summary>
    public string Optimizer { get; init; } = TrainingOptions.AdamW;

    /// <summary>Default float32; see <see cref="TrainingOptions.OptimizerState"/>.</summary>
    public string OptimizerState { get; init; } = TrainingOptions.Float32;

    /// <summary>Default null: the method's (<see cref="TuningMethodEntry.Rate"/>).</summary>
    public double? LearningRate { get; init; }

    /// <summary>Default 6. Passes over the training rows at most; early stopping may end the run sooner.</summary>
    public int Epochs { get; init; } = 6;

    /// <summary>Default 16. Rows of an optimizer step.</summary>
    public int BatchRows { get; init; } = 16;

    /// <summary>Default 16. LoRA's rank; alpha is twice the rank.</summary>
    public int Rank { get; init; } = 16;

    /// <summary>Default 16. Virtual tokens of <see cref="TuningMethod.Prompt"/> and <see cref="TuningMethod.Prefix"/>.</summary>
    public int VirtualTokens { get; init; } = 16;

    /// <summary>Default 2. Blocks that <see cref="TuningMethod.LastK"/> trains.</summary>
    public int Layers { get; init; } = 2;

    /// <summary>Default 20. Steps from one block to the next of <see cref="TuningMethod.Gradual"/>.</summary>
    public int ThawEvery { get; init; } = 20;

    /// <summary>Default 0.8. What <see cref="TuningMethod.Layerwise"/> multiplies the rate by from a block to the one below, in (0, 1].</summary>
    public double LayerDecay { get; init; } = LayerwiseRates.UsualDecay;

    /// <summary>Default false: see <see cref="Decoder.GradientCheckpointing"/>.</summary>
    public bool GradientCheckpointing { get; init; }

    /// <summary>Default float32; bfloat16 or float16. How the frozen projections are kept under LoRA; see <see cref="Decoder.StoreProjections"/>.</summary>
    public string BaseType { get; init; } = "float32";

    /// <summary>Default null: NF4 with blocks of 64 and 8-bit scales for QLoRA. How a float base is packed; one that is packed already stays as it is.</summary>
    public QuantizationOptions? Quantization { get; init; }

    /// <summary>Default 3. Evaluations without improvement that stop the run; there is one after each pass.</summary>
    public int Patience { get; init; } = 3;

    /// <summary>Default 1. The seed of the split, the order and LoRA's first weights.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>The rate that is used.</summary>
    public double EffectiveRate => LearningRate ?? TuningMethods.Of(Method).Rate;
}

/// <summary>The record of a tuning run, <c>record.json</c>. Schema <c>finetunekit.train/1</c>.</summary>
public sealed record TuningRecord
{
    /// <summary>The schema's name and version.</summary>
    public string Schema { get; init; } = "finetunekit.train/1";

    /// <summary>The kit's version.</summary>
    public required string Version { get; init; }

    /// <summary>The options as used, paths reduced to their last part.</summary>
    public required TuningJobOptions Options { get; init; }

    /// <summary>The training options that follow from them.</summary>
    public required TrainingOptions Training { get; init; }

    /// <summary>SHA-256 of the rows.</summary>
    public required string DataSha256 { get; init; }

    /// <summary>The split.</summary>
    public required SplitProof Split { get; init; }

    /// <summary>What the audit found, by rule.</summary>
    public required IReadOnlyDictionary<string, int> Findings { get; init; }

    /// <summary>SHA-256 of the base's weights.</summary>
    public required string BaseSha256 { get; init; }

    /// <summary>SHA-256 of the chat template.</summary>
    public required string TemplateSha256 { get; init; }

    /// <summary>Weights trained.</summary>
    public required long TrainableParameters { get; init; }

    /// <summary>Steps done.</summary>
    public required long Steps { get; init; }

    /// <summary>The step whose weights were kept.</summary>
    public required long? BestStep { get; init; }

    /// <summary>The lowest validation loss, in nats a token.</summary>
    public required double? ValidationLoss { get; init; }

    /// <summary>Mean loss on the test rows before tuning, in nats a token.</summary>
    public required double TestLossBefore { get; init; }

    /// <summary>The same after tuning.</summary>
    public required double TestLoss { get; init; }

    /// <summary>Test answers equal to the expected one, with Wilson's 95 % interval.</summary>
    public required Estimate ExactMatch { get; init; }

    /// <summary>SHA-256 of the test rows; null in records of earlier versions.</summary>
    public string? TestSha256 { get; init; }

    /// <summary>How often runs that lie beside this one have looked at these test rows, this run included (<see cref="Records.TestLooks"/>).</summary>
    public int? TestLooks { get; init; }

    /// <summary>The machine.</summary>
    public required MachineDescription Machine { get; init; }

    /// <summary>Seconds of training in the last process.</summary>
    public required double Seconds { get; init; }

    /// <summary>The largest resident size, in bytes.</summary>
    public required long PeakMemoryBytes { get; init; }
}

/// <summary>Reads, audits, splits, trains, tests and records: <c>ftk train</c>.</summary>
public static class TuningJob
{
    private const int AnswerTokens = 200;

    /// <summary>Runs or resumes the job.</summary>
    /// <exception cref="InputException">Base, rows or options that cannot be used.</exception>
    /// <exception cref="OperationCanceledException">Interrupted; the message says how to go on.</exception>
    public static TuningRecord Run(TuningJobOptions options, bool resume, IRunProgress progress, CancellationToken cancel)
    {
        TrainingOptions training = Training(options);
        string baseFolder = HubCache.ModelFolder(options.Base);
        progress.Begin("data");
        TuningData data = TuningData.Read(options);
        using ChatModel model = LoadBase(options, baseFolder);
        (TrainingExample[] train, TrainingExample[] validation, TrainingExample[] test) = data.Tokenize(model);
        progress.End($"{data.Rows.Count} rows, {data.Audit.Findings.Count} findings; {train.Length} to train, {validation.Length} to choose, {test.Length} to test");

        var objective = new SupervisedObjective(model.Decoder, endIds: [.. model.Template.StopIds]);
        double before = Trainer.Evaluate(objective, test, options.BatchRows).Loss;
        ITrainable trained = TuningMethods.Attach(model.Decoder, options);
        TrainingResult result = Train(options, training, model, trained, objective, train, validation, resume, progress, cancel);

        progress.Begin("test");
        double after = Trainer.Evaluate(objective, test, options.BatchRows).Loss;
        IReadOnlyList<string> answers = model.Answer([.. data.Split.Test.Select(TuningData.Question)], [.. Enumerable.Repeat(AnswerTokens, test.Length)], progress, cancel);
        string tested = DataHash.Of(data.Split.Test);
        var record = new TuningRecord
        {
            Version = typeof(TuningJob).Assembly.GetName().Version!.ToString(3),
            Options = WithoutPaths(options) with { Quantization = model.Decoder.Quantization },
            Training = training,
            DataSha256 = DataHash.Of(data.Rows),
            Split = data.Split.Proof,
            Findings = data.Audit.Findings.GroupBy(f => f.Rule).OrderBy(g => g.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal),
            BaseSha256 = model.Sha256,
            TemplateSha256 = model.Template.Hash,
            TrainableParameters = result.TrainableParameters,
            Steps = result.Steps,
            BestStep = result.BestStep,
            ValidationLoss = result.BestValidationLoss,
            TestLossBefore = before,
            TestLoss = after,
            ExactMatch = Proportions.Interval(answers.Where((answer, i) => answer == TuningData.Expected(data.Split.Test[i], test[i], model)).Count(), answers.Count),
            TestSha256 = tested,
            TestLooks = TestLooks.With(options.Out, tested),
            Machine = MachineDescription.Current(get_num_threads()),
            Seconds = result.Elapsed.TotalSeconds,
            PeakMemoryBytes = MachineDescription.PeakMemoryBytes(),
        };
        TuningMethods.Save(options.Out, trained, model, BaseName(options.Base), companionsFrom: options.Tokenizer ?? baseFolder);
        AtomicFile.WriteJson(Path.Combine(options.Out, "record.json"), record);
        progress.End(string.Create(CultureInfo.InvariantCulture, $"loss {before:0.000} before, {after:0.000} after; {record.ExactMatch.Value:0%} of answers exact"));
        return record;
    }

    private static TrainingResult Train(
        TuningJobOptions options, TrainingOptions training, ChatModel model, ITrainable trained, SupervisedObjective objective,
        TrainingExample[] train, TrainingExample[] validation, bool resume, IRunProgress progress, CancellationToken cancel)
    {
        progress.Begin("training");
        TrainingResult result = Trainer.Run(new TrainingRun
        {
            Model = trained,
            Objective = objective,
            Examples = new ExampleList(train, training),
            Validation = validation,
            Options = training,
            Folder = options.Out,
            Resume = resume,
            BaseSha256 = model.Sha256,
            Progress = new StepRelay(progress),
            Notice = text => progress.Report(0, text),
        }, cancel);
        if (result.Reason == StopReason.Interrupted)
            throw new OperationCanceledException($"Stopped after step {result.Steps} of {result.PlannedSteps}, saved in {options.Out}; the same command with --resume goes on from there");
        progress.End(string.Create(CultureInfo.InvariantCulture, $"validation loss {result.BestValidationLoss:0.000} at step {result.BestStep} of {result.PlannedSteps}"));
        return result;
    }

    /// <summary>The base as the method keeps it: packed, in half precision, or float32.</summary>
    /// <exception cref="InputException">A folder that cannot be read, or a form that the method cannot train.</exception>
    internal static ChatModel LoadBase(TuningJobOptions options, string folder)
    {
        ChatModel model = ChatModel.Load(folder, options.Tokenizer, Packing(options));
        try
        {
            model.Decoder.GradientCheckpointing = options.GradientCheckpointing;
            if (!TuningMethods.Of(options.Method).KeepsBase && model.Decoder.Quantization is not null)
                throw new InputException($"{options.Base} is quantised in four bits a weight, which {TuningMethods.Of(options.Method).Name} training cannot change; use QLoRA, or the float model");
            model.Decoder.StoreProjections(StoredType(options));
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Bytes that a weight of the base takes at least.</summary>
    internal static double BytesPerWeight(TuningJobOptions options) => Packing(options) is not null ? 0.5 : StoredType(options) == ScalarType.Float32 ? 4 : 2;

    /// <summary>The options as a record keeps them: paths say nothing on another machine.</summary>
    internal static TuningJobOptions WithoutPaths(TuningJobOptions options) => options with
    {
        Base = BaseName(options.Base),
        Tokenizer = options.Tokenizer is { } tokenizer ? Name(tokenizer) : null,
        Data = Name(options.Data),
        Out = "",
    };

    private static QuantizationOptions? Packing(TuningJobOptions options) =>
        TuningMethods.Of(options.Method).PacksBase ? options.Quantization ?? new QuantizationOptions { DoubleQuantization = true } : null;

    private static ScalarType StoredType(TuningJobOptions options)
    {
        ScalarType type = options.BaseType switch
        {
            "float32" => ScalarType.Float32,
            "bfloat16" => ScalarType.BFloat16,
            "float16" => ScalarType.Float16,
            var other => throw new InputException($"the base's type is \"{other}\"; float32, bfloat16 or float16 is required"),
        };
        if (type != ScalarType.Float32 && !TuningMethods.Of(options.Method).KeepsBase)
            throw new InputException($"the base is to be kept in {options.BaseType}, but {TuningMethods.Of(options.Method).Name} training changes it, which requires float32; LoRA leaves it as it is");
        return type;
    }

    /// <summary>How the loop is run.</summary>
    /// <exception cref="InputException">An option out of its range.</exception>
    internal static TrainingOptions Training(TuningJobOptions options)
    {
        var training = new TrainingOptions
        {
            Optimizer = options.Optimizer,
            OptimizerState = options.OptimizerState,
            LearningRate = options.EffectiveRate,
            LoraPlusRatio = TuningMethods.Of(options.Method).LoraPlusRatio,
            Schedule = "cosine",
            Warmup = 0.05,
            Epochs = options.Epochs,
            BatchRows = options.BatchRows,
            GroupByLength = true,
            Patience = options.Patience,
            Seed = options.Seed,
        };
        training.Validate();
        return training;
    }

    // A name on the hub says where others find the base; a path on this machine does not.
    private static string BaseName(string pathOrName) => !Path.Exists(pathOrName) && HubName.IsOne(pathOrName) ? HubName.Parse(pathOrName).Name : Name(pathOrName);

    private static string Name(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
}
