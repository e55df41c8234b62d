using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FineTuneKit.Notebooks.Documents;

/// <summary>Jupyter's notebook format, version 4, written as Jupyter writes it (keys sorted, one space a level), so that a diff shows what changed.</summary>
internal static class IpynbFormat
{
    private const int Version = 4;

    private static readonly JsonWriterOptions Layout = new() { Indented = true, IndentSize = 1, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static NotebookDocument Parse(string path, ReadOnlySpan<byte> utf8)
    {
        JsonObject json = Root(path, utf8);
        if (json["nbformat"] is not JsonValue format || !format.TryGetValue(out int version))
            throw new InputException($"{path} is not a notebook: it has no \"nbformat\"; {Version} is required");
        if (version != Version)
            throw new InputException($"{path} has nbformat {version}; {Version} is required. \"jupyter nbconvert --to notebook --nbformat {Version} {Path.GetFileName(path)}\" converts it");
        if (json["cells"] is not JsonArray cells) throw new InputException($"{path} is not a notebook: it has no list \"cells\"");
        var read = new List<NotebookCell>();
        foreach (JsonNode? cell in cells)
        {
            if (cell is not JsonObject entry || entry["cell_type"] is not JsonValue || entry["source"] is null)
                throw new InputException($"{path}: cell {read.Count + 1} is no cell; an object with \"cell_type\" and \"source\" is required");
            read.Add(new NotebookCell(entry));
        }
        return new NotebookDocument(json, read);
    }

    public static string Write(NotebookDocument notebook)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Layout))
        {
            writer.WriteStartObject();
            writer.WritePropertyName("cells");
            writer.WriteStartArray();
            foreach (NotebookCell cell in notebook.Cells) WriteSorted(writer, cell.Json);
            writer.WriteEndArray();
            foreach (string key in notebook.Json.Select(p => p.Key).Where(k => k != "cells").Order(StringComparer.Ordinal))
            {
                writer.WritePropertyName(key);
                WriteSorted(writer, notebook.Json[key]);
            }
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static JsonObject Root(string path, ReadOnlySpan<byte> utf8)
    {
        if (utf8.StartsWith("\uFEFF"u8)) utf8 = utf8[3..];
        try
        {
            return JsonNode.Parse(utf8) as JsonObject ?? throw new InputException($"{path} is not a notebook: its JSON is no object");
        }
        catch (JsonException e)
        {
            throw InputException.At(path, (int)(e.LineNumber ?? 0) + 1, $"not a notebook: no valid JSON at byte {e.BytePositionInLine} of the line");
        }
    }

    private static void WriteSorted(Utf8JsonWriter writer, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject entries:
                writer.WriteStartObject();
                foreach ((string key, JsonNode? value) in entries.OrderBy(p => p.Key, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(key);
                    WriteSorted(writer, value);
                }
                writer.WriteEndObject();
                break;
            case JsonArray items:
                writer.WriteStartArray();
                foreach (JsonNode? item in items) WriteSorted(writer, item);
                writer.WriteEndArray();
                break;
            case null:
                writer.WriteNullValue();
                break;
            default:
                node.WriteTo(writer);
                break;
        }
    }
}
