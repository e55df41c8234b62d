using System.Text.Json.Nodes;

namespace FineTuneKit.Models;

/// <summary>Qwen2 (Yang et al., 2024): Llama with biases on q, k and v, and a window in the upper blocks where it is switched on.</summary>
internal class Qwen2Family : LlamaFamily
{
    public override string ModelType => "qwen2";

    protected override string Prefix => "Qwen2";

    protected override IReadOnlyList<string> OwnKeys => ["sliding_window", "use_sliding_window", "max_window_layers", "layer_types"];

    protected override int DefaultContext => 32_768;

    public override DecoderConfig Read(ConfigReader reader)
    {
        DecoderConfig config = base.Read(reader) with { AttentionBias = true };
        if (!reader.Flag("use_sliding_window")) return config;
        int full = reader.Whole("max_window_layers") ?? 28;
        return config with
        {
            Window = reader.Json.ContainsKey("sliding_window") ? reader.Whole("sliding_window") : 4096,
            WindowedLayers = Windows(reader, config.Layers, layer => layer >= full),
        };
    }

    public override void Write(DecoderConfig config, JsonObject json)
    {
        base.Write(config, json);
        json["use_sliding_window"] = config.Window is not null;
        json["max_window_layers"] = Enumerable.Range(0, config.Layers).FirstOrDefault(i => config.WindowOf(i) is not null, config.Layers);
    }
}
