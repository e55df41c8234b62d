using System.Text.Json;

namespace FineTuneKit.Lab.SupportDesk;

/// <summary>How an answer compares with the ticket that was expected; a field of an answer that is no ticket is wrong.</summary>
public sealed record TicketScore
{
    /// <summary>The answer is a JSON object, whatever its keys.</summary>
    public required bool ValidJson { get; init; }

    /// <summary>The answer is a ticket as <see cref="Ticket.TryParse"/> demands it.</summary>
    public required bool ValidTicket { get; init; }

    /// <summary>What <see cref="Ticket.TryParse"/> found wrong; null for a ticket.</summary>
    public required string? Problem { get; init; }

    /// <summary>The intent is right.</summary>
    public required bool Intent { get; init; }

    /// <summary>The product is right, letter for letter, or rightly null.</summary>
    public required bool Product { get; init; }

    /// <summary>The order number is right, or rightly null.</summary>
    public required bool OrderId { get; init; }

    /// <summary>The urgency is right.</summary>
    public required bool Urgency { get; init; }

    /// <summary>The language is right.</summary>
    public required bool Language { get; init; }

    /// <summary>The reply is one sentence in the right language that names the order number or the product where there is one.</summary>
    public required bool Reply { get; init; }

    /// <summary>All of intent, product, order number, urgency and language are right.</summary>
    public bool AllFields => Intent && Product && OrderId && Urgency && Language;

    /// <summary>Compares an answer with the expected ticket.</summary>
    public static TicketScore Of(string answer, Ticket expected)
    {
        bool valid = Ticket.TryParse(answer, out Ticket? ticket, out string? problem);
        return new TicketScore
        {
            ValidJson = valid || IsJsonObject(answer),
            ValidTicket = valid,
            Problem = problem,
            Intent = valid && ticket!.Intent == expected.Intent,
            Product = valid && ticket!.Product == expected.Product,
            OrderId = valid && ticket!.OrderId == expected.OrderId,
            Urgency = valid && ticket!.Urgency == expected.Urgency,
            Language = valid && ticket!.Language == expected.Language,
            Reply = valid && IsGoodReply(ticket!.Reply, expected),
        };
    }

    /// <summary>One sentence in the expected ticket's language that names its order number or product where it has one.</summary>
    public static bool IsGoodReply(string reply, Ticket expected) =>
        IsOneSentence(reply) && IsIn(expected.Language, reply, expected.Product) && NamesTheMatter(reply, expected);

    private static bool NamesTheMatter(string reply, Ticket expected)
    {
        if (expected.OrderId is null && expected.Product is null) return true;
        return (expected.OrderId is { } id && reply.Contains(id)) || (expected.Product is { } name && reply.Contains(name));
    }

    // Catalogue names hold no full stop, so the only mark that ends a sentence must be the last character.
    private static bool IsOneSentence(string reply) =>
        reply.Length > 0 && reply.AsSpan().IndexOfAny(".!?。！？") == reply.Length - 1;

    private static bool IsIn(TicketLanguage language, string reply, string? product)
    {
        string words = product is null ? reply : reply.Replace(product, "");
        bool japanese = words.Any(c => c is >= '\u3040' and <= '\u30ff' or >= '\u4e00' and <= '\u9fff');
        bool hiragana = words.Any(c => c is >= '\u3041' and <= '\u3096');
        return language == TicketLanguage.Japanese ? hiragana : !japanese;
    }

    private static bool IsJsonObject(string text)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
