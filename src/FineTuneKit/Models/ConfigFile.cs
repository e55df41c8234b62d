using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FineTuneKit.Data;
using FineTuneKit.Records;
using FineTuneKit.Text;

namespace FineTuneKit.Models;

/// <summary>
/// Reads and writes <c>config.json</c>, in the names of 2023 (<c>rope_theta</c>, <c>rope_scaling</c>,
/// <c>torch_dtype</c>) and of 2026 (<c>rope_parameters</c>, <c>dtype</c>). A switch that would change the
/// arithmetic and is not built is refused by name.
/// </summary>
public static class ConfigFile
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="InputException">Missing, not JSON, an unknown family, a switch that is not built, numbers that do not fit.</exception>
    public static DecoderConfig Load(string path)
    {
        if (Directory.Exists(path)) throw new InputException($"{path} is a folder; a config.json is required");
        if (!File.Exists(path)) throw new InputException($"{path}: no such file; a model folder needs it");
        byte[] bytes = File.ReadAllBytes(path);
        StrictJson.RequireUtf8(bytes, path, 1);
        return Parse(path, Encoding.UTF8.GetString(bytes));
    }

    /// <summary>Reads a text; <paramref name="file"/> names it in messages.</summary>
    public static DecoderConfig Parse(string file, string text)
    {
        try
        {
            JsonNode? node = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
            return node is JsonObject json
                ? ToConfig(new ConfigReader(file, json)).Checked(file)
                : throw new InputException($"{file}: a JSON object is required");
        }
        catch (Exception e) when (JsonReading.IsMalformed(e))
        {
            throw new InputException($"{file}: cannot be read: {e.Message}", e);
        }
    }

    /// <summary>
    /// The JSON to save: what was read, with this configuration's values over it, under the names of 2023, which
    /// every version of transformers reads.
    /// </summary>
    /// <param name="config">The configuration.</param>
    /// <param name="stored">The type of the saved weights.</param>
    /// <param name="quantization">How projections are quantised; null where they are not.</param>
    public static string ToJson(DecoderConfig config, ScalarType stored, QuantizationOptions? quantization = null)
    {
        DecoderFamily family = DecoderFamily.Of(config);
        JsonObject json = config.Source?.DeepClone().AsObject() ?? [];
        json.Remove("rope_parameters");
        json.Remove("dtype");
        json["architectures"] = new JsonArray(family.Architecture(config.Head));
        json["model_type"] = config.ModelType;
        json["vocab_size"] = config.VocabularySize;
        family.Write(config, json);
        family.Dropouts.Write(config, json);
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
        WriteLabels(json, config.Labels);
        QuantizationConfig.Write(json, quantization);
        return json.ToJsonString(AtomicFile.JsonOptions) + "\n";
    }

    /// <summary>Writes a classifier's classes, where there are any.</summary>
    internal static void WriteLabels(JsonObject json, IReadOnlyList<string> labels)
    {
        if (labels.Count == 0) return;
        json["id2label"] = new JsonObject(labels.Select((label, i) => KeyValuePair.Create($"{i}", (JsonNode?)label)));
        json["label2id"] = new JsonObject(labels.Select((label, i) => KeyValuePair.Create(label, (JsonNode?)i)));
    }

    /// <summary>A stretch of the rotary frequencies under the names of 2023.</summary>
    internal static JsonNode? ScalingJson(RotaryScaling? scaling)
    {
        if (scaling is null) return null;
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

    private static DecoderConfig ToConfig(ConfigReader reader)
    {
        string type = reader.Text("model_type") ?? throw reader.Bad("model_type is missing");
        DecoderFamily family = DecoderFamily.Named(type)
            ?? throw reader.Bad(EncoderFamily.Named(type) is null
                ? $"model_type \"{type}\" is not supported; supported are {string.Join(", ", DecoderFamily.Names)}, and the encoders {string.Join(", ", EncoderFamily.Names)}"
                : $"model_type \"{type}\" is an encoder, which writes no text; a decoder is required: {string.Join(", ", DecoderFamily.Names)}");
        reader.RefuseUnknownSwitches([.. family.Keys, .. family.Dropouts.All, QuantizationConfig.Key]);
        QuantizationConfig.Check(reader);
        DecoderHead head = HeadOf(reader, family);
        return family.Dropouts.Read(family.Read(reader), reader) with
        {
            ModelType = type,
            Head = head,
            Labels = head == DecoderHead.Classification ? reader.Labels() : [],
            InitializerRange = reader.Number("initializer_range") ?? 0.02,
            BosId = reader.Ids("bos_token_id") is [int bos, ..] ? bos : null,
            EosIds = reader.Ids("eos_token_id"),
            PadId = reader.Ids("pad_token_id") is [int pad, ..] && pad >= 0 ? pad : null,
            Source = reader.Json,
        };
    }

    private static DecoderHead HeadOf(ConfigReader reader, DecoderFamily family)
    {
        string? architecture = reader.Json["architectures"] is JsonArray { Count: > 0 } names ? names[0]?.ToString() : null;
        if (architecture is null) return DecoderHead.LanguageModel;
        foreach (DecoderHead head in Enum.GetValues<DecoderHead>())
            if (family.Architecture(head) == architecture) return head;
        throw reader.Bad($"architecture \"{architecture}\" is not supported; supported are "
            + $"{family.Architecture(DecoderHead.LanguageModel)} and {family.Architecture(DecoderHead.Classification)}");
    }
}
