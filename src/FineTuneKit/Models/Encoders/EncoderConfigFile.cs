using System.Text.Json;
using System.Text.Json.Nodes;
using FineTuneKit.Data;
using FineTuneKit.Records;
using FineTuneKit.Text;

namespace FineTuneKit.Models;

/// <summary>Reads and writes the <c>config.json</c> of encoders, as <see cref="ConfigFile"/> does that of decoders.</summary>
internal static class EncoderConfigFile
{
    /// <exception cref="InputException">Missing, not JSON, another family, a switch that is not built, numbers that do not fit.</exception>
    public static EncoderConfig Load(string path)
    {
        if (!File.Exists(path)) throw new InputException($"{path}: no such file; a model folder needs it");
        byte[] bytes = File.ReadAllBytes(path);
        StrictJson.RequireUtf8(bytes, path, 1);
        try
        {
            JsonNode? node = JsonNode.Parse(bytes, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
            return node is JsonObject json ? Read(new ConfigReader(path, json)).Checked(path) : throw new InputException($"{path}: a JSON object is required");
        }
        catch (Exception e) when (JsonReading.IsMalformed(e))
        {
            throw new InputException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The JSON to save: what was read, with this configuration's values over it.</summary>
    public static string ToJson(EncoderConfig config, ScalarType stored)
    {
        EncoderFamily family = EncoderFamily.Of(config);
        JsonObject json = config.Source?.DeepClone().AsObject() ?? [];
        json.Remove("dtype");
        json["architectures"] = new JsonArray(config.Labels.Count > 0 ? family.Architectures.Classifier : family.Architectures.Bare);
        json["model_type"] = config.ModelType;
        json["hidden_size"] = config.HiddenSize;
        json["intermediate_size"] = config.IntermediateSize;
        json["num_hidden_layers"] = config.Layers;
        json["num_attention_heads"] = config.Heads;
        json["hidden_act"] = config.Activation;
        json["layer_norm_eps"] = config.NormEpsilon;
        json["initializer_range"] = config.InitializerRange;
        json["torch_dtype"] = stored switch { ScalarType.BFloat16 => "bfloat16", ScalarType.Float16 => "float16", _ => "float32" };
        family.Write(config, json);
        ConfigFile.WriteLabels(json, config.Labels);
        return json.ToJsonString(AtomicFile.JsonOptions) + "\n";
    }

    private static EncoderConfig Read(ConfigReader reader)
    {
        string type = reader.Text("model_type") ?? throw reader.Bad("model_type is missing");
        EncoderFamily family = EncoderFamily.Named(type)
            ?? throw reader.Bad($"model_type \"{type}\" is no encoder; encoders are {string.Join(", ", EncoderFamily.Names)}");
        reader.RefuseUnknownSwitches(family.Keys);
        (string bare, string classifier, IReadOnlyList<string> others) = family.Architectures;
        string? architecture = reader.Json["architectures"] is JsonArray { Count: > 0 } names ? names[0]?.ToString() : null;
        if (architecture is not null && architecture != bare && architecture != classifier && !others.Contains(architecture))
            throw reader.Bad($"architecture \"{architecture}\" is not supported; supported are {string.Join(", ", [bare, classifier, .. others])}");
        return family.Read(reader) with
        {
            Labels = architecture == classifier ? reader.Labels() : [],
            InitializerRange = reader.Number("initializer_range") ?? 0.02,
            PadId = reader.Ids("pad_token_id") is [int pad, ..] && pad >= 0 ? pad : null,
            Source = reader.Json,
        };
    }
}
