using System.Text.Json.Nodes;

namespace FineTuneKit.Models;

/// <summary>RoBERTa (Liu et al. 2019, arXiv:1907.11692) and XLM-RoBERTa: BERT whose positions begin behind the padding token, with a head of its own.</summary>
internal sealed class RobertaFamily(string modelType, string className) : EncoderFamily
{
    public override string ModelType => modelType;

    public override string Stack => "roberta";

    public override (string Bare, string Classifier, IReadOnlyList<string> Others) Architectures { get; } =
        ($"{className}Model", $"{className}ForSequenceClassification", [$"{className}ForMaskedLM"]);

    public override IReadOnlyList<string> Keys => BertShape.Keys;

    public override EncoderConfig Read(ConfigReader reader) =>
        BertShape.Read(reader) with { FirstPosition = (reader.Ids("pad_token_id") is [int pad, ..] ? pad : 1) + 1 };

    public override void Write(EncoderConfig config, JsonObject json) => BertShape.Write(config, json);

    // The head reads the first token itself; checkpoints of the bare model may have a pooler.
    public override EncoderStack MakeStack(EncoderConfig config) => new BertStack(config, hasPooler: config.Labels.Count == 0);

    public override nn.Module<Tensor, Tensor> MakeClassifier(EncoderConfig config) => new Head(config);

    public override bool IsRedundant(string name) =>
        base.IsRedundant(name) || name.StartsWith("lm_head.", StringComparison.Ordinal) || name.Contains("pooler.", StringComparison.Ordinal);

    private sealed class Head : nn.Module<Tensor, Tensor>
    {
        private readonly Linear dense, out_proj;
        private readonly Dropout _dropout;

        public Head(EncoderConfig config) : base("classifier")
        {
            dense = new Linear(config.HiddenSize, config.HiddenSize, hasBias: true);
            out_proj = new Linear(config.HiddenSize, config.Labels.Count, hasBias: true);
            RegisterComponents();
            register_module("dropout", _dropout = new Dropout(config.ClassifierDropout));
        }

        public override Tensor forward(Tensor input) => out_proj.call(_dropout.call(dense.call(input).tanh()));
    }
}
