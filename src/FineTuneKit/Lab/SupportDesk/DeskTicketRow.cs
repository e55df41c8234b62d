using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using FineTuneKit.Data;

namespace FineTuneKit.Lab.SupportDesk;

/// <summary>A row of support-desk data: a customer's message and the answer to learn.</summary>
public sealed record DeskTicketRow
{
    /// <summary>The system message of every row: it names the task, which lessens forgetting.</summary>
    public const string SystemMessage = "Support desk of the bicycle shop: write the ticket as JSON.";

    private static readonly JsonSerializerOptions AsIs = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What the customer wrote.</summary>
    public required string Message { get; init; }

    /// <summary>The answer to learn: the ticket's JSON, or what a planted fault has made of it.</summary>
    public required string Answer { get; init; }

    /// <summary>The ticket that a careful person would write.</summary>
    public required Ticket Ticket { get; init; }

    /// <summary>The frame group; products, order numbers, people and frames of one group appear in no other.</summary>
    public required string Group { get; init; }

    /// <summary>The frame: the group's request, and the parts of the message in their order.</summary>
    public required string Frame { get; init; }

    /// <summary>The person who signs, or null.</summary>
    public required string? Person { get; init; }

    /// <summary>The row's <c>label</c>: the name of the ticket's intent.</summary>
    public string Label => Ticket.IntentNames[(int)Ticket.Intent];

    /// <summary>The row's <c>language</c>: <c>en</c> or <c>ja</c>.</summary>
    public string Language => Ticket.LanguageNames[(int)Ticket.Language];

    /// <summary>The conversation: system, user, assistant.</summary>
    public IReadOnlyList<ChatMessage> Messages =>
        [new("system", SystemMessage), new("user", Message), new("assistant", Answer)];

    /// <summary>The row as one line of JSONL: messages, group, label, language.</summary>
    public string ToJsonLine()
    {
        var line = new StringBuilder("{\"messages\": [");
        line.AppendJoin(", ", Messages.Select(m => $"{{\"role\": {Quote(m.Role)}, \"content\": {Quote(m.Content)}}}"));
        line.Append($"], \"group\": {Quote(Group)}, \"label\": {Quote(Label)}, \"language\": {Quote(Language)}}}");
        return line.ToString();
    }

    /// <summary>The row as the data pipeline knows it.</summary>
    public Row ToRow(RowOrigin origin) =>
        new() { Origin = origin, Messages = Messages, Group = Group, Label = Label, Language = Language };

    private static string Quote(string text) => JsonSerializer.Serialize(text, AsIs);
}
