using System.Text.Json;
using System.Text.Json.Nodes;
using FineTuneKit.Records;

namespace FineTuneKit.Models;

/// <summary>
/// Reads and writes <c>config.json</c>, in the names of 2023 (<c>rope_theta</c>, <c>rope_scaling</c>,
/// <c>torch_dtype</c>) and of 2026 (<c>rope_parameters</c>, <c>dtype</c>). A switch that would change the
/// arithmetic and is not built is refused by name.
/// </summary>
public sealed class ConfigFile
{
    // Keys that describe, that only generation reads, or that changed speed and not values.
    private static readonly HashSet<string> Harmless = new(StringComparer.Ordinal)
    {
        "_name_or_path", "architectures", "auto_map", "dtype", "torch_dtype", "transformers_version", "use_cache", "pretraining_tp",
        "_attn_implementation", "_attn_implementation_autoset", "attn_implementation", "model_type", "id2label", "label2id", "num_labels",
        "return_dict", "task_specific_params", "tokenizer_class", "unsloth_version", "unsloth_fixed", "return_dict_in_generate",
        "max_length", "min_length", "do_sample", "temperature", "top_k", "top_p", "num_beams", "num_return_sequences", "length_penalty",
        "repetition_penalty", "early_stopping", "no_repeat_ngram_size", "diversity_penalty", "num_beam_groups", "typical_p", "sep_token_id",
        "decoder_start_token_id", "prefix", "chunk_size_feed_forward", "is_decoder", "finetuning_task", "problem_type", "architecture",
        "rope_interleaved",
    };

    private static readonly HashSet<string> Read = new(StringComparer.Ordinal)
    {
        "vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads", "head_dim",
        "max_position_embeddings", "rms_norm_eps", "rope_theta", "rope_scaling", "rope_parameters", "attention_bias", "mlp_bias",
        "tie_word_embeddings", "hidden_act", "initializer_range", "bos_token_id", "eos_token_id", "pad_token_id",
    };

    private readonly string _file;
    private readonly JsonObject _json;

    private ConfigFile(string file, JsonObject json) => (_file, _json) = (file, json);

    /// <summary>Reads a file.</summary>
    /// <exception cref="InputException">Missing, not JSON, an unknown family, a switch that is not built, numbers that do not fit.</exception>
    public static DecoderConfig Load(string path)
    {
        if (Directory.Exists(path)) throw new InputException($"{path} is a folder; a config.json is required");
        if (!File.Exists(path)) throw new InputException($"{path}: no such file; a model folder needs it");
        return Parse(path, File.ReadAllText(path));
    }

    /// <summary>Reads a text; <paramref name="file"/> names it in messages.</summary>
    public static DecoderConfig Parse(string file, string text)
    {
        try
        {
            JsonNode? node = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
            return node is JsonObject json
                ? new ConfigFile(file, json).ToConfig()
                : throw new InputException($"{file}: a JSON object is required");
        }
        catch (JsonException e)
        {
            throw new InputException($"{file}: not JSON: {e.Message}", e);
        }
    }

    /// <summary>
    /// The JSON to save: what was read, with this configuration's values over it, under the names of 2023, which
    /// every version of transformers reads.
    /// </summary>
    /// <param name="config">The configuration.</param>
    /// <param name="stored">The type of the saved weights.</param>
    public static string ToJson(DecoderConfig config, ScalarType stored)
    {
        JsonObject json = config.Source?.DeepClone().AsObject() ?? [];
        json.Remove("rope_parameters");
        json.Remove("dtype");
        json["architectures"] = new JsonArray(config.Head == DecoderHead.Classification ? "LlamaForSequenceClassification" : "LlamaForCausalLM");
        json["model_type"] = config.ModelType;
        json["vocab_size"] = config.VocabularySize;
        json["hidden_size"] = config.HiddenSize;
        json["intermediate_size"] = config.IntermediateSize;
        json["num_hidden_layers"] = config.Layers;
        json["num_attention_heads"] = config.Heads;
        json["num_key_value_heads"] = config.KeyHeads;
        json["head_dim"] = config.HeadDim;
        json["hidden_act"] = "silu";
        json["max_position_embeddings"] = config.ContextLength;
        json["rms_norm_eps"] = config.NormEpsilon;
        json["rope_theta"] = config.RotaryBase;
        json["rope_scaling"] = config.RotaryScaling is { } scaling ? ScalingJson(scaling) : null;
        json["attention_bias"] = config.AttentionBias;
        json["attention_dropout"] = 0.0;
        json["mlp_bias"] = config.MlpBias;
        json["tie_word_embeddings"] = config.TiedHead;
        json["initializer_range"] = config.InitializerRange;
        json["bos_token_id"] = config.BosId;
        json["eos_token_id"] = config.EosIds.Count switch
        {
            0 => null,
            1 => config.EosIds[0],
            _ => new JsonArray([.. config.EosIds.Select(id => JsonValue.Create(id))]),
        };
        json["pad_token_id"] = config.PadId;
        json["torch_dtype"] = stored switch { ScalarType.BFloat16 => "bfloat16", ScalarType.Float16 => "float16", _ => "float32" };
        if (config.Head == DecoderHead.Classification)
        {
            json["id2label"] = new JsonObject(config.Labels.Select((label, i) => KeyValuePair.Create($"{i}", (JsonNode?)label)));
            json["label2id"] = new JsonObject(config.Labels.Select((label, i) => KeyValuePair.Create(label, (JsonNode?)i)));
        }
        return json.ToJsonString(AtomicFile.JsonOptions) + "\n";
    }

    private DecoderConfig ToConfig()
    {
        string type = Text("model_type") ?? throw Bad("model_type is missing");
        if (type != "llama") throw Bad($"model_type \"{type}\" is not supported; supported is \"llama\"");
        RefuseUnknownSwitches();
        string activation = Text("hidden_act") ?? "silu";
        if (activation is not ("silu" or "swish")) throw Bad($"hidden_act \"{activation}\" is not supported; supported is \"silu\"");
        int hidden = Required("hidden_size"), heads = Required("num_attention_heads");
        if (!Has("head_dim") && (heads < 1 || hidden % heads != 0)) throw Bad($"hidden_size {hidden} is no multiple of num_attention_heads {heads}, and head_dim is missing");
        int context = Whole("max_position_embeddings") ?? 2048;
        JsonObject? rotary = Object("rope_parameters") ?? Object("rope_scaling");
        DecoderHead head = HeadOf();
        return new DecoderConfig
        {
            ModelType = type,
            VocabularySize = Required("vocab_size"),
            HiddenSize = hidden,
            IntermediateSize = Required("intermediate_size"),
            Layers = Required("num_hidden_layers"),
            Heads = heads,
            KeyHeads = Whole("num_key_value_heads") ?? heads,
            HeadDim = Whole("head_dim") ?? hidden / heads,
            ContextLength = context,
            NormEpsilon = Number(_json, "rms_norm_eps") ?? 1e-6,
            RotaryBase = (rotary is null ? null : Number(rotary, "rope_theta")) ?? Number(_json, "rope_theta") ?? 10_000,
            RotaryScaling = rotary is null ? null : Scaling(rotary, context),
            AttentionBias = Flag("attention_bias"),
            MlpBias = Flag("mlp_bias"),
            TiedHead = Flag("tie_word_embeddings"),
            Head = head,
            Labels = head == DecoderHead.Classification ? LabelNames() : [],
            InitializerRange = Number(_json, "initializer_range") ?? 0.02,
            BosId = Ids("bos_token_id") is [int bos, ..] ? bos : null,
            EosIds = Ids("eos_token_id"),
            PadId = Ids("pad_token_id") is [int pad, ..] && pad >= 0 ? pad : null,
            Source = _json,
        }.Checked(_file);
    }

    private void RefuseUnknownSwitches()
    {
        foreach ((string key, JsonNode? value) in _json)
        {
            if (Read.Contains(key) || Harmless.Contains(key) || !IsSet(value)) continue;
            throw Bad($"{key} is {value!.ToJsonString()}, which is not supported; remove it only if it does not change the model");
        }
    }

    /// <summary>Null, false, 0, "" and empty lists and objects leave a switch off.</summary>
    private static bool IsSet(JsonNode? value) => value switch
    {
        null => false,
        JsonArray array => array.Count > 0,
        JsonObject json => json.Count > 0,
        _ => value.GetValueKind() switch
        {
            JsonValueKind.False => false,
            JsonValueKind.Number => value.GetValue<double>() != 0,
            JsonValueKind.String => value.GetValue<string>().Length > 0,
            _ => true,
        },
    };

    private DecoderHead HeadOf()
    {
        string? architecture = _json["architectures"] is JsonArray { Count: > 0 } names ? names[0]?.ToString() : null;
        return architecture switch
        {
            null or "LlamaForCausalLM" => DecoderHead.LanguageModel,
            "LlamaForSequenceClassification" => DecoderHead.Classification,
            _ => throw Bad($"architecture \"{architecture}\" is not supported; supported are LlamaForCausalLM and LlamaForSequenceClassification"),
        };
    }

    private string[] LabelNames()
    {
        if (Object("id2label") is not { Count: > 0 } names) return [.. Enumerable.Range(0, Whole("num_labels") ?? 2).Select(i => $"LABEL_{i}")];
        var labels = new string[names.Count];
        for (int i = 0; i < labels.Length; i++)
            labels[i] = names[$"{i}"]?.ToString() ?? throw Bad($"id2label has {names.Count} labels but none under \"{i}\"");
        return labels;
    }

    private RotaryScaling? Scaling(JsonObject json, int context)
    {
        string kind = json["rope_type"]?.ToString() ?? json["type"]?.ToString() ?? "default";
        if (kind == "default") return null;
        if (kind is not ("linear" or "dynamic" or "llama3" or "yarn"))
            throw Bad($"rope_type \"{kind}\" is not supported; supported are default, linear, dynamic, llama3 and yarn");
        int? original = Number(json, "original_max_position_embeddings") is { } tokens ? (int)tokens : null;
        double factor = Number(json, "factor") ?? (kind == "yarn" && original is { } base0
            ? (double)context / base0
            : throw Bad($"rope_type \"{kind}\" needs a factor"));
        if (!(factor >= 1)) throw Bad($"the factor of rope_type \"{kind}\" is {factor}; at least 1 is required");
        if (kind == "llama3" && original is null) throw Bad("rope_type \"llama3\" needs original_max_position_embeddings");
        return new RotaryScaling(kind, factor)
        {
            OriginalContextLength = original,
            LowFrequencyFactor = Number(json, "low_freq_factor") ?? 1,
            HighFrequencyFactor = Number(json, "high_freq_factor") ?? 4,
            BetaFast = Number(json, "beta_fast") ?? 32,
            BetaSlow = Number(json, "beta_slow") ?? 1,
            AttentionFactor = Number(json, "attention_factor"),
            MagnitudeScale = Number(json, "mscale"),
            MagnitudeScaleAllDims = Number(json, "mscale_all_dim"),
            Truncate = json["truncate"] is null || json["truncate"]!.GetValueKind() == JsonValueKind.True,
        };
    }

    private static JsonObject ScalingJson(RotaryScaling scaling)
    {
        var json = new JsonObject { ["rope_type"] = scaling.Kind, ["factor"] = scaling.Factor };
        if (scaling.OriginalContextLength is { } original) json["original_max_position_embeddings"] = original;
        if (scaling.Kind == "llama3")
        {
            json["low_freq_factor"] = scaling.LowFrequencyFactor;
            json["high_freq_factor"] = scaling.HighFrequencyFactor;
        }
        if (scaling.Kind != "yarn") return json;
        json["beta_fast"] = scaling.BetaFast;
        json["beta_slow"] = scaling.BetaSlow;
        if (scaling.AttentionFactor is { } attention) json["attention_factor"] = attention;
        if (scaling.MagnitudeScale is { } scale) json["mscale"] = scale;
        if (scaling.MagnitudeScaleAllDims is { } all) json["mscale_all_dim"] = all;
        if (!scaling.Truncate) json["truncate"] = false;
        return json;
    }

    private bool Has(string key) => _json[key] is not null;

    private int Required(string key) => Whole(key) ?? throw Bad($"{key} is missing");

    private int? Whole(string key)
    {
        if (Number(_json, key) is not { } number) return null;
        return number == Math.Floor(number) && Math.Abs(number) <= int.MaxValue
            ? (int)number
            : throw Bad($"{key} is {number}; a whole number is required");
    }

    private double? Number(JsonObject json, string key)
    {
        if (json[key] is not { } value) return null;
        return value.GetValueKind() == JsonValueKind.Number
            ? value.GetValue<double>()
            : throw Bad($"{key} is {value.ToJsonString()}; a number is required");
    }

    private bool Flag(string key) => _json[key] is { } value && value.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Bad($"{key} is {value.ToJsonString()}; true or false is required"),
    };

    private string? Text(string key)
    {
        if (_json[key] is not { } value) return null;
        return value.GetValueKind() == JsonValueKind.String
            ? value.GetValue<string>()
            : throw Bad($"{key} is {value.ToJsonString()}; a text is required");
    }

    private JsonObject? Object(string key) => _json[key] switch
    {
        null => null,
        JsonObject json => json,
        { } other => throw Bad($"{key} is {other.ToJsonString()}; an object is required"),
    };

    private int[] Ids(string key) => _json[key] switch
    {
        null => [],
        JsonArray array => [.. array.Select(id => id is not null && id.GetValueKind() == JsonValueKind.Number && id.AsValue().TryGetValue(out int number)
            ? number
            : throw Bad($"{key} must hold token ids"))],
        _ => [Whole(key)!.Value],
    };

    private InputException Bad(string message) => new($"{_file}: {message}");
}
