using System.Text.Json;
using System.Text.Json.Nodes;
using FineTuneKit.Data;
using FineTuneKit.Text;

namespace FineTuneKit.Adapters;

/// <summary>
/// <c>adapter_config.json</c> as PEFT reads and writes it. Fields that are known are read; a field that is unknown and set,
/// or that asks for a kind of adapter that is not LoRA on projections, is refused by name: a silently ignored one would
/// give other outputs than the adapter's maker saw.
/// </summary>
public static class PeftConfig
{
    // Read below, or without effect on what the adapter computes.
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "peft_type", "r", "lora_alpha", "lora_dropout", "target_modules", "exclude_modules", "use_rslora", "rank_pattern", "alpha_pattern",
        "layers_to_transform", "layers_pattern", "modules_to_save", "bias", "init_lora_weights",
        "auto_mapping", "base_model_name_or_path", "revision", "inference_mode", "task_type", "peft_version",
        "fan_in_fan_out", "megatron_core", "qalora_group_size", "runtime_config",
    };

    // Initialisations that leave the base as it is; the others change its weights, which a plain base does not have.
    private static readonly HashSet<string> PlainInitialisations = new(StringComparer.Ordinal) { "gaussian", "eva", "orthogonal", "lora_ga" };

    /// <summary>Reads a configuration.</summary>
    /// <param name="path">The file, for messages and reading.</param>
    /// <exception cref="InputException">No such file, no JSON, a field of the wrong type or out of range, or what is not supported.</exception>
    public static LoraOptions Load(string path)
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
            return Read(path, fields);
        }
        catch (InputException e) when (!e.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw new InputException($"{path}: {e.Message}", e);
        }
        catch (Exception e) when (JsonReading.IsMalformed(e))
        {
            throw new InputException($"{path}: a field has the wrong type: {e.Message}", e);
        }
    }

    /// <summary>The JSON that PEFT reads: sorted keys, two spaces, only fields that its older versions know too.</summary>
    /// <param name="options">How the adapter was made.</param>
    /// <param name="targets">The targets as a list of names, without <c>all-linear</c>.</param>
    /// <param name="baseModel">Folder or hub name of the base; null where there is none to tell.</param>
    /// <param name="storedTransposed">Whether the base keeps the adapted weights as (in, out).</param>
    public static string ToJson(LoraOptions options, IReadOnlyList<string> targets, string? baseModel, bool storedTransposed = false)
    {
        var fields = new SortedDictionary<string, JsonNode?>(StringComparer.Ordinal)
        {
            ["alpha_pattern"] = new JsonObject(options.AlphaPattern.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)Whole(p.Value)))),
            ["base_model_name_or_path"] = baseModel,
            ["bias"] = "none",
            ["fan_in_fan_out"] = storedTransposed,
            ["inference_mode"] = true,
            ["init_lora_weights"] = true,
            ["layers_pattern"] = options.LayersPattern.Count switch { 0 => null, 1 => options.LayersPattern[0], _ => Names(options.LayersPattern) },
            ["layers_to_transform"] = options.Layers is null ? null : new JsonArray([.. options.Layers.Select(i => (JsonNode)i)]),
            ["lora_alpha"] = Whole(options.Alpha),
            ["lora_dropout"] = options.Dropout,
            ["modules_to_save"] = options.TrainedWhole.Count == 0 ? null : Names(options.TrainedWhole),
            ["peft_type"] = "LORA",
            ["r"] = options.Rank,
            ["rank_pattern"] = new JsonObject(options.RankPattern.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value))),
            ["revision"] = null,
            ["target_modules"] = options.TargetPattern is { } pattern ? pattern : Names(targets),
            ["task_type"] = options.TaskType,
            ["use_dora"] = false,
            ["use_rslora"] = options.RankStabilized,
        };
        // Older versions do not know this field.
        if (options.ExcludedPattern is { } excluded) fields["exclude_modules"] = excluded;
        else if (options.Excluded.Count > 0) fields["exclude_modules"] = Names(options.Excluded);
        return new JsonObject(fields).ToJsonString(Records.AtomicFile.JsonOptions) + "\n";
    }

    private static LoraOptions Read(string path, JsonObject fields)
    {
        string? kind = (string?)fields["peft_type"];
        if (kind != "LORA") throw new InputException($"{path}: peft_type is {kind ?? "missing"}; supported is LORA");
        foreach ((string name, JsonNode? value) in fields)
            if (!Known.Contains(name) && IsSet(value)) throw new InputException($"{path}: {name} is {value!.ToJsonString()}, which is not supported; the adapter would compute something else");
        if (IsSet(fields["bias"]) && (string?)fields["bias"] != "none")
            throw new InputException($"{path}: bias is {fields["bias"]}; supported is none");
        if (fields["init_lora_weights"] is JsonValue start && start.GetValueKind() == JsonValueKind.String && !PlainInitialisations.Contains((string)start!))
            throw new InputException($"{path}: init_lora_weights is {start}, which changes the base's weights; convert the adapter to plain LoRA first");
        if (fields["target_modules"] is null) throw new InputException($"{path}: target_modules is missing");

        var options = new LoraOptions();
        string? pattern = fields["target_modules"] is JsonValue target ? (string?)target : null;
        return (options with
        {
            Rank = (int?)fields["r"] ?? options.Rank,
            // PEFT's own defaults where a field is absent.
            Alpha = (double?)fields["lora_alpha"] ?? 8,
            Dropout = (double?)fields["lora_dropout"] ?? 0,
            Targets = pattern == LoraOptions.AllLinear ? [pattern] : pattern is null ? List(fields["target_modules"]) : [],
            TargetPattern = pattern == LoraOptions.AllLinear ? null : pattern,
            Excluded = fields["exclude_modules"] is JsonValue ? [] : List(fields["exclude_modules"]),
            ExcludedPattern = fields["exclude_modules"] is JsonValue excluded ? (string?)excluded : null,
            RankStabilized = (bool?)fields["use_rslora"] ?? false,
            RankPattern = [.. Pairs(fields["rank_pattern"]).Select(p => KeyValuePair.Create(p.Key, (int?)p.Value ?? throw Null("rank_pattern")))],
            AlphaPattern = [.. Pairs(fields["alpha_pattern"]).Select(p => KeyValuePair.Create(p.Key, (double?)p.Value ?? throw Null("alpha_pattern")))],
            Layers = fields["layers_to_transform"] switch
            {
                null => null,
                JsonArray many => [.. many.Select(i => (int?)i ?? throw Null("layers_to_transform"))],
                JsonNode one => [(int)one],
            },
            LayersPattern = List(fields["layers_pattern"]),
            TrainedWhole = List(fields["modules_to_save"]),
            TaskType = (string?)fields["task_type"],
        }).Validated();
    }

    private static bool IsSet(JsonNode? value) => value switch
    {
        null => false,
        JsonArray list => list.Count > 0,
        JsonObject map => map.Count > 0,
        _ => value.GetValueKind() is not JsonValueKind.False,
    };

    private static FormatException Null(string field) => new($"{field} holds null");

    private static List<string> List(JsonNode? value) => value switch
    {
        null => [],
        JsonArray many => [.. many.Select(name => (string?)name ?? throw Null("a list of names"))],
        _ => [(string)value!],
    };

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Pairs(JsonNode? value) => value is null ? [] : value.AsObject();

    private static JsonArray Names(IReadOnlyList<string> names) => new([.. names.Select(name => (JsonNode)name)]);

    // PEFT expects whole alphas as integers.
    private static JsonNode Whole(double value) => value == Math.Floor(value) && Math.Abs(value) < 1e15 ? (JsonNode)(long)value : value;
}
