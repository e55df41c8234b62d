using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FineTuneKit.Data;

/// <summary>
/// The one JSON form of a row that the kit writes and hashes: <c>messages</c>, then <c>group</c>, <c>label</c> and
/// <c>language</c> where the row has them, no white space, characters as they are.
/// </summary>
internal static class RowJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The row as one line of UTF-8, without its line end.</summary>
    public static ReadOnlySpan<byte> Line(Row row)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Options)) Write(json, row);
        return bytes.WrittenSpan;
    }

    private static void Write(Utf8JsonWriter json, Row row)
    {
        json.WriteStartObject();
        json.WriteStartArray("messages");
        foreach (ChatMessage message in row.Messages)
        {
            json.WriteStartObject();
            WriteText(json, "role", message.Role, row);
            WriteText(json, "content", message.Content, row);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (row.Group is not null) WriteText(json, "group", row.Group, row);
        if (row.Label is not null) WriteText(json, "label", row.Label, row);
        if (row.Language is not null) WriteText(json, "language", row.Language, row);
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string key, string text, Row row)
    {
        // The writer would put U+FFFD in their place, and what is read back would differ.
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                throw new InputException($"{row.Origin}: \"{key}\" holds half of a surrogate pair at place {i + 1}, which is no character");
            i++;
        }
        json.WriteString(key, text);
    }
}
