namespace FineTuneKit.Models;

/// <summary>Gemma (Mesnard et al., 2024): Llama with norms stored as weight − 1, GELU in the gate, and a scaled embedding.</summary>
internal class GemmaFamily : LlamaFamily
{
    public override string ModelType => "gemma";

    protected override string Prefix => "Gemma";

    protected override IReadOnlyList<string> OwnKeys => ["attention_bias", "hidden_activation"];

    protected override string DefaultActivation => "gelu_pytorch_tanh";

    protected override int DefaultContext => 8192;

    protected override bool TiedByDefault => true;

    // The first files said "gelu" and meant its approximation: that is what the weights were trained with.
    public override DecoderConfig Read(ConfigReader reader)
    {
        DecoderConfig config = base.Read(reader);
        string activation = reader.Text("hidden_activation") ?? config.Activation;
        return config with { Activation = activation == "gelu" ? "gelu_pytorch_tanh" : activation };
    }

    public override double EmbeddingScale(DecoderConfig config) => (float)Math.Sqrt(config.HiddenSize);

    public override DecoderBlock Block(DecoderConfig config, int layer) =>
        new LlamaBlock(config, new GroupedQueryAttention(config, layer), new GatedFeedForward(config), normAddsOne: true);

    public override nn.Module<Tensor, Tensor> Norm(DecoderConfig config) => new RmsNorm(config.HiddenSize, config.NormEpsilon, addsOne: true);
}
