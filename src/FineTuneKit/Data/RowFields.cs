using System.Text;
using System.Text.Json;

namespace FineTuneKit.Data;

/// <summary>The keys of one JSON object, read by kind; an error names the row, the kind found and the kind required.</summary>
internal readonly struct RowFields
{
    private static readonly string[] Roles = ["system", "user", "assistant", "tool"];

    private readonly JsonElement _json;

    public RowFields(JsonElement json, RowOrigin origin)
    {
        (_json, Origin) = (json, origin);
        if (json.ValueKind != JsonValueKind.Object) throw Error($"the row is {Kind(json)}; an object is required");
    }

    public RowOrigin Origin { get; }

    public string Keys => _json.EnumerateObject().Any()
        ? string.Join(", ", _json.EnumerateObject().Select(p => $"\"{p.Name}\""))
        : "(none)";

    public InputException Error(string message) => new($"{Origin}: {message}");

    public bool Has(string key) => _json.TryGetProperty(key, out _);

    public bool HasText(string key) => _json.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String;

    public bool HasArray(string key) => _json.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.Array;

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

    /// <summary>True or false, or null where the key is absent or something else.</summary>
    public bool? Truth(string key) => !_json.TryGetProperty(key, out JsonElement value) ? null : value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>The keys of an object inside this one.</summary>
    public RowFields Inner(string key) => new(Require(_json.GetProperty(key), JsonValueKind.Object, $"\"{key}\"", "an object"), Origin);

    /// <summary>The keys that are not named, with their values as JSON.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Others(IReadOnlySet<string> named)
    {
        List<KeyValuePair<string, string>>? others = null;
        foreach (JsonProperty property in _json.EnumerateObject())
            if (!named.Contains(property.Name)) (others ??= []).Add(new(property.Name, property.Value.GetRawText()));
        return others is null ? [] : others;
    }

    /// <summary>Tools as the JSON text of their array, which ShareGPT keeps inside a string.</summary>
    public string? Tools()
    {
        if (!_json.TryGetProperty("tools", out JsonElement tools) || tools.ValueKind == JsonValueKind.Null) return null;
        if (tools.ValueKind != JsonValueKind.String) return Require(tools, JsonValueKind.Array, "\"tools\"", "an array").GetRawText();
        string text = tools.GetString()!;
        if (text.Length == 0) return null;
        using JsonDocument inside = Nested(text, "\"tools\"");
        Require(inside.RootElement, JsonValueKind.Array, "\"tools\"", "an array");
        return text;
    }

    /// <summary>A text as one message of the given role, or an array of messages as it is (TRL allows both).</summary>
    public List<ChatMessage> Turns(string key, string role)
    {
        JsonElement value = _json.GetProperty(key);
        if (value.ValueKind == JsonValueKind.String && key != "messages") return [new(role, value.GetString()!)];
        string required = key == "messages" ? "an array of {\"role\", \"content\"}" : "a string, or an array of {\"role\", \"content\"},";
        return Items(key, required, Message);
    }

    /// <summary>ShareGPT's turns of <c>from</c> and <c>value</c>.</summary>
    public List<ChatMessage> Spoken(string key) => Items(key, "an array of {\"from\", \"value\"}", Spoken);

    /// <summary>One of ShareGPT's turns.</summary>
    public ChatMessage SpokenTurn(string key) => Spoken(_json.GetProperty(key), $"\"{key}\"");

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

    private List<ChatMessage> Items(string key, string required, Func<JsonElement, string, ChatMessage> read)
    {
        var messages = new List<ChatMessage>();
        foreach (JsonElement item in Require(_json.GetProperty(key), JsonValueKind.Array, $"\"{key}\"", required).EnumerateArray())
            messages.Add(read(item, $"\"{key}\"[{messages.Count}]"));
        return messages;
    }

    private ChatMessage Message(JsonElement item, string name)
    {
        Require(item, JsonValueKind.Object, name, "an object with \"role\" and \"content\"");
        string role = Member(item, "role", name);
        List<ToolCall> calls = ToolCalls(item, name);
        // A message that only calls tools may leave its content out.
        bool silent = calls.Count > 0 && (!item.TryGetProperty("content", out JsonElement content) || content.ValueKind == JsonValueKind.Null);
        var message = new ChatMessage(role, silent ? "" : Member(item, "content", name))
        {
            ToolCalls = calls.Count == 0 ? [] : calls,
            ToolCallId = OptionalMember(item, "tool_call_id", name),
            Name = OptionalMember(item, "name", name),
            Reasoning = OptionalMember(item, "reasoning_content", name),
            Weight = Weight(item, name),
        };
        if (!Roles.Contains(role))
            throw Error($"{name} has the role \"{role}\"; accepted: {string.Join(", ", Roles)}");
        if (Given(item, "function_call") is not null)
            throw Error($"{name} has \"function_call\", which would be lost; the newer \"tool_calls\" is read");
        return message;
    }

    private double Weight(JsonElement item, string name)
    {
        if (Given(item, "weight") is not { } weight) return 1;
        string text = weight.GetRawText();
        return text is "0" or "1" ? text[0] - '0' : throw Error($"{name} has \"weight\" {text}; 0 or 1 is required");
    }

    private List<ToolCall> ToolCalls(JsonElement item, string name)
    {
        var calls = new List<ToolCall>();
        if (Given(item, "tool_calls") is not { } list) return calls;
        foreach (JsonElement call in Require(list, JsonValueKind.Array, $"{name}.tool_calls", "an array").EnumerateArray())
        {
            string place = $"{name}.tool_calls[{calls.Count}]";
            Require(call, JsonValueKind.Object, place, "an object with \"function\"");
            // OpenAI wraps name and arguments in "function"; some data leaves the wrapping out.
            JsonElement function = Given(call, "function") is { } inner ? Require(inner, JsonValueKind.Object, $"{place}.function", "an object") : call;
            calls.Add(Call(function, place) with { Id = OptionalMember(call, "id", place) });
        }
        return calls;
    }

    private ToolCall Call(JsonElement function, string name)
    {
        string tool = Member(function, "name", name);
        JsonElement? arguments = Given(function, "arguments");
        return new ToolCall(tool, arguments switch
        {
            null => "{}",
            { ValueKind: JsonValueKind.String } text => text.GetString()!,
            { } value => value.GetRawText(),
        });
    }

    private ChatMessage Spoken(JsonElement item, string name)
    {
        Require(item, JsonValueKind.Object, name, "an object with \"from\" and \"value\"");
        string from = Member(item, "from", name), value = Member(item, "value", name);
        return from switch
        {
            "human" or "user" => new ChatMessage("user", value),
            "gpt" or "assistant" => new ChatMessage("assistant", value),
            "system" => new ChatMessage("system", value),
            "observation" or "tool" => new ChatMessage("tool", value),
            "function_call" => new ChatMessage("assistant", "") { ToolCalls = Calls(value, name) },
            _ => throw Error($"{name} is from \"{from}\"; accepted: human, gpt, system, function_call, observation"),
        };
    }

    private List<ToolCall> Calls(string value, string name)
    {
        using JsonDocument json = Nested(value, $"{name}.value");
        JsonElement root = json.RootElement;
        RowFields self = this;
        return root.ValueKind == JsonValueKind.Array
            ? [.. root.EnumerateArray().Select((c, i) => self.Call(self.Require(c, JsonValueKind.Object, $"{name}.value[{i}]", "an object"), $"{name}.value[{i}]"))]
            : [Call(Require(root, JsonValueKind.Object, $"{name}.value", "an object with \"name\" and \"arguments\""), $"{name}.value")];
    }

    private JsonDocument Nested(string text, string name)
    {
        try
        {
            return StrictJson.Parse(Encoding.UTF8.GetBytes(text), Origin.File, Origin.Line);
        }
        catch (InputException e)
        {
            throw new InputException($"{e.Message} ({name} has to hold JSON)", e);
        }
    }

    private static JsonElement? Given(JsonElement item, string key) =>
        item.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private string? OptionalMember(JsonElement item, string key, string name) =>
        Given(item, key) is { } value ? Require(value, JsonValueKind.String, $"{name}.{key}", "a string").GetString() : null;

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
