using FineTuneKit.Data;
using FineTuneKit.Evaluation;

namespace FineTuneKit.Lab;

/// <summary>Asks a model for the tickets of the test rows: greedy decoding, scored field by field.</summary>
public static class TicketTest
{
    private const int AnswerTokens = 160;

    /// <summary>An answer for each row.</summary>
    /// <param name="model">The model.</param>
    /// <param name="rows">The test rows.</param>
    /// <param name="shown">Examples that stand in each prompt between the system line and the message; empty for none.</param>
    /// <param name="progress">Told how many are answered.</param>
    /// <param name="cancel">Ends early.</param>
    public static TicketAnswer[] Ask(ChatModel model, IReadOnlyList<Row> rows, IReadOnlyList<ChatMessage> shown, IRunProgress progress, CancellationToken cancel)
    {
        IReadOnlyList<ChatMessage>[] prompts =
            [.. rows.Select(r => (IReadOnlyList<ChatMessage>)[.. r.Messages.Where(m => m.Role == "system"), .. shown, .. r.Messages.Where(m => m.Role == "user")])];
        IReadOnlyList<string> answers = model.Answer(prompts, AnswerTokens, progress, cancel);
        var losses = RowLosses.Of(model, rows);
        return [.. rows.Select((row, i) => TicketAnswer.Of(row, answers[i], losses[i].Loss, losses[i].Tokens))];
    }
}
