using System.Text.Json;

namespace FineTuneKit.Text;

/// <summary>Fields of a JSON object; what is wrong is a <see cref="FormatException"/> that names the field, to which readers add the file.</summary>
internal static class JsonReading
{
    private const int Shown = 80;

    /// <summary>What reading a malformed document can throw.</summary>
    public static bool IsMalformed(Exception e) =>
        e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or OverflowException or ArgumentException;

    /// <summary>True or false; the other value where it is absent or null.</summary>
    public static bool Flag(this JsonElement json, string name, bool otherwise) => json.Field(name) switch
    {
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.Undefined or JsonValueKind.Null } => otherwise,
        var other => throw Wrong(name, other, "true or false"),
    };

    /// <summary>A whole number; the other value where it is absent or null.</summary>
    public static int Int(this JsonElement json, string name, int otherwise) =>
        json.Field(name).ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? otherwise : json.RequiredInt(name);

    public static int RequiredInt(this JsonElement json, string name) =>
        json.Required(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out int number) ? number : throw Wrong(name, json.Field(name), "a whole number");

    public static string RequiredText(this JsonElement json, string name) =>
        json.Required(name).AsText() ?? throw Wrong(name, json.Field(name), "a text");

    /// <summary>The elements of a list.</summary>
    public static JsonElement.ArrayEnumerator RequiredList(this JsonElement json, string name) =>
        json.Required(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : throw Wrong(name, json.Field(name), "a list");

    /// <summary>A field that must be there.</summary>
    public static JsonElement Required(this JsonElement json, string name) =>
        json.Field(name) is { ValueKind: not JsonValueKind.Undefined } value ? value : throw new FormatException($"\"{name}\" is missing");

    private static FormatException Wrong(string name, JsonElement value, string required)
    {
        string text = value.GetRawText();
        return new($"\"{name}\" is {(text.Length > Shown ? text[..Shown] + "…" : text)}; {required} is required");
    }

    public static string? Text(this JsonElement json, string name) =>
        json.Field(name).AsText();

    public static string? AsText(this JsonElement json) => json.ValueKind == JsonValueKind.String ? json.GetString() : null;

    /// <summary>A field, or an undefined element where it is absent.</summary>
    public static JsonElement Field(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement value) ? value : default;
}
