using System.Diagnostics;
using FineTuneKit.Data;
using FineTuneKit.Evaluation;
using FineTuneKit.Models;
using FineTuneKit.Models.Hub;
using FineTuneKit.Records;
using FineTuneKit.Training;

namespace FineTuneKit.Planning;

/// <summary>
/// Says before a run what memory, time and money it takes: <c>ftk plan</c>. The rows are read, split and tokenised as the
/// run would; what is certain is counted, and the rest is measured by a few of the run's own steps, taken and thrown away.
/// </summary>
public static class TrainingPlanner
{
    private const int AnswersMeasured = 64;

    /// <summary>Makes the plan of a run.</summary>
    /// <param name="options">The run.</param>
    /// <param name="pricePerHour">What an hour of this machine costs, above 0, in any currency; null where that is of no interest.</param>
    /// <param name="progress">Told of the stages.</param>
    /// <param name="cancel">Ends early.</param>
    /// <exception cref="InputException">What the run itself would refuse, or weights that are larger than the memory.</exception>
    public static TrainingPlan Plan(TuningJobOptions options, double? pricePerHour, IRunProgress progress, CancellationToken cancel)
    {
        if (pricePerHour is { } price && !(price > 0 && double.IsFinite(price))) throw new InputException($"a price of {price} an hour; more than 0 is required");
        TrainingOptions training = TuningJob.Training(options);
        string baseFolder = HubCache.ModelFolder(options.Base);
        progress.Begin("data");
        TuningData data = TuningData.Read(options);
        RequireRoom(baseFolder, options);
        using ChatModel model = TuningJob.LoadBase(options, baseFolder);
        TuningExamples examples = data.Tokenize(model);
        progress.End($"{data.Rows.Count} rows; {examples.Train.Length} to train, {examples.Validation.Length} to choose, {examples.Test.Length} to test");

        ITrainable trained = TuningMethods.Attach(model.Decoder, options);
        var windows = new ExampleWindows(new ExampleList(examples.Train, training), training);
        var rehearsal = new TrainingRehearsal([.. Enumerable.Range(0, windows.StepsPerEpoch!.Value).Select(step => windows.At(step))], training.BatchRows);
        MemoryPlan certain = Certain(model.Decoder, trained, training);
        (MemoryPlan memory, TimePlan? time) = certain.Fits
            ? Measure(model, trained, data, examples, training, windows, rehearsal, certain, progress, cancel)
            : (certain, null);
        long trainable = trained.Parameters.Sum(p => p.Value.numel());
        return new TrainingPlan
        {
            Version = typeof(TrainingPlanner).Assembly.GetName().Version!.ToString(3),
            Options = TuningJob.WithoutPaths(options),
            Training = training,
            Rows = [examples.Train.Length, examples.Validation.Length, examples.Test.Length],
            Parameters = model.Decoder.ParameterCount,
            TrainableParameters = trainable,
            TokensPerEpoch = examples.Train.Sum(row => (long)row.Ids.Length),
            PaddedTokensPerEpoch = rehearsal.AllTokens,
            StepsPerEpoch = windows.StepsPerEpoch.Value,
            Steps = windows.TotalSteps,
            Memory = memory,
            Time = time,
            ResultBytes = certain.BestWeights,
            CheckpointBytes = CheckpointFolder.Kept * (certain.BestWeights + certain.Optimizer + (examples.Validation.Length > 0 ? certain.BestWeights : 0)),
            PricePerHour = pricePerHour,
            Machine = MachineDescription.Current(get_num_threads()),
        };
    }

    private static (MemoryPlan, TimePlan) Measure(
        ChatModel model, ITrainable trained, TuningData data, TuningExamples examples, TrainingOptions training, ExampleWindows windows,
        TrainingRehearsal rehearsal, MemoryPlan certain, IRunProgress progress, CancellationToken cancel)
    {
        var objective = new SupervisedObjective(model.Decoder, endIds: [.. model.Template.StopIds]);
        progress.Begin("rehearsal");
        double evaluated = SecondsPerToken(objective, [.. examples.Validation, .. examples.Test], training.BatchRows);
        Func<double, double> step = rehearsal.Run(trained, objective, training, cancel);
        double answer = SecondsPerAnswer(model, data.Split.Test, cancel);
        double mean = step((double)rehearsal.AllTokens / windows.StepsPerEpoch!.Value);
        var time = new TimePlan
        {
            MeasuredSteps = rehearsal.Steps,
            Step = mean,
            Training = mean * windows.TotalSteps,
            Validation = evaluated * Tokens(examples.Validation) * training.Epochs,
            Test = 2 * evaluated * Tokens(examples.Test) + answer * examples.Test.Length,
        };
        progress.End($"{rehearsal.Steps} steps of {mean:0.000} s on average");
        // The copy of the best weights is made at the first evaluation, which the rehearsal does not come to.
        long best = examples.Validation.Length > 0 && training.KeepBest ? certain.BestWeights : 0;
        MemoryPlan memory = certain with
        {
            BestWeights = best,
            Activations = Math.Max(0, rehearsal.PeakBytes - certain.Weights - certain.Gradients - certain.Optimizer),
            Peak = MachineDescription.PeakMemoryBytes() + best,
        };
        return (memory, time);
    }

    // What a run holds at least, whatever its batches.
    private static MemoryPlan Certain(Decoder model, ITrainable trained, TrainingOptions training)
    {
        long weights = memory.live_bytes;
        long trainable = trained.Parameters.Sum(p => p.Value.numel());
        long state = trained.Parameters.Sum(p => p.Value.numel() * ParameterOptimizer.StateBytes(p, training));
        long process = Math.Max(0, Environment.WorkingSet - memory.live_bytes - memory.idle_bytes);
        var plan = new MemoryPlan
        {
            Weights = weights,
            Gradients = trainable * sizeof(float),
            Optimizer = state,
            BestWeights = trainable * sizeof(float),
            Activations = null,
            Peak = 0,
            Available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        };
        return plan with { Peak = process + plan.Weights + plan.Gradients + plan.Optimizer + plan.BestWeights };
    }

    // Loading weights that are larger than the memory would end the process without a word.
    private static void RequireRoom(string folder, TuningJobOptions options)
    {
        using SafetensorsShards weights = SafetensorsShards.Open(folder);
        long count = weights.Names.Select(weights.Entry).Where(entry => entry.Type != "U8").Sum(entry => entry.Shape.Aggregate(1L, (a, b) => a * b));
        long available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        double bytes = TuningJob.BytesPerWeight(options) * count;
        if (bytes > available)
            throw new InputException($"{folder}: {count:N0} weights take {bytes / (1 << 30):0.0} GiB by --method {options.Method.ToString().ToLowerInvariant()} and --base-dtype {options.BaseType}; {available / (double)(1 << 30):0.0} GiB are there. QLoRA takes about an eighth of float32, a base in bfloat16 half");
    }

    private static double SecondsPerToken(IObjective objective, TrainingExample[] rows, int batchRows)
    {
        TrainingExample[] batch = [.. rows.OrderByDescending(row => row.Ids.Length).Take(batchRows)];
        if (batch.Length == 0) return 0;
        Trainer.Evaluate(objective, batch, batchRows);
        var clock = Stopwatch.StartNew();
        Trainer.Evaluate(objective, batch, batchRows);
        return clock.Elapsed.TotalSeconds / TrainingRehearsal.PaddedTokens(batch, batchRows);
    }

    // A tuned model answers as long as its rows do, so the answers are timed by their tokens.
    private static double SecondsPerAnswer(ChatModel model, IReadOnlyList<Row> test, CancellationToken cancel)
    {
        Row[] asked = [.. test.Take(AnswersMeasured)];
        if (asked.Length == 0) return 0;
        int[] lengths = [.. asked.Select(row => Math.Max(1, model.Tokenizer.EncodePlain(row.Answer).Length))];
        var clock = Stopwatch.StartNew();
        model.Answer([.. asked.Select(TuningData.Question)], lengths, new SilentProgress(), cancel);
        return clock.Elapsed.TotalSeconds / asked.Length;
    }

    private static long Tokens(TrainingExample[] rows) => rows.Sum(row => (long)row.Ids.Length);
}
