using System.Text;
using System.Text.Json;

namespace FineTuneKit.Models;

/// <summary>One tensor of a safetensors file: its stored type (<c>F32</c>, <c>BF16</c> …), its shape and its place.</summary>
/// <param name="Name">The checkpoint's name of the tensor.</param>
/// <param name="Type">The type as the file spells it.</param>
/// <param name="Shape">Sizes of the dimensions; none for a scalar.</param>
/// <param name="Start">First byte, counted from the end of the header.</param>
/// <param name="End">One past the last byte.</param>
public sealed record SafetensorsEntry(string Name, string Type, long[] Shape, long Start, long End);

/// <summary>
/// The JSON header of a safetensors file, checked as the reference reader checks it: known types, shapes that
/// fill their bytes, no gap, no overlap, no name twice.
/// </summary>
internal sealed class SafetensorsHeader
{
    /// <summary>The reference reader's limit on the header, in bytes.</summary>
    public const long LongestHeader = 100_000_000;

    private static readonly Dictionary<string, int> BitsOfType = new(StringComparer.Ordinal)
    {
        ["BOOL"] = 8,
        ["U8"] = 8,
        ["I8"] = 8,
        ["I16"] = 16,
        ["U16"] = 16,
        ["F16"] = 16,
        ["BF16"] = 16,
        ["I32"] = 32,
        ["U32"] = 32,
        ["F32"] = 32,
        ["F64"] = 64,
        ["I64"] = 64,
        ["U64"] = 64,
        ["C64"] = 64,
        ["F8_E4M3"] = 8,
        ["F8_E5M2"] = 8,
        ["F8_E8M0"] = 8,
        ["F4"] = 4,
        ["F6_E2M3"] = 6,
        ["F6_E3M2"] = 6,
    };

    private readonly string _file;

    private SafetensorsHeader(string file) => _file = file;

    /// <summary>The tensors in the order of their bytes.</summary>
    public List<SafetensorsEntry> Entries { get; } = [];

    /// <summary>The <c>__metadata__</c> strings.</summary>
    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    public static SafetensorsHeader Parse(string file, ReadOnlySpan<byte> json, long dataLength)
    {
        var header = new SafetensorsHeader(file);
        try
        {
            // The reader below checks JSON, not the UTF-8 inside its strings.
            _ = new UTF8Encoding(false, throwOnInvalidBytes: true).GetCharCount(json);
            header.ReadObject(json);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new InputException($"{file}: the safetensors header is not valid JSON: {e.Message}", e);
        }
        header.Entries.Sort((a, b) => a.Start != b.Start ? a.Start.CompareTo(b.Start) : a.End.CompareTo(b.End));
        header.CheckLayout(dataLength);
        return header;
    }

    private void ReadObject(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw Bad("the header must be a JSON object");
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            if (!names.Add(name)) throw Bad($"the name {name} stands twice in the header");
            reader.Read();
            if (name == "__metadata__") ReadMetadata(ref reader);
            else Entries.Add(ReadEntry(ref reader, name));
        }
        // Reading on makes the parser complain about anything but white space after the object.
        while (reader.Read()) { }
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw Bad("__metadata__ must be an object of strings");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String) throw Bad($"__metadata__ {key} must be a string");
            Metadata[key] = reader.GetString()!;
        }
    }

    private SafetensorsEntry ReadEntry(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw Bad($"tensor {name} must be an object");
        string? type = null;
        long[]? shape = null, offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string field = reader.GetString()!;
            reader.Read();
            switch (field)
            {
                case "dtype" when type is null && reader.TokenType == JsonTokenType.String:
                    type = reader.GetString();
                    break;
                case "shape" when shape is null:
                    shape = ReadSizes(ref reader, name, field);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadSizes(ref reader, name, field);
                    break;
                default:
                    throw Bad($"tensor {name} has an unexpected, repeated or mistyped field \"{field}\"");
            }
        }
        if (type is null || shape is null || offsets is not { Length: 2 })
            throw Bad($"tensor {name} needs dtype, shape and two data_offsets");
        return new SafetensorsEntry(name, type, shape, offsets[0], offsets[1]);
    }

    private long[] ReadSizes(ref Utf8JsonReader reader, string name, string field)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw Bad($"tensor {name}: {field} must be a list of numbers");
        var sizes = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long size) || size < 0)
                throw Bad($"tensor {name}: {field} must hold whole numbers from 0 to {long.MaxValue}");
            sizes.Add(size);
        }
        return [.. sizes];
    }

    private void CheckLayout(long dataLength)
    {
        long at = 0;
        foreach (SafetensorsEntry entry in Entries)
        {
            if (entry.Start != at)
                throw Bad($"tensor {entry.Name} starts at byte {entry.Start}; required is {at}, without gap or overlap");
            if (entry.End < entry.Start || entry.End > dataLength)
                throw Bad($"tensor {entry.Name} ends at byte {entry.End}; the file holds {dataLength} bytes of data (cut short?)");
            long required = ByteLength(entry);
            if (entry.End - entry.Start != required)
                throw Bad($"tensor {entry.Name} has {entry.End - entry.Start} bytes; {entry.Type} [{string.Join(", ", entry.Shape)}] requires {required}");
            at = entry.End;
        }
        if (at != dataLength) throw Bad($"{dataLength} bytes of data follow the header; its tensors cover {at}");
    }

    private long ByteLength(SafetensorsEntry entry)
    {
        if (!BitsOfType.TryGetValue(entry.Type, out int bits))
            throw Bad($"tensor {entry.Name} has the unknown type {entry.Type}; known are {string.Join(", ", BitsOfType.Keys)}");
        try
        {
            long count = 1;
            foreach (long size in entry.Shape) count = checked(count * size);
            long total = checked(count * bits);
            if (total % 8 != 0) throw Bad($"tensor {entry.Name} does not end on a whole byte");
            return total / 8;
        }
        catch (OverflowException)
        {
            throw Bad($"tensor {entry.Name} has the impossible shape [{string.Join(", ", entry.Shape)}]");
        }
    }

    private InputException Bad(string message) => new($"{_file}: {message}");
}
