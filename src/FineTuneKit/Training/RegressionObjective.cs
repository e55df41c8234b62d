using FineTuneKit.Models;

namespace FineTuneKit.Training;

/// <summary>A text with the number that an encoder shall give it.</summary>
/// <param name="Ids">Token ids, special tokens included; 1 or more.</param>
/// <param name="Value">The number, finite.</param>
/// <param name="Origin">Where the row came from, for messages.</param>
public sealed record ScoredText(int[] Ids, float Value, string Origin) : TrainingExample(Ids, new bool[Ids.Length], Origin)
{
    /// <inheritdoc/>
    internal override IEnumerable<int> Content => [.. base.Content, BitConverter.SingleToInt32Bits(Value)];
}

/// <summary>Regression by an encoder with one output: squared error, as transformers computes it for <c>num_labels</c> 1.</summary>
/// <param name="model">An encoder whose output layer has one output.</param>
public sealed class RegressionObjective(Encoder model) : IOutputObjective
{
    private readonly ClassificationObjective _texts = new(model);

    /// <inheritdoc/>
    public void Check(TrainingExample row)
    {
        if (model.Config.Labels.Count != 1) throw new InputException($"{row.Origin}: the model has {model.Config.Labels.Count} outputs; regression requires 1");
        if (row is not ScoredText scored) throw new InputException($"{row.Origin}: the row has no number; regression needs one");
        if (!float.IsFinite(scored.Value)) throw new InputException($"{row.Origin}: {scored.Value} is to be learnt; a finite number is required");
        _texts.Check(new LabelledText(scored.Ids, 0, scored.Origin));
    }

    /// <summary>The number of rows: each has one target.</summary>
    public long Tokens(IReadOnlyList<TrainingExample> rows) => rows.Count;

    /// <inheritdoc/>
    public (Tensor LossSum, long Tokens) Evaluate(IReadOnlyList<TrainingExample> rows)
    {
        using EncoderInput input = _texts.Input([.. rows.Select(row => new LabelledText(row.Ids, 0, row.Origin))]);
        return (Loss(model.forward(input), rows), rows.Count);
    }

    /// <inheritdoc/>
    public Tensor Loss(Tensor outputs, IReadOnlyList<TrainingExample> rows)
    {
        Tensor targets = tensor([.. rows.Select(row => ((ScoredText)row).Value)], [rows.Count, 1]);
        return (outputs - targets).square().sum();
    }
}
