using System.Text.Json;
using System.Text.Json.Nodes;

namespace FineTuneKit.Models;

/// <summary>The keys of a <c>config.json</c>, each read with its type; what is wrong is named with file, key and value.</summary>
internal sealed class ConfigReader(string file, JsonObject json)
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

    // A wrong number would take all memory before any weight is compared with it.
    private const int MostLabels = 1_000_000, MostLayers = 10_000;

    // Keys that every family reads in the same way.
    private static readonly HashSet<string> Common = new(StringComparer.Ordinal)
    {
        "vocab_size", "tie_word_embeddings", "initializer_range", "bos_token_id", "eos_token_id", "pad_token_id",
    };

    /// <summary>The object itself.</summary>
    public JsonObject Json => json;

    /// <summary>Refuses keys that neither this family reads nor anybody needs, unless they are off.</summary>
    public void RefuseUnknownSwitches(IEnumerable<string> read)
    {
        var known = new HashSet<string>(read, StringComparer.Ordinal);
        foreach ((string key, JsonNode? value) in json)
        {
            if (known.Contains(key) || Common.Contains(key) || Harmless.Contains(key) || !IsSet(value)) continue;
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

    /// <summary>The names of a classifier's labels, by index.</summary>
    public string[] Labels()
    {
        if (Object("id2label") is not { Count: > 0 } names)
        {
            int count = Whole("num_labels") ?? 2;
            return count is > 0 and <= MostLabels ? [.. Enumerable.Range(0, count).Select(i => $"LABEL_{i}")] : throw Bad($"num_labels is {count}; 1 to {MostLabels} are possible");
        }
        var labels = new string[names.Count];
        for (int i = 0; i < labels.Length; i++)
            labels[i] = names[$"{i}"]?.ToString() ?? throw Bad($"id2label has {names.Count} labels but none under \"{i}\"");
        return labels;
    }

    /// <summary>The stretch of the rotary frequencies that an object under <c>rope_scaling</c> or <c>rope_parameters</c> asks for.</summary>
    public RotaryScaling? Scaling(JsonObject rotary, int context)
    {
        string kind = rotary["rope_type"]?.ToString() ?? rotary["type"]?.ToString() ?? "default";
        if (kind == "default") return null;
        if (kind is not ("linear" or "dynamic" or "llama3" or "yarn"))
            throw Bad($"rope_type \"{kind}\" is not supported; supported are default, linear, dynamic, llama3 and yarn");
        int? original = Number(rotary, "original_max_position_embeddings") is { } tokens ? (int)tokens : null;
        double factor = Number(rotary, "factor") ?? (kind == "yarn" && original is { } base0
            ? (double)context / base0
            : throw Bad($"rope_type \"{kind}\" needs a factor"));
        if (!(factor >= 1)) throw Bad($"the factor of rope_type \"{kind}\" is {factor}; at least 1 is required");
        if (kind == "llama3" && original is null) throw Bad("rope_type \"llama3\" needs original_max_position_embeddings");
        return new RotaryScaling(kind, factor)
        {
            OriginalContextLength = original,
            LowFrequencyFactor = Number(rotary, "low_freq_factor") ?? 1,
            HighFrequencyFactor = Number(rotary, "high_freq_factor") ?? 4,
            BetaFast = Number(rotary, "beta_fast") ?? 32,
            BetaSlow = Number(rotary, "beta_slow") ?? 1,
            AttentionFactor = Number(rotary, "attention_factor"),
            MagnitudeScale = Number(rotary, "mscale"),
            MagnitudeScaleAllDims = Number(rotary, "mscale_all_dim"),
            Truncate = rotary["truncate"] is null || rotary["truncate"]!.GetValueKind() == JsonValueKind.True,
        };
    }

    /// <summary>Whether the key stands there with another value than null.</summary>
    public bool Has(string key) => json[key] is not null;

    public int Required(string key) => Whole(key) ?? throw Bad($"{key} is missing");

    /// <summary>The number of layers.</summary>
    public int Layers(string key) => Required(key) is >= 1 and <= MostLayers and int layers ? layers : throw Bad($"{key} is {Whole(key)}; 1 to {MostLayers} are possible");

    public int? Whole(string key)
    {
        if (Number(json, key) is not { } number) return null;
        return number == Math.Floor(number) && Math.Abs(number) <= int.MaxValue
            ? (int)number
            : throw Bad($"{key} is {number}; a whole number is required");
    }

    public double? Number(string key) => Number(json, key);

    public double? Number(JsonObject of, string key)
    {
        if (of[key] is not { } value) return null;
        return value.GetValueKind() == JsonValueKind.Number
            ? value.GetValue<double>()
            : throw Bad($"{key} is {value.ToJsonString()}; a number is required");
    }

    public bool Flag(string key, bool otherwise = false) => json[key] is not { } value ? otherwise : value.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Bad($"{key} is {value.ToJsonString()}; true or false is required"),
    };

    public string? Text(string key)
    {
        if (json[key] is not { } value) return null;
        return value.GetValueKind() == JsonValueKind.String
            ? value.GetValue<string>()
            : throw Bad($"{key} is {value.ToJsonString()}; a text is required");
    }

    public JsonObject? Object(string key) => json[key] switch
    {
        null => null,
        JsonObject json => json,
        { } other => throw Bad($"{key} is {other.ToJsonString()}; an object is required"),
    };

    public int[] Ids(string key) => json[key] switch
    {
        null => [],
        JsonArray array => [.. array.Select(id => id is not null && id.GetValueKind() == JsonValueKind.Number && id.AsValue().TryGetValue(out int number)
            ? number
            : throw Bad($"{key} must hold token ids"))],
        _ => [Whole(key)!.Value],
    };

    public InputException Bad(string message) => new($"{file}: {message}");
}
