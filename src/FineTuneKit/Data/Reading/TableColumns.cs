using System.Text;
using System.Text.Json;

namespace FineTuneKit.Data;

/// <summary>
/// The columns of a table as keys of JSON objects. Cells are texts but for messages, history and conversations, which
/// hold JSON, and for the mark of an unpaired row, which is true or false. An empty cell of a column that a row can do
/// without is an absent key.
/// </summary>
internal sealed class TableColumns(string[] names)
{
    private static readonly HashSet<string> Nested = new(["messages", "history", "conversations"], StringComparer.Ordinal);

    private static readonly HashSet<string> Needed = new(
        ["messages", "conversations", "prompt", "completion", "answer", "instruction", "output", "question", "text", "chosen", "rejected"], StringComparer.Ordinal);

    private readonly bool _hasText = names.Contains("text");
    private readonly bool _mayBeUnpaired = names.Contains("prompt") && names.Contains("completion");

    /// <summary>The columns' names.</summary>
    public string[] Names => names;

    /// <summary>The record as the object that a shape reads.</summary>
    /// <exception cref="InputException">Not as many cells as columns, NUL, or no JSON where it has to be.</exception>
    public ReadOnlyMemory<byte> Object(string[] cells, RowOrigin origin)
    {
        if (cells.Length != names.Length)
            throw new InputException($"{origin}: {cells.Length} fields; the header has {names.Length} ({string.Join(", ", names)})");
        return MessageJson.Bytes(json =>
        {
            json.WriteStartObject();
            for (int i = 0; i < names.Length; i++) Write(json, names[i], cells[i], origin);
            json.WriteEndObject();
        });
    }

    /// <summary>The cells of an object, and those of its keys that are no column.</summary>
    public string[] Cells(JsonElement row, out IReadOnlyList<string> without)
    {
        var cells = new string[names.Length];
        Array.Fill(cells, "");
        var others = new List<string>();
        foreach (JsonProperty property in row.EnumerateObject())
        {
            int column = Array.IndexOf(names, property.Name);
            if (column < 0) others.Add(property.Name);
            else cells[column] = Cell(property.Value);
        }
        without = others;
        return cells;
    }

    private static string Cell(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Null => "",
        _ => value.GetRawText(),
    };

    private void Write(Utf8JsonWriter json, string name, string cell, RowOrigin origin)
    {
        if (cell.Contains('\0')) throw new InputException($"{origin}: the column \"{name}\" holds the character NUL");
        bool needed = Needed.Contains(name) || (name == "label" && _hasText);
        if (cell.Length == 0 && !needed) return;
        json.WritePropertyName(name);
        if (Nested.Contains(name)) WriteNested(json, cell, name, origin);
        else if ((name == "kto_tag" || (name == "label" && _mayBeUnpaired)) && bool.TryParse(cell, out bool good)) json.WriteBooleanValue(good);
        else json.WriteStringValue(cell);
    }

    private static void WriteNested(Utf8JsonWriter json, string cell, string column, RowOrigin origin)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(cell);
        try
        {
            StrictJson.Check(utf8, origin.File, origin.Line);
        }
        catch (InputException e)
        {
            throw new InputException($"{e.Message} (the column \"{column}\" has to hold JSON)", e);
        }
        json.WriteRawValue(utf8);
    }
}
