using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace FineTuneKit.Data;

/// <summary>
/// Parses JSON (RFC 8259) and refuses what parsers pass in silence: duplicate keys, lone surrogates, NUL, bytes
/// that are not UTF-8. Errors name file, line and column (code points, 1-based).
/// </summary>
internal static class StrictJson
{
    /// <summary>Parses the one value in <paramref name="utf8"/>, which begins at <paramref name="line"/> of the file.</summary>
    /// <param name="utf8">The bytes.</param>
    /// <param name="file">The file, for messages.</param>
    /// <param name="line">Its line, from 1.</param>
    /// <param name="column">How many characters stand before the value on that line.</param>
    public static JsonDocument Parse(ReadOnlyMemory<byte> utf8, string file, int line, int column = 0)
    {
        Check(utf8.Span, file, line, column);
        return JsonDocument.Parse(utf8);
    }

    /// <summary>Throws where the text is not one strict JSON value.</summary>
    public static void Check(ReadOnlySpan<byte> utf8, string file, int line, int column = 0)
    {
        var place = new Place(file, line, column);
        RequireUtf8(utf8, place);
        var reader = new Utf8JsonReader(utf8);
        var keys = new Stack<HashSet<string>>();
        while (Advance(ref reader, utf8, place))
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    keys.Push(new HashSet<string>(StringComparer.Ordinal));
                    break;
                case JsonTokenType.EndObject:
                    keys.Pop();
                    break;
                case JsonTokenType.PropertyName:
                    string key = Text(ref reader, utf8, place);
                    if (!keys.Peek().Add(key))
                        throw Error(utf8, reader.TokenStartIndex, place, $"the key \"{key}\" stands twice in one object; once is required");
                    break;
                case JsonTokenType.String when reader.ValueIsEscaped:
                    Text(ref reader, utf8, place);
                    break;
            }
        }
    }

    private static bool Advance(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8, Place place)
    {
        try
        {
            return reader.Read();
        }
        catch (JsonException e)
        {
            string reason = e.Message.Split(" LineNumber:")[0].Replace(" Change the reader options.", "", StringComparison.Ordinal);
            throw Error(utf8, IndexOf(utf8, e.LineNumber ?? 0, e.BytePositionInLine ?? 0), place, $"not JSON: {reason}");
        }
    }

    private static string Text(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8, Place place)
    {
        string text;
        try
        {
            text = reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Error(utf8, reader.TokenStartIndex, place, "a text holds half of a surrogate pair (\\uD800 to \\uDFFF alone), which is no character");
        }
        if (text.Contains('\0'))
            throw Error(utf8, reader.TokenStartIndex, place, "a text holds the character NUL (\\u0000)");
        return text;
    }

    /// <summary>Throws at the first byte that is not UTF-8.</summary>
    public static void RequireUtf8(ReadOnlySpan<byte> bytes, string file, int line) => RequireUtf8(bytes, new Place(file, line, 0));

    private static void RequireUtf8(ReadOnlySpan<byte> bytes, Place place)
    {
        if (Utf8.IsValid(bytes)) return;
        int at = 0;
        while (Rune.DecodeFromUtf8(bytes[at..], out _, out int used) == OperationStatus.Done) at += used;
        throw Error(bytes, at, place, $"the byte 0x{bytes[at]:X2} is not UTF-8; save the file as UTF-8");
    }

    private static int IndexOf(ReadOnlySpan<byte> utf8, long lineInText, long byteInLine)
    {
        int start = 0;
        for (long i = 0; i < lineInText; i++) start += utf8[start..].IndexOf((byte)'\n') + 1;
        return (int)Math.Min(start + byteInLine, utf8.Length);
    }

    private static InputException Error(ReadOnlySpan<byte> utf8, long at, Place place, string message)
    {
        ReadOnlySpan<byte> before = utf8[..(int)at];
        int lines = before.Count((byte)'\n');
        int column = Encoding.UTF8.GetString(before[(before.LastIndexOf((byte)'\n') + 1)..]).EnumerateRunes().Count() + 1 + (lines == 0 ? place.Column : 0);
        return InputException.At(place.File, place.Line + lines, $"column {column}: {message}");
    }

    private readonly record struct Place(string File, int Line, int Column);
}
