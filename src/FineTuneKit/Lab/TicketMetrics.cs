using FineTuneKit.Data;
using FineTuneKit.Evaluation;
using FineTuneKit.Evaluation.Classification;
using FineTuneKit.Evaluation.Significance;
using FineTuneKit.Lab.SupportDesk;

namespace FineTuneKit.Lab;

/// <summary>A test message with what a model made of it.</summary>
public sealed record TicketAnswer
{
    /// <summary>Where the row is, such as <c>clean.jsonl:17</c>.</summary>
    public required string Origin { get; init; }

    /// <summary>The answer.</summary>
    public required string Answer { get; init; }

    /// <summary>The answer is the expected one, letter for letter.</summary>
    public required bool Exact { get; init; }

    /// <summary>Field by field.</summary>
    public required TicketScore Score { get; init; }

    /// <summary>The mean loss of the expected answer's tokens, in nats a token.</summary>
    public required double Loss { get; init; }

    /// <summary>The expected answer's tokens.</summary>
    public required long Tokens { get; init; }

    /// <summary>The intent that the answer gives, or <see cref="NoTicket"/>.</summary>
    public required string Intent { get; init; }

    /// <summary>Stands for the intent of an answer that is no ticket.</summary>
    public const string NoTicket = "no ticket";

    /// <summary>Compares an answer with its row.</summary>
    public static TicketAnswer Of(Row row, string answer, double loss, long tokens)
    {
        if (!Ticket.TryParse(row.Answer, out Ticket? expected, out string? problem))
            throw new InputException($"{row.Origin}: the expected answer is no ticket: {problem}");
        return new TicketAnswer
        {
            Origin = $"{Path.GetFileName(row.Origin.File)}:{row.Origin.Line}",
            Answer = answer,
            Exact = answer == row.Answer,
            Score = TicketScore.Of(answer, expected!),
            Loss = loss,
            Tokens = tokens,
            Intent = Ticket.TryParse(answer, out Ticket? given, out _) ? Ticket.IntentNames[(int)given!.Intent] : NoTicket,
        };
    }
}

/// <summary>Scores over the test set, each a share with Wilson's 95 % interval unless said otherwise.</summary>
public sealed record TicketMetrics
{
    /// <summary>Test rows.</summary>
    public required int Rows { get; init; }

    /// <summary>Answers that are a JSON object.</summary>
    public required Estimate ValidJson { get; init; }

    /// <summary>Answers with exactly the ticket's keys and allowed values.</summary>
    public required Estimate ValidTicket { get; init; }

    /// <summary>Right intents.</summary>
    public required Estimate Intent { get; init; }

    /// <summary>Right products.</summary>
    public required Estimate Product { get; init; }

    /// <summary>Right order numbers.</summary>
    public required Estimate OrderId { get; init; }

    /// <summary>Right urgencies.</summary>
    public required Estimate Urgency { get; init; }

    /// <summary>Right languages.</summary>
    public required Estimate Language { get; init; }

    /// <summary>All five fields right.</summary>
    public required Estimate AllFields { get; init; }

    /// <summary>Replies of one sentence in the right language that name the matter.</summary>
    public required Estimate Reply { get; init; }

    /// <summary>Answers equal to the expected one, letter for letter.</summary>
    public required Estimate ExactMatch { get; init; }

    /// <summary>Macro-averaged F1 of the intent, with a bootstrap interval over rows.</summary>
    public required Estimate IntentF1 { get; init; }

    /// <summary>Mean loss of the expected answers' tokens, in nats a token, with a bootstrap interval over rows.</summary>
    public required Estimate Loss { get; init; }

    /// <summary>exp(loss).</summary>
    public required Estimate Perplexity { get; init; }

    /// <summary>Scores answers against the expected intents.</summary>
    public static TicketMetrics Of(IReadOnlyList<TicketAnswer> answers, IReadOnlyList<Row> rows, long seed)
    {
        Estimate Share(Func<TicketAnswer, bool> right) => Proportions.Interval(answers.Count(right), answers.Count);
        Estimate loss = Resampled(answers.Count, seed, "loss", chosen => chosen.Sum(i => answers[i].Loss * answers[i].Tokens) / chosen.Sum(i => answers[i].Tokens));
        return new TicketMetrics
        {
            Rows = answers.Count,
            ValidJson = Share(a => a.Score.ValidJson),
            ValidTicket = Share(a => a.Score.ValidTicket),
            Intent = Share(a => a.Score.Intent),
            Product = Share(a => a.Score.Product),
            OrderId = Share(a => a.Score.OrderId),
            Urgency = Share(a => a.Score.Urgency),
            Language = Share(a => a.Score.Language),
            AllFields = Share(a => a.Score.AllFields),
            Reply = Share(a => a.Score.Reply),
            ExactMatch = Share(a => a.Exact),
            IntentF1 = Resampled(answers.Count, seed, "f1", chosen => MacroF1(chosen, answers, rows)),
            Loss = loss,
            Perplexity = new Estimate(Math.Exp(loss.Value), Math.Exp(loss.Low), Math.Exp(loss.High)),
        };
    }

    private static double MacroF1(int[] chosen, IReadOnlyList<TicketAnswer> answers, IReadOnlyList<Row> rows) =>
        ClassificationReport<string>.Of(
            [.. chosen.Select(i => rows[i].Label!)], [.. chosen.Select(i => answers[i].Intent)],
            [.. chosen.Select(i => rows[i].Label!).Distinct().Order(StringComparer.Ordinal)]).Macro().F;

    /// <summary>A statistic of all rows with its percentile interval over resampled rows.</summary>
    private static Estimate Resampled(int count, long seed, string name, Func<int[], double> statistic)
    {
        const int Resamples = 500;
        var random = new NamedRandom($"bootstrap/{name}", seed);
        double[] values = [.. Enumerable.Range(0, Resamples).Select(_ => statistic([.. Enumerable.Range(0, count).Select(_ => random.Next(count))])).Order()];
        return new Estimate(statistic([.. Enumerable.Range(0, count)]), Quantiles.OfSorted(values, 0.025), Quantiles.OfSorted(values, 0.975));
    }
}
