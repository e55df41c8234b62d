using System.Text.Json;
using System.Text.Json.Nodes;
using FineTuneKit.Data;
using FineTuneKit.Text;

namespace FineTuneKit.Adapters;

/// <summary>
/// <c>adapter_config.json</c> as PEFT reads and writes it. Fields that are known are read; a field that is unknown and set,
/// or a kind of adapter that is not known, is refused by name: a silently ignored one would give other outputs than the
/// adapter's maker saw.
/// </summary>
public static class PeftConfig
{
    // The version whose fields are written.
    internal const string Version = "0.21.2";

    /// <summary>Reads a configuration.</summary>
    /// <param name="path">The file, for messages and reading.</param>
    /// <exception cref="InputException">No such file, no JSON, a field of the wrong type or out of range, or what is not supported.</exception>
    public static AdapterOptions Load(string path) => Load(path, Read);

    /// <summary>Reads the fields of a configuration by a function, whose errors get the file's name.</summary>
    internal static T Load<T>(string path, Func<JsonObject, T> read)
    {
        if (!File.Exists(path)) throw new InputException($"{path}: no such file; a PEFT folder holds adapter_config.json and adapter_model.safetensors");
        JsonObject fields;
        try
        {
            byte[] bytes = File.ReadAllBytes(path);
            StrictJson.RequireUtf8(bytes, path, 1);
            fields = JsonNode.Parse(bytes, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject ?? throw new InputException($"{path}: a JSON object is required");
        }
        catch (JsonException e)
        {
            throw new InputException($"{path}: not JSON: {e.Message}", e);
        }
        try
        {
            return read(fields);
        }
        catch (InputException e)
        {
            throw new InputException($"{path}: {e.Message}", e);
        }
        catch (Exception e) when (JsonReading.IsMalformed(e))
        {
            throw new InputException($"{path}: a field has the wrong type: {e.Message}", e);
        }
    }

    /// <summary>The JSON that PEFT 0.21 writes: all of its fields, sorted, two spaces.</summary>
    /// <param name="options">How the adapter was made.</param>
    /// <param name="targets">The targets as a list of names, without <c>all-linear</c>.</param>
    /// <param name="baseModel">Folder or hub name of the base; null where there is none to tell.</param>
    /// <param name="storedTransposed">Whether the base keeps the adapted weights as (in, out).</param>
    public static string ToJson(AdapterOptions options, IReadOnlyList<string> targets, string? baseModel, bool storedTransposed = false)
    {
        var fields = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal)
        {
            ["auto_mapping"] = options.AutoMapping is { } mapping
                ? new JsonObject { ["base_model_class"] = mapping.BaseModelClass, ["parent_library"] = mapping.ParentLibrary } : null,
            ["base_model_name_or_path"] = baseModel,
            ["exclude_modules"] = options.ExcludedPattern is { } excluded ? excluded : options.Excluded.Count > 0 ? PeftKind.Names(options.Excluded) : null,
            ["fan_in_fan_out"] = storedTransposed,
            ["inference_mode"] = true,
            ["modules_to_save"] = options.TrainedWhole.Count == 0 ? null : PeftKind.Names(options.TrainedWhole),
            ["peft_type"] = options.PeftType,
            ["peft_version"] = Version,
            ["revision"] = null,
            ["target_modules"] = options.TargetPattern is { } pattern ? pattern : PeftKind.Names(targets),
            ["task_type"] = options.TaskType,
        };
        PeftKind.Of(options.PeftType).Write(options, fields);
        return new JsonObject(fields).ToJsonString(Records.AtomicFile.JsonOptions) + "\n";
    }

    /// <summary>Refuses a field that is set and has no meaning here.</summary>
    internal static void RefuseUnknown(JsonObject fields, Predicate<string> isKnown)
    {
        foreach ((string name, JsonNode? value) in fields)
            if (!isKnown(name) && PeftKind.IsSet(value)) throw new InputException($"{name} is {value!.ToJsonString()}, which is not supported; the adapter would compute something else");
    }

    private static AdapterOptions Read(JsonObject fields)
    {
        PeftKind kind = PeftKind.Of((string?)fields["peft_type"]);
        RefuseUnknown(fields, kind.Knows);
        if (fields["target_modules"] is null) throw new InputException("target_modules is missing");

        string? pattern = fields["target_modules"] is JsonValue target ? (string?)target : null;
        AdapterOptions options = kind.Read(fields) with
        {
            Targets = pattern == AdapterOptions.AllLinear ? [pattern] : pattern is null ? PeftKind.List(fields["target_modules"]) : [],
            TargetPattern = pattern == AdapterOptions.AllLinear ? null : pattern,
            Excluded = fields["exclude_modules"] is JsonValue ? [] : PeftKind.List(fields["exclude_modules"]),
            ExcludedPattern = fields["exclude_modules"] is JsonValue excluded ? (string?)excluded : null,
            TrainedWhole = PeftKind.List(fields["modules_to_save"]),
            TaskType = (string?)fields["task_type"],
            AutoMapping = fields["auto_mapping"] is JsonObject mapping ? new AutoMapping((string?)mapping["base_model_class"], (string?)mapping["parent_library"]) : null,
        };
        options.Validate();
        return options;
    }
}
