using System.Text.Json;
using FineTuneKit.Records;

namespace FineTuneKit.Data;

/// <summary>
/// The file <c>split.jsonl</c>, which records a split: on its first line schema, options and proof, then of each row its
/// identity (<see cref="RowIdentity"/>), side, file and line.
/// </summary>
public sealed class SplitFile
{
    /// <summary>The file's usual name.</summary>
    public const string FileName = "split.jsonl";

    private const string Schema = "finetunekit.split/1";

    private SplitFile(IReadOnlyDictionary<string, SplitSide> sides, SplitOptions options, string hash) => (Sides, Options, Hash) = (sides, options, hash);

    /// <summary>The side of each row by its identity.</summary>
    public IReadOnlyDictionary<string, SplitSide> Sides { get; }

    /// <summary>The options of the split.</summary>
    public SplitOptions Options { get; }

    /// <summary>SHA-256 over rows and sides, as in the proof.</summary>
    public string Hash { get; }

    /// <summary>Records a split.</summary>
    public static void Write(string path, SplitResult split, SplitOptions options) => AtomicFile.Write(path, stream =>
    {
        JsonSerializerOptions oneLine = new(AtomicFile.JsonOptions) { WriteIndented = false };
        stream.Write(JsonSerializer.SerializeToUtf8Bytes(new { Schema, Options = options, split.Proof, Excluded = split.Excluded.Count }, oneLine));
        stream.WriteByte((byte)'\n');
        foreach (SplitSide side in Enum.GetValues<SplitSide>())
            foreach (Row row in split.Side(side)) WriteRow(stream, row, Name(side), null);
        foreach (ExcludedRow excluded in split.Excluded) WriteRow(stream, excluded.Row, "excluded", excluded.Reason);
    });

    /// <summary>Reads a record.</summary>
    /// <exception cref="InputException">No such file, or no record of a split.</exception>
    public static SplitFile Read(string path)
    {
        var sides = new Dictionary<string, SplitSide>(StringComparer.Ordinal);
        SplitOptions? options = null;
        string hash = "";
        using InputStream stream = InputStream.Open(path);
        foreach (RawRow raw in JsonLineRows.Read(stream, path))
        {
            using JsonDocument json = StrictJson.Parse(raw.Json, path, raw.Origin.Line);
            var fields = new RowFields(json.RootElement, raw.Origin);
            if (options is not null) ReadRow(fields, sides);
            else (options, hash) = ReadHeader(json.RootElement, fields);
        }
        return new SplitFile(sides, options ?? throw new InputException($"{path}: no record of a split"), hash);
    }

    /// <summary>Gives rows the sides that are recorded, and proves them anew.</summary>
    /// <exception cref="InputException">A row that is not recorded, or a leak.</exception>
    public SplitResult Apply(IReadOnlyList<Row> rows)
    {
        var of = Enum.GetValues<SplitSide>().ToDictionary(s => s, _ => new List<Row>());
        foreach (Row row in rows)
        {
            if (!Sides.TryGetValue(RowIdentity.Of(row), out SplitSide side))
                throw new InputException($"{row.Origin}: the row is not in the record of the split; split again with the record to keep the others where they are");
            of[side].Add(row);
        }
        return DataSplit.Check(of[SplitSide.Train], of[SplitSide.Validation], of[SplitSide.Test], Options);
    }

    private static void WriteRow(Stream stream, Row row, string side, string? reason)
    {
        stream.Write(MessageJson.Bytes(json =>
        {
            json.WriteStartObject();
            json.WriteString("row", RowIdentity.Of(row));
            json.WriteString("side", side);
            json.WriteString("file", Path.GetFileName(row.Origin.File));
            json.WriteNumber("line", row.Origin.Line);
            if (reason is not null) json.WriteString("reason", reason);
            json.WriteEndObject();
        }).Span);
        stream.WriteByte((byte)'\n');
    }

    private static (SplitOptions Options, string Hash) ReadHeader(JsonElement json, RowFields fields)
    {
        if (!json.TryGetProperty("schema", out JsonElement schema) || schema.GetString() != Schema)
            throw fields.Error($"found the keys {fields.Keys}; the first line of a split's record has the schema {Schema}");
        try
        {
            return (json.GetProperty("options").Deserialize<SplitOptions>(AtomicFile.JsonOptions)!, json.GetProperty("proof").GetProperty("hash").GetString()!);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InputException($"{fields.Origin}: {e.Message}", e);
        }
    }

    private static void ReadRow(RowFields fields, Dictionary<string, SplitSide> sides)
    {
        if (!fields.Has("row") || !fields.Has("side")) throw fields.Error($"found the keys {fields.Keys}; \"row\" and \"side\" are required");
        string side = fields.Text("side");
        if (side == "excluded") return;
        if (!Enum.TryParse(side, ignoreCase: true, out SplitSide known)) throw fields.Error($"\"side\" is \"{side}\"; train, validation, test or excluded is required");
        sides[fields.Text("row")] = known;
    }

    private static string Name(SplitSide side) => side.ToString().ToLowerInvariant();
}
