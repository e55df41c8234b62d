using System.Text.Json.Nodes;

namespace FineTuneKit.Models;

/// <summary>Gemma 3's text model (Kamath et al., 2025): Gemma 2 with norms on queries and keys instead of caps, and two rotary bases.</summary>
internal sealed class Gemma3Family : Gemma2Family
{
    public override string ModelType => "gemma3_text";

    protected override string Prefix => "Gemma3";

    protected override IReadOnlyList<string> OwnKeys => [.. base.OwnKeys, "rope_local_base_freq", "sliding_window_pattern", "_sliding_window_pattern"];

    protected override int DefaultContext => 131_072;

    protected override double DefaultRotaryBase => 1_000_000;

    public override string Architecture(DecoderHead head) => head == DecoderHead.Classification ? "Gemma3TextForSequenceClassification" : "Gemma3ForCausalLM";

    public override DecoderConfig Read(ConfigReader reader) =>
        base.Read(reader) with { WindowRotaryBase = LocalRotary(reader) ?? reader.Number("rope_local_base_freq") ?? 10_000 };

    public override void Write(DecoderConfig config, JsonObject json)
    {
        base.Write(config, json);
        json["rope_local_base_freq"] = config.WindowRotaryBase;
    }

    public override bool ScalesTableOnly => true;

    public override DecoderBlock Block(DecoderConfig config, int layer) =>
        new SandwichBlock(config, new GroupedQueryAttention(config, layer, () => new RmsNorm(config.HeadDim, config.NormEpsilon, addsOne: true)));

    // In the names of 2026 each kind of block has parameters of its own.
    protected override JsonObject? GlobalRotary(ConfigReader reader) =>
        reader.Object("rope_parameters") is { } rotary ? rotary["full_attention"] as JsonObject ?? rotary : reader.Object("rope_scaling");

    protected override Func<int, bool> HasWindow(ConfigReader reader)
    {
        int every = reader.Whole("sliding_window_pattern") ?? reader.Whole("_sliding_window_pattern") ?? 6;
        return layer => (layer + 1) % every != 0;
    }

    protected override double DefaultSoftCap(double gemma2) => 0;

    private static double? LocalRotary(ConfigReader reader) =>
        reader.Object("rope_parameters")?["sliding_attention"] is JsonObject local ? reader.Number(local, "rope_theta") : null;
}
