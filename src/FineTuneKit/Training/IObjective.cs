using FineTuneKit.Models;

namespace FineTuneKit.Training;

/// <summary>
/// What is learnt: a loss over rows, as a sum with its count. The trainer divides once for each optimizer step, so that
/// the size of a batch never changes what is learnt (transformers issue 24725).
/// </summary>
public interface IObjective
{
    /// <summary>Refuses a row that cannot be learnt from.</summary>
    /// <exception cref="InputException">With the row's origin, what was found and what is required.</exception>
    void Check(TrainingExample row);

    /// <summary>The count by which the loss of these rows is divided, known before the forward pass: target tokens, or pairs.</summary>
    long Tokens(IReadOnlyList<TrainingExample> rows);

    /// <summary>The summed loss (scalar, with its graph) and the count.</summary>
    (Tensor LossSum, long Tokens) Evaluate(IReadOnlyList<TrainingExample> rows);
}

/// <summary>An objective over what an output layer gives for each row, whatever the layer reads.</summary>
public interface IOutputObjective : IObjective
{
    /// <summary>The summed loss of outputs (B, labels) against the rows' targets.</summary>
    Tensor Loss(Tensor outputs, IReadOnlyList<TrainingExample> rows);
}

/// <summary>Supervised fine-tuning and pretraining: cross-entropy of the next token, over the tokens that the mask marks.</summary>
/// <param name="model">A decoder with a language-model head.</param>
/// <param name="labelSmoothing">Share of the target spread over the vocabulary, in [0, 1); 0 for none.</param>
/// <param name="endIds">Tokens that end an answer: where given, rows that would not teach one are refused.</param>
public sealed class SupervisedObjective(Decoder model, double labelSmoothing = 0, IReadOnlyCollection<int>? endIds = null) : IObjective
{
    /// <inheritdoc/>
    public void Check(TrainingExample row) => row.Check(model.Config.ContextLength, model.Config.VocabularySize, endIds);

    /// <inheritdoc/>
    public long Tokens(IReadOnlyList<TrainingExample> rows) => rows.Sum(row => (long)row.TargetCount);

    /// <inheritdoc/>
    public (Tensor LossSum, long Tokens) Evaluate(IReadOnlyList<TrainingExample> rows)
    {
        int tokens = rows.Max(row => row.Ids.Length);
        var ids = new long[rows.Count * tokens];
        var labels = new long[ids.Length];
        Array.Fill(labels, LanguageModelLoss.Ignore);
        for (int row = 0; row < rows.Count; row++)
        {
            (int[] rowIds, bool[] mask) = (rows[row].Ids, rows[row].Mask);
            for (int t = 0; t < rowIds.Length; t++)
            {
                ids[row * tokens + t] = rowIds[t];
                if (mask[t]) labels[row * tokens + t] = rowIds[t];
            }
        }
        using TokenLayout layout = rows.Any(row => row.Segments is not null)
            ? TokenLayout.Packed([.. rows.Select(row => row.Segments ?? [row.Ids.Length])], tokens)
            : TokenLayout.RightPadded([.. rows.Select(row => row.Ids.Length)], tokens);
        return LanguageModelLoss.Evaluate(model, tensor(ids).reshape(rows.Count, tokens), labels, layout, labelSmoothing);
    }
}
