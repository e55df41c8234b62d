using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FineTuneKit.Data;

/// <summary>Messages as JSON: <c>role</c> and <c>content</c>, and what else a message has.</summary>
internal static class MessageJson
{
    /// <summary>No white space, characters as they are.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What <paramref name="write"/> writes, as UTF-8.</summary>
    public static ReadOnlyMemory<byte> Bytes(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Options)) write(json);
        return bytes.WrittenMemory;
    }

    public static void WriteArray(Utf8JsonWriter json, string key, IEnumerable<ChatMessage> messages)
    {
        json.WriteStartArray(key);
        foreach (ChatMessage message in messages) Write(json, message);
        json.WriteEndArray();
    }

    /// <summary>ShareGPT's turn of <c>from</c> and <c>value</c>.</summary>
    public static void WriteSpoken(Utf8JsonWriter json, ChatMessage message)
    {
        json.WriteStartObject();
        json.WriteString("from", message.ToolCalls.Count > 0 ? "function_call" : message.Role switch { "user" => "human", "assistant" => "gpt", "tool" => "observation", _ => message.Role });
        json.WriteString("value", message.ToolCalls.Count > 0 ? Calls(message.ToolCalls) : message.Content);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ChatMessage message)
    {
        json.WriteStartObject();
        json.WriteString("role", message.Role);
        if (message.Reasoning is not null) json.WriteString("reasoning_content", message.Reasoning);
        if (message.Content.Length == 0 && message.ToolCalls.Count > 0) json.WriteNull("content");
        else json.WriteString("content", message.Content);
        if (message.ToolCalls.Count > 0) WriteCalls(json, message.ToolCalls);
        if (message.ToolCallId is not null) json.WriteString("tool_call_id", message.ToolCallId);
        if (message.Name is not null) json.WriteString("name", message.Name);
        if (message.Weight != 1) json.WriteNumber("weight", message.Weight);
        json.WriteEndObject();
    }

    private static void WriteCalls(Utf8JsonWriter json, IReadOnlyList<ToolCall> calls)
    {
        json.WriteStartArray("tool_calls");
        foreach (ToolCall call in calls)
        {
            json.WriteStartObject();
            if (call.Id is not null) json.WriteString("id", call.Id);
            json.WriteString("type", "function");
            json.WriteStartObject("function");
            json.WriteString("name", call.Name);
            json.WriteString("arguments", call.Arguments);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static string Calls(IReadOnlyList<ToolCall> calls) => Encoding.UTF8.GetString(Bytes(json =>
    {
        if (calls.Count > 1) json.WriteStartArray();
        foreach (ToolCall call in calls)
        {
            json.WriteStartObject();
            json.WriteString("name", call.Name);
            json.WritePropertyName("arguments");
            if (IsJsonObject(call.Arguments)) json.WriteRawValue(call.Arguments);
            else json.WriteStringValue(call.Arguments);
            json.WriteEndObject();
        }
        if (calls.Count > 1) json.WriteEndArray();
    }).Span);

    private static bool IsJsonObject(string text)
    {
        if (!text.AsSpan().TrimStart().StartsWith("{")) return false;
        try
        {
            StrictJson.Check(Encoding.UTF8.GetBytes(text), "", 1);
            return true;
        }
        catch (InputException)
        {
            return false;
        }
    }
}
