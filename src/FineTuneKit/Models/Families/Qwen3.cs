namespace FineTuneKit.Models;

/// <summary>Qwen3 (Yang et al., 2025): Qwen2 with norms on queries and keys, and biases only where switched on.</summary>
internal sealed class Qwen3Family : Qwen2Family
{
    public override string ModelType => "qwen3";

    protected override string Prefix => "Qwen3";

    protected override IReadOnlyList<string> OwnKeys => [.. base.OwnKeys, "attention_bias"];

    public override DecoderConfig Read(ConfigReader reader) => base.Read(reader) with { AttentionBias = reader.Flag("attention_bias") };

    public override DecoderBlock Block(DecoderConfig config, int layer) =>
        new LlamaBlock(config, new GroupedQueryAttention(config, layer, () => new RmsNorm(config.HeadDim, config.NormEpsilon)), new GatedFeedForward(config));
}
