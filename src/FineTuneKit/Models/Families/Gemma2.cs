using System.Text.Json.Nodes;

namespace FineTuneKit.Models;

/// <summary>Gemma 2 (Riviere et al., 2024): norms on both sides of each part, caps on scores and logits, a window in every other block.</summary>
internal class Gemma2Family : GemmaFamily
{
    public override string ModelType => "gemma2";

    protected override string Prefix => "Gemma2";

    protected override string ActivationKey => "hidden_activation";

    protected override IReadOnlyList<string> OwnKeys =>
        ["attention_bias", "sliding_window", "layer_types", "query_pre_attn_scalar", "attn_logit_softcapping", "final_logit_softcapping", "hidden_act", "cache_implementation"];

    public override DecoderConfig Read(ConfigReader reader)
    {
        DecoderConfig config = base.Read(reader);
        return config with
        {
            Window = reader.Whole("sliding_window") ?? 4096,
            WindowedLayers = Windows(reader, config.Layers, HasWindow(reader)),
            AttentionScale = 1 / Math.Sqrt(reader.Number("query_pre_attn_scalar") ?? 256),
            AttentionSoftCap = SoftCap(reader, "attn_logit_softcapping", 50),
            LogitSoftCap = SoftCap(reader, "final_logit_softcapping", 30),
        };
    }

    public override void Write(DecoderConfig config, JsonObject json)
    {
        base.Write(config, json);
        json["query_pre_attn_scalar"] = Math.Round(1 / (config.AttentionScale!.Value * config.AttentionScale.Value), 6);
        json["attn_logit_softcapping"] = config.AttentionSoftCap > 0 ? config.AttentionSoftCap : null;
        json["final_logit_softcapping"] = config.LogitSoftCap > 0 ? config.LogitSoftCap : null;
    }

    public override DecoderBlock Block(DecoderConfig config, int layer) => new SandwichBlock(config, new GroupedQueryAttention(config, layer));

    /// <summary>Which blocks have the window where <c>layer_types</c> does not say.</summary>
    protected virtual Func<int, bool> HasWindow(ConfigReader reader) => layer => layer % 2 == 0;

    /// <summary>The cap where no key is; a null switches it off.</summary>
    protected virtual double DefaultSoftCap(double gemma2) => gemma2;

    private double SoftCap(ConfigReader reader, string key, double gemma2) =>
        reader.Json.ContainsKey(key) ? reader.Number(key) ?? 0 : DefaultSoftCap(gemma2);
}

/// <summary>Attention and feed-forward, each between two norms.</summary>
internal sealed class SandwichBlock : DecoderBlock
{
    private readonly nn.Module<Tensor, Tensor> input_layernorm, post_attention_layernorm, pre_feedforward_layernorm, post_feedforward_layernorm;
    private readonly GroupedQueryAttention self_attn;
    private readonly GatedFeedForward mlp;

    public SandwichBlock(DecoderConfig config, GroupedQueryAttention attention)
    {
        RmsNorm Norm() => new(config.HiddenSize, config.NormEpsilon, addsOne: true);
        input_layernorm = Norm();
        self_attn = attention;
        post_attention_layernorm = Norm();
        pre_feedforward_layernorm = Norm();
        mlp = new GatedFeedForward(config);
        post_feedforward_layernorm = Norm();
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, BlockInput input)
    {
        x = x + post_attention_layernorm.call(self_attn.forward(input_layernorm.call(x), input));
        return x + post_feedforward_layernorm.call(mlp.forward(pre_feedforward_layernorm.call(x)));
    }
}
