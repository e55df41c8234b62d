using System.Text;
using System.Text.Encodings.Web;

namespace FineTuneKit.Lab.Skills;

/// <summary>Writes an object as one line of JSON, with a space after each comma and colon: <c>{"name": "Velmora", "price": 430}</c>.</summary>
internal static class JsonLine
{
    /// <summary>The object; null is written as <c>null</c>, and bare integers as numbers where <paramref name="numbers"/> says so.</summary>
    internal static string Of(IEnumerable<(string Key, string? Value)> fields, bool numbers = false)
    {
        var text = new StringBuilder("{");
        foreach (var (key, value) in fields)
        {
            if (text.Length > 1) text.Append(", ");
            text.Append(Quoted(key)).Append(": ");
            if (value is null) text.Append("null");
            else if (numbers && IsInteger(value)) text.Append(value);
            else text.Append(Quoted(value));
        }
        return text.Append('}').ToString();
    }

    private static bool IsInteger(string value) =>
        value.Length is > 0 and < 10 && value.All(char.IsAsciiDigit) && (value.Length == 1 || value[0] != '0');

    private static string Quoted(string value) => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(value)}\"";
}
