using FineTuneKit.Data;
using FineTuneKit.Evaluation;
using FineTuneKit.Training;

namespace FineTuneKit.Lab;

/// <summary>The losses of rows one by one.</summary>
public static class RowLosses
{
    /// <summary>Each row's mean loss over its answer, in nats a token, and the answer's tokens.</summary>
    public static IReadOnlyList<(double Loss, long Tokens)> Of(ChatModel model, IReadOnlyList<Row> rows)
    {
        var objective = new SupervisedObjective(model.Decoder);
        return [.. rows.Select(row => Trainer.Evaluate(objective, [TrainingRows.Of(row, model.Template)], 1))];
    }
}
