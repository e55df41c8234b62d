using System.Text.Json;
using System.Text.Json.Nodes;
using FineTuneKit.Models;

namespace FineTuneKit.Adapters;

/// <summary>What a PEFT folder holds, whatever its kind.</summary>
public sealed record AdapterSummary
{
    /// <summary>The folder.</summary>
    public required string Folder { get; init; }

    /// <summary>PEFT's name of the kind: LORA, IA3 …</summary>
    public required string Kind { get; init; }

    /// <summary>Rank, or null where there is none.</summary>
    public int? Rank { get; init; }

    /// <summary>Alpha, or null where there is none.</summary>
    public double? Alpha { get; init; }

    /// <summary>Names or pattern of the targets.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>Folder or hub name of the base, as its maker noted it; null for none.</summary>
    public string? Base { get; init; }

    /// <summary>Numbers in the file.</summary>
    public required long Parameters { get; init; }

    /// <summary>Size of the file.</summary>
    public required long Bytes { get; init; }

    /// <summary>Reads a folder's configuration and the header of its weights.</summary>
    /// <exception cref="InputException">No adapter there, or one that cannot be read.</exception>
    public static AdapterSummary Of(string folder)
    {
        string path = Path.Combine(folder, PeftFolder.ConfigName), weights = Path.Combine(folder, PeftFolder.WeightsName);
        if (!File.Exists(path)) throw new InputException($"{path}: no such file; a PEFT folder is required");
        try
        {
            JsonObject json = JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? throw new JsonException("a JSON object is required");
            using SafetensorsFile file = SafetensorsFile.Open(weights);
            return new AdapterSummary
            {
                Folder = folder,
                Kind = (string?)json["peft_type"] ?? throw new InputException($"{path}: peft_type is missing"),
                Rank = (int?)json["r"],
                Alpha = (double?)json["lora_alpha"],
                Targets = json["target_modules"] switch
                {
                    JsonArray names => [.. names.Select(name => (string)name!).Order(StringComparer.Ordinal)],
                    JsonValue one => [(string)one!],
                    _ => [],
                },
                Base = (string?)json["base_model_name_or_path"],
                Parameters = file.Entries.Sum(entry => entry.Shape.Aggregate(1L, (product, size) => product * size)),
                Bytes = new FileInfo(weights).Length,
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new InputException($"{path}: not the configuration of an adapter: {e.Message}", e);
        }
    }

    /// <summary>All adapters in a folder and below it, by name.</summary>
    /// <exception cref="InputException">No such folder, or an adapter that cannot be read.</exception>
    public static IReadOnlyList<AdapterSummary> Below(string folder)
    {
        if (!Directory.Exists(folder)) throw new InputException($"{folder}: no such folder");
        return [.. Directory.EnumerateFiles(folder, PeftFolder.ConfigName, SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => Of(Path.GetDirectoryName(file)!))];
    }
}
