using System.Text.Json;

namespace FineTuneKit.Text;

/// <summary>Fields of a JSON object that may be absent or null.</summary>
internal static class JsonReading
{
    public static bool Flag(this JsonElement json, string name, bool otherwise) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : otherwise;

    public static int Int(this JsonElement json, string name, int otherwise) =>
        json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : otherwise;

    public static string? Text(this JsonElement json, string name) =>
        json.Field(name).AsText();

    public static string? AsText(this JsonElement json) => json.ValueKind == JsonValueKind.String ? json.GetString() : null;

    /// <summary>A field, or an undefined element where it is absent.</summary>
    public static JsonElement Field(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement value) ? value : default;
}
