using FineTuneKit.Adapters;
using FineTuneKit.Data;
using FineTuneKit.Evaluation;
using FineTuneKit.Models;
using FineTuneKit.Training;

namespace FineTuneKit.Records;

/// <summary>What a <see cref="TuningTrial"/> tunes, on what, and how.</summary>
public sealed record TuningTrialOptions
{
    /// <summary>Folder of the base model.</summary>
    public required string Base { get; init; }

    /// <summary>The rows to learn from.</summary>
    public required IReadOnlyList<Row> Train { get; init; }

    /// <summary>Default none. The rows by which the best weights and the stopping point are found.</summary>
    public IReadOnlyList<Row> Validation { get; init; } = [];

    /// <summary>Default null: full training, every weight. Else the adapters that are trained beside the frozen base.</summary>
    public LoraOptions? Lora { get; init; }

    /// <summary>Default null: <see cref="Lora"/>. Makes of the base what is trained, such as <c>model => LastLayers.Attach(model, 2)</c>.</summary>
    public Func<Decoder, ITrainable>? Attach { get; init; }

    /// <summary>How to train; its seed is also that of the adapters' first weights.</summary>
    public required TrainingOptions Training { get; init; }

    /// <summary>Told after each step, such as a <see cref="Charts.LiveTraining"/>; null for nobody.</summary>
    public IProgress<TrainingProgress>? Progress { get; init; }
}

/// <summary>
/// One tuning run in memory, from a fresh base: what an experiment repeats with another method, rate or seed. Nothing is
/// written; <see cref="TuningJob"/> makes the run that is kept.
/// </summary>
public sealed class TuningTrial : IDisposable
{
    private TuningTrial(ChatModel model, ITrainable trained, TrainingResult result, long peakBytes) =>
        (Model, Trained, Result, PeakBytes) = (model, trained, result, peakBytes);

    /// <summary>The tuned model, to be asked; disposed with the trial.</summary>
    public ChatModel Model { get; }

    /// <summary>What was trained: adapters, part of the model, or all of it.</summary>
    public ITrainable Trained { get; }

    /// <summary>The adapters beside projections; null where there are none.</summary>
    public AdaptedModel? Adapter => Trained as AdaptedModel;

    /// <summary>Steps, losses, times.</summary>
    public TrainingResult Result { get; }

    /// <summary>
    /// The most bytes that tensors held during loading and training beyond those before it: weights, gradients, the
    /// optimizer's moments, what the backward pass keeps. The process needs more. What other threads hold meanwhile is counted too.
    /// </summary>
    public long PeakBytes { get; }

    /// <summary>Loads the base and trains it.</summary>
    /// <param name="options">What to tune and how.</param>
    /// <param name="cancel">Ends the run after the step in hand.</param>
    /// <exception cref="InputException">Base, rows or options that cannot be used.</exception>
    /// <exception cref="OperationCanceledException">Interrupted.</exception>
    public static TuningTrial Run(TuningTrialOptions options, CancellationToken cancel = default)
    {
        long before = memory.live_bytes;
        memory.reset_peak();
        ChatModel model = ChatModel.Load(options.Base);
        try
        {
            ITrainable trained = options.Attach?.Invoke(model.Decoder)
                ?? (options.Lora is { } lora ? AdaptedModel.Attach(model.Decoder, lora, options.Training.Seed) : new WholeModel(model.Decoder));
            TrainingResult result = Train(options, model, trained, cancel);
            return new TuningTrial(model, trained, result, memory.peak_bytes - before);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();

    private static TrainingResult Train(TuningTrialOptions options, ChatModel model, ITrainable trained, CancellationToken cancel)
    {
        TrainingExample[] Tokenize(IReadOnlyList<Row> rows) => [.. rows.Select(row => TrainingRows.Of(row, model.Template))];
        TrainingResult result = Trainer.Run(new TrainingRun
        {
            Model = trained,
            Objective = new SupervisedObjective(model.Decoder, endIds: [.. model.Template.StopIds]),
            Examples = new ExampleList(Tokenize(options.Train), options.Training),
            Validation = Tokenize(options.Validation),
            Options = options.Training,
            BaseSha256 = model.Sha256,
            Progress = options.Progress,
        }, cancel);
        if (result.Reason == StopReason.Interrupted) throw new OperationCanceledException($"Stopped after step {result.Steps} of {result.PlannedSteps}; a trial keeps nothing");
        return result;
    }
}
