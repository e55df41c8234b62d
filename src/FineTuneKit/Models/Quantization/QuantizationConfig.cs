using System.Text.Json;
using System.Text.Json.Nodes;

namespace FineTuneKit.Models;

/// <summary>The object <c>quantization_config</c> of a <c>config.json</c>, as transformers writes it for bitsandbytes.</summary>
internal static class QuantizationConfig
{
    /// <summary>The key in <c>config.json</c>.</summary>
    public const string Key = "quantization_config";

    /// <summary>Checks that a checkpoint is quantised in a way that is built; how exactly, each weight's own state says.</summary>
    /// <exception cref="InputException">Another method than bitsandbytes' four bits.</exception>
    public static void Check(ConfigReader reader)
    {
        if (reader.Object(Key) is not { } json) return;
        string method = json["quant_method"]?.ToString() ?? "missing";
        if (method != "bitsandbytes") throw reader.Bad($"{Key}.quant_method is {method}; supported is bitsandbytes");
        if (IsTrue(json["load_in_8bit"])) throw reader.Bad($"{Key}.load_in_8bit is true, which is not supported; supported is load_in_4bit");
        string storage = json["bnb_4bit_quant_storage"]?.ToString() ?? "uint8";
        if (storage != "uint8") throw reader.Bad($"{Key}.bnb_4bit_quant_storage is {storage}; supported is uint8");
    }

    /// <summary>Writes the object, or takes it out where nothing is quantised. What was read stays where it does not contradict.</summary>
    public static void Write(JsonObject config, QuantizationOptions? options)
    {
        if (options is null)
        {
            config.Remove(Key);
            return;
        }
        JsonObject json = config[Key] as JsonObject ?? new JsonObject
        {
            ["_load_in_4bit"] = true,
            ["_load_in_8bit"] = false,
            ["bnb_4bit_compute_dtype"] = "float32",
            ["bnb_4bit_quant_storage"] = "uint8",
            ["llm_int8_enable_fp32_cpu_offload"] = false,
            ["llm_int8_has_fp16_weight"] = false,
            ["llm_int8_skip_modules"] = options.Skipped.Count == 0 ? null : new JsonArray([.. options.Skipped.Select(name => (JsonNode)name)]),
            ["llm_int8_threshold"] = 6.0,
            ["load_in_4bit"] = true,
            ["load_in_8bit"] = false,
            ["quant_method"] = "bitsandbytes",
        };
        json["bnb_4bit_quant_type"] = options.TypeName;
        json["bnb_4bit_use_double_quant"] = options.DoubleQuantization;
        config[Key] = json;
    }

    private static bool IsTrue(JsonNode? value) => value?.GetValueKind() == JsonValueKind.True;
}
