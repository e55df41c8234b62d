using System.Text.Json;

namespace FineTuneKit.Data;

/// <summary>The keys of one JSON object, read by kind; an error names the row, the kind found and the kind required.</summary>
internal readonly struct RowFields
{
    private static readonly string[] Roles = ["system", "user", "assistant"];

    private readonly JsonElement _json;
    private readonly RowOrigin _origin;

    public RowFields(JsonElement json, RowOrigin origin)
    {
        (_json, _origin) = (json, origin);
        if (json.ValueKind != JsonValueKind.Object) throw Error($"the row is {Kind(json)}; an object is required");
    }

    public string Keys => _json.EnumerateObject().Any()
        ? string.Join(", ", _json.EnumerateObject().Select(p => $"\"{p.Name}\""))
        : "(none)";

    public InputException Error(string message) => new($"{_origin}: {message}");

    public bool Has(string key) => _json.TryGetProperty(key, out _);

    /// <summary>A text that has to be there; it may be empty.</summary>
    public string Text(string key) => Require(_json.GetProperty(key), JsonValueKind.String, $"\"{key}\"", "a string").GetString()!;

    /// <summary>A text, or null where the key is absent or null.</summary>
    public string? Optional(string key) =>
        _json.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? Text(key) : null;

    /// <summary>A string, number or boolean as text, or null where the key is absent or null.</summary>
    public string? Scalar(string key)
    {
        if (!_json.TryGetProperty(key, out JsonElement value)) return null;
        return value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
            _ => throw Error($"\"{key}\" is {Kind(value)}; a string or a number is required"),
        };
    }

    /// <summary>A text as one message of the given role, or an array of messages as it is (TRL allows both).</summary>
    public List<ChatMessage> Turns(string key, string role)
    {
        JsonElement value = _json.GetProperty(key);
        if (value.ValueKind == JsonValueKind.String && key != "messages") return [new(role, value.GetString()!)];
        string required = key == "messages" ? "an array of {\"role\", \"content\"}" : "a string, or an array of {\"role\", \"content\"},";
        Require(value, JsonValueKind.Array, $"\"{key}\"", required);
        var messages = new List<ChatMessage>();
        foreach (JsonElement item in value.EnumerateArray()) messages.Add(Message(item, $"\"{key}\"[{messages.Count}]"));
        return messages;
    }

    /// <summary>Alpaca's earlier turns, pairs of question and answer.</summary>
    public IEnumerable<(string Question, string Answer)> History()
    {
        if (!_json.TryGetProperty("history", out JsonElement history) || history.ValueKind == JsonValueKind.Null) return [];
        var pairs = new List<(string, string)>();
        foreach (JsonElement pair in Require(history, JsonValueKind.Array, "\"history\"", "an array of [question, answer]").EnumerateArray())
        {
            string name = $"\"history\"[{pairs.Count}]";
            if (Require(pair, JsonValueKind.Array, name, "an array of two strings").GetArrayLength() != 2)
                throw Error($"{name} has {pair.GetArrayLength()} items; a question and an answer are required");
            pairs.Add((Require(pair[0], JsonValueKind.String, name, "a pair of strings").GetString()!, Require(pair[1], JsonValueKind.String, name, "a pair of strings").GetString()!));
        }
        return pairs;
    }

    private ChatMessage Message(JsonElement item, string name)
    {
        Require(item, JsonValueKind.Object, name, "an object with \"role\" and \"content\"");
        string role = Member(item, "role", name), content = Member(item, "content", name);
        if (!Roles.Contains(role))
            throw Error($"{name} has the role \"{role}\"; accepted: {string.Join(", ", Roles)}");
        foreach (string key in new[] { "tool_calls", "function_call" })
        {
            if (item.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null)
                throw Error($"{name} has \"{key}\", which would be lost; only texts are read");
        }
        if (item.TryGetProperty("weight", out JsonElement weight) && weight.ValueKind != JsonValueKind.Null && weight.GetRawText() != "1")
            throw Error($"{name} has \"weight\" {weight.GetRawText()}; only 1 is accepted");
        return new ChatMessage(role, content);
    }

    private string Member(JsonElement item, string key, string name)
    {
        if (!item.TryGetProperty(key, out JsonElement value))
            throw Error($"{name} has the keys {string.Join(", ", item.EnumerateObject().Select(p => $"\"{p.Name}\""))}; \"{key}\" is missing");
        return Require(value, JsonValueKind.String, $"{name}.{key}", "a string").GetString()!;
    }

    private JsonElement Require(JsonElement value, JsonValueKind kind, string name, string required) =>
        value.ValueKind == kind ? value : throw Error($"{name} is {Kind(value)}; {required} is required");

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => $"the number {value.GetRawText()}",
        JsonValueKind.Null => "null",
        _ => value.GetRawText(),
    };
}
