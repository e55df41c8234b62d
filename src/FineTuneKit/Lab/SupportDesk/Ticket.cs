using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace FineTuneKit.Lab.SupportDesk;

/// <summary>What the customer writes for; the order is that of the label rules in data-samples/README.md.</summary>
public enum TicketIntent
{
    /// <summary>Asks where an order is or when it comes.</summary>
    OrderStatus,

    /// <summary>Wants to give something back, swap it or have the money back.</summary>
    Return,

    /// <summary>Wants something mended or adjusted.</summary>
    Repair,

    /// <summary>Asks whether something can be had.</summary>
    Stock,

    /// <summary>Asks for an amount of money.</summary>
    Price,

    /// <summary>Expresses displeasure with goods or service.</summary>
    Complaint,

    /// <summary>Asks for, moves or cancels a time.</summary>
    Appointment,

    /// <summary>Anything else.</summary>
    Other,
}

/// <summary>How soon the customer needs it, by the rules in data-samples/README.md.</summary>
public enum TicketUrgency
{
    /// <summary>Says that it can wait.</summary>
    Low,

    /// <summary>Says neither.</summary>
    Normal,

    /// <summary>Within two days, or cannot get to work or school, or danger.</summary>
    High,
}

/// <summary>The language of the request itself.</summary>
public enum TicketLanguage
{
    /// <summary>English.</summary>
    English,

    /// <summary>Japanese.</summary>
    Japanese,
}

/// <summary>
/// A ticket of the support desk: one line of JSON with the keys intent, product, order_id, urgency, language,
/// reply in this order, <c>", "</c> and <c>": "</c> between them, and other than ASCII written as it is.
/// </summary>
public sealed partial record Ticket(
    TicketIntent Intent, string? Product, string? OrderId, TicketUrgency Urgency, TicketLanguage Language, string Reply)
{
    /// <summary>The keys, in the order in which they are written.</summary>
    public static IReadOnlyList<string> Keys { get; } = ["intent", "product", "order_id", "urgency", "language", "reply"];

    /// <summary>The names of <see cref="TicketIntent"/> as a ticket writes them.</summary>
    public static IReadOnlyList<string> IntentNames { get; } =
        ["order_status", "return", "repair", "stock", "price", "complaint", "appointment", "other"];

    /// <summary>The names of <see cref="TicketUrgency"/> as a ticket writes them.</summary>
    public static IReadOnlyList<string> UrgencyNames { get; } = ["low", "normal", "high"];

    /// <summary>The names of <see cref="TicketLanguage"/> as a ticket writes them.</summary>
    public static IReadOnlyList<string> LanguageNames { get; } = ["en", "ja"];

    /// <summary>True for two capital letters and five digits.</summary>
    public static bool IsOrderId(string text) => OrderIdPattern().IsMatch(text);

    /// <summary>The one line of JSON.</summary>
    public string ToJson()
    {
        var json = new StringBuilder("{\"intent\": ");
        AppendString(json, IntentNames[(int)Intent]);
        AppendString(json.Append(", \"product\": "), Product);
        AppendString(json.Append(", \"order_id\": "), OrderId);
        AppendString(json.Append(", \"urgency\": "), UrgencyNames[(int)Urgency]);
        AppendString(json.Append(", \"language\": "), LanguageNames[(int)Language]);
        AppendString(json.Append(", \"reply\": "), Reply);
        return json.Append('}').ToString();
    }

    /// <summary>
    /// Reads a ticket, strictly: exactly the text that <see cref="ToJson"/> writes. Otherwise
    /// <paramref name="problem"/> says what was found and what is required.
    /// </summary>
    public static bool TryParse(string text, out Ticket? ticket, out string? problem)
    {
        ticket = null;
        if (text.AsSpan().IndexOfAny('\n', '\r') >= 0)
        {
            problem = "more than one line; a ticket is one line";
            return false;
        }
        try
        {
            using JsonDocument json = JsonDocument.Parse(text);
            problem = Read(json.RootElement, ref ticket);
        }
        catch (JsonException e)
        {
            problem = $"not JSON: {e.Message}";
            return false;
        }
        if (problem is null && ticket!.ToJson() != text)
            problem = "spacing or escapes differ; a ticket is written with \", \" and \": \" and without needless escapes";
        if (problem is not null) ticket = null;
        return problem is null;
    }

    private static string? Read(JsonElement root, ref Ticket? ticket)
    {
        if (root.ValueKind != JsonValueKind.Object) return $"a JSON {root.ValueKind}; a ticket is an object";
        List<JsonProperty> members = [.. root.EnumerateObject()];
        if (!members.Select(m => m.Name).SequenceEqual(Keys, StringComparer.Ordinal))
            return $"keys {string.Join(", ", members.Select(m => m.Name))}; required are {string.Join(", ", Keys)}, in this order";

        foreach (JsonProperty member in members)
        {
            bool mayBeNull = member.Name is "product" or "order_id";
            if (member.Value.ValueKind != JsonValueKind.String && !(mayBeNull && member.Value.ValueKind == JsonValueKind.Null))
                return $"{member.Name} is a JSON {member.Value.ValueKind}; required is a string{(mayBeNull ? " or null" : "")}";
        }
        string? Value(int key) => members[key].Value.GetString();

        int intent = IndexOf(IntentNames, Value(0)), urgency = IndexOf(UrgencyNames, Value(3)), language = IndexOf(LanguageNames, Value(4));
        if (intent < 0) return $"intent \"{Value(0)}\"; required is one of {string.Join(", ", IntentNames)}";
        if (urgency < 0) return $"urgency \"{Value(3)}\"; required is one of {string.Join(", ", UrgencyNames)}";
        if (language < 0) return $"language \"{Value(4)}\"; required is one of {string.Join(", ", LanguageNames)}";
        if (Value(1) is "") return "product is empty; required is a name or null";
        if (Value(2) is { } id && !IsOrderId(id)) return $"order_id \"{id}\"; required are two capital letters and five digits, or null";
        if (string.IsNullOrWhiteSpace(Value(5))) return "reply is empty; required is one sentence";

        ticket = new Ticket((TicketIntent)intent, Value(1), Value(2), (TicketUrgency)urgency, (TicketLanguage)language, Value(5)!);
        return null;
    }

    private static int IndexOf(IReadOnlyList<string> names, string? name)
    {
        for (int i = 0; i < names.Count; i++)
            if (names[i] == name) return i;
        return -1;
    }

    // Only what JSON demands is escaped: System.Text.Json's encoders also escape some spaces and all of plane 1.
    private static void AppendString(StringBuilder json, string? text)
    {
        if (text is null)
        {
            json.Append("null");
            return;
        }
        json.Append('"');
        foreach (char c in text)
        {
            if (c is '"' or '\\') json.Append('\\').Append(c);
            else if (c < ' ') json.Append($"\\u{(int)c:x4}");
            else json.Append(c);
        }
        json.Append('"');
    }

    [GeneratedRegex(@"\A[A-Z]{2}[0-9]{5}\z", RegexOptions.CultureInvariant)]
    private static partial Regex OrderIdPattern();
}
