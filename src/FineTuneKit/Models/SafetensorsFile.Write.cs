using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using FineTuneKit.Records;

namespace FineTuneKit.Models;

public sealed unsafe partial class SafetensorsFile
{
    // The reference writer's order: wider types first, so that every tensor is aligned, then by name.
    private static readonly string[] WriteOrder = ["I64", "F32", "I32", "BF16", "F16", "U8", "BOOL"];

    /// <summary>
    /// Writes tensors to a file: same tensors, same bytes, whatever their order. The file appears when it is whole.
    /// </summary>
    /// <param name="path">Where; its folder is made when missing.</param>
    /// <param name="tensors">Names and values; a non-contiguous value is written as its contiguous copy.</param>
    /// <param name="floatType">Float32, BFloat16 or Float16 for all floating tensors; null keeps each one's own.</param>
    /// <param name="metadata">The <c>__metadata__</c> strings; <c>format: pt</c> when null, as transformers requires.</param>
    public static void Write(
        string path,
        IEnumerable<KeyValuePair<string, Tensor>> tensors,
        ScalarType? floatType = null,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        var items = tensors.Select(item => (item.Key, item.Value, Type: StoredType(item.Key, item.Value, floatType))).ToList();
        items = [.. items.OrderBy(item => Array.IndexOf(WriteOrder, item.Type)).ThenBy(item => item.Key, StringComparer.Ordinal)];
        byte[] header = Header(items, metadata ?? new Dictionary<string, string>(StringComparer.Ordinal) { ["format"] = "pt" });
        AtomicFile.Write(path, stream =>
        {
            stream.Write(header);
            foreach ((_, Tensor value, string type) in items) WriteBytes(stream, value, ReadableTypes[type]);
        });
    }

    private static byte[] Header(List<(string Name, Tensor Value, string Type)> items, IReadOnlyDictionary<string, string> metadata)
    {
        using var buffer = new MemoryStream();
        buffer.Write(new byte[8]);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            foreach ((string key, string text) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal)) json.WriteString(key, text);
            json.WriteEndObject();
            long at = 0;
            foreach ((string name, Tensor value, string type) in items)
            {
                long end = at + value.numel() * ElementSize(type);
                json.WriteStartObject(name);
                json.WriteString("dtype", type);
                json.WriteStartArray("shape");
                foreach (long size in value.shape) json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(at);
                json.WriteNumberValue(end);
                json.WriteEndArray();
                json.WriteEndObject();
                at = end;
            }
            json.WriteEndObject();
        }
        while (buffer.Length % 8 != 0) buffer.WriteByte((byte)' ');
        byte[] bytes = buffer.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(bytes, bytes.Length - 8);
        return bytes;
    }

    private static void WriteBytes(Stream stream, Tensor value, ScalarType type)
    {
        using (NewDisposeScope())
        using (no_grad())
            stream.Write(value.detach().to(type).contiguous().bytes);
    }

    private static string StoredType(string name, Tensor value, ScalarType? floatType)
    {
        ScalarType type = floatType is { } asked && value.is_floating_point() ? asked : value.dtype;
        foreach ((string stored, ScalarType readable) in ReadableTypes)
            if (readable == type) return stored;
        throw new ArgumentException($"{name} is {type}; supported are {string.Join(", ", ReadableTypes.Keys)}", nameof(value));
    }

    private static int ElementSize(string type) => type switch { "I64" => 8, "F32" or "I32" => 4, "BF16" or "F16" => 2, _ => 1 };
}
