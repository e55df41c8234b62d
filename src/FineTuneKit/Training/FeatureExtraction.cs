using FineTuneKit.Models;

namespace FineTuneKit.Training;

/// <summary>What a frozen body says of a row, with the row's target: an output layer is trained on these alone.</summary>
/// <param name="Features">The components that the classifier reads.</param>
/// <param name="Target">The row that they were computed from.</param>
public sealed record FeatureRow(float[] Features, TrainingExample Target) : TrainingExample(Target.Ids, Target.Mask, Target.Origin)
{
    /// <inheritdoc/>
    internal override IEnumerable<int> Content => [.. Features.Select(BitConverter.SingleToInt32Bits), .. Target.Content];
}

/// <summary>
/// Runs a frozen body once for each row and keeps what its output layer reads, so that training the layer costs no pass
/// through the body. The body is not in training: it drops nothing.
/// </summary>
public static class FeatureExtraction
{
    /// <summary>The features of rows, in their order.</summary>
    /// <param name="model">The encoder; switched to use.</param>
    /// <param name="rows">Labelled texts or images.</param>
    /// <param name="batchRows">Rows of a pass.</param>
    /// <param name="progress">Told how many are done.</param>
    /// <param name="cancel">Ends early.</param>
    /// <exception cref="InputException">A row that the model cannot read.</exception>
    public static IReadOnlyList<FeatureRow> Of(Encoder model, IReadOnlyList<TrainingExample> rows, int batchRows, IRunProgress progress, CancellationToken cancel)
    {
        var body = new ClassificationObjective(model);
        var features = new FeatureRow[rows.Count];
        model.train(false);
        using IDisposable quiet = no_grad();
        int done = 0;
        // Rows of like length share a batch, which saves padding.
        foreach (int[] batch in Enumerable.Range(0, rows.Count).OrderBy(i => rows[i].Ids.Length).Chunk(batchRows))
        {
            cancel.ThrowIfCancellationRequested();
            using DisposeScope scope = NewDisposeScope();
            using EncoderInput input = body.Input([.. batch.Select(i => rows[i])]);
            Tensor pooled = model.Pooled(model.Hidden(input));
            float[] values = pooled.contiguous().data<float>().ToArray();
            int width = (int)pooled.size(1);
            for (int i = 0; i < batch.Length; i++) features[batch[i]] = new FeatureRow(values[(i * width)..((i + 1) * width)], rows[batch[i]]);
            progress.Report((double)(done += batch.Length) / rows.Count, $"{done} of {rows.Count}");
        }
        return features;
    }
}

/// <summary>An objective whose rows come as features: the output layer alone computes.</summary>
/// <param name="model">The encoder whose output layer is trained.</param>
/// <param name="objective">The loss over its outputs.</param>
public sealed class FeatureObjective(Encoder model, IOutputObjective objective) : IObjective
{
    /// <inheritdoc/>
    public void Check(TrainingExample row) => objective.Check(((FeatureRow)row).Target);

    /// <inheritdoc/>
    public long Tokens(IReadOnlyList<TrainingExample> rows) => rows.Count;

    /// <inheritdoc/>
    public (Tensor LossSum, long Tokens) Evaluate(IReadOnlyList<TrainingExample> rows) =>
        (objective.Loss(Outputs(rows), [.. rows.Select(row => ((FeatureRow)row).Target)]), rows.Count);

    /// <summary>What the output layer makes of the features: (B, labels).</summary>
    public Tensor Outputs(IReadOnlyList<TrainingExample> rows)
    {
        float[] values = [.. rows.SelectMany(row => ((FeatureRow)row).Features)];
        return model.Classify(tensor(values, [rows.Count, values.Length / rows.Count]));
    }
}
