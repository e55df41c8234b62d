using FineTuneKit.Adapters;
using FineTuneKit.Models;

namespace Benchmarks;

/// <summary>
/// Forward, backward and AdamW against the same model in PyTorch from the same weights: S, a Llama-style decoder of 6
/// blocks and 256 components on 8 × 128 tokens, and L, GPT-2 small on 4 × 128; whole, and by LoRA on every projection.
/// </summary>
internal static class TrainingRatios
{
    private const int Tokens = 128;
    private const int LoraRank = 8;

    // Losses over so many steps must agree before any is timed.
    private const int Rehearsals = 20;
    private const double LossTolerance = 1e-5;

    /// <summary>The decoder of step S.</summary>
    public static DecoderConfig Small { get; } = new()
    {
        VocabularySize = 2048,
        HiddenSize = 256,
        IntermediateSize = 768,
        Layers = 6,
        Heads = 8,
        KeyHeads = 8,
        HeadDim = 32,
        ContextLength = Tokens,
    };

    /// <summary>GPT-2 small with half its context.</summary>
    public static DecoderConfig Gpt2Small { get; } = new()
    {
        ModelType = "gpt2",
        VocabularySize = 50_257,
        HiddenSize = 768,
        IntermediateSize = 3072,
        Layers = 12,
        Heads = 12,
        KeyHeads = 12,
        HeadDim = 64,
        ContextLength = 512,
        Activation = "gelu_new",
        NormEpsilon = 1e-5,
        RotaryShare = 0,
        AttentionBias = true,
        OutputBias = true,
        MlpBias = true,
        TiedHead = true,
    };

    // Below the shapes that it names: fields are set in their order.
    private static readonly Step[] Steps =
    [
        new("step S full", 1.6, Small, 8, IsLora: false), new("step S LoRA", 2.0, Small, 8, IsLora: true),
        new("step L full", 1.45, Gpt2Small, 4, IsLora: false), new("step L LoRA", 1.6, Gpt2Small, 4, IsLora: true),
    ];

    public static IEnumerable<Ratio> Run(int rounds, Func<string, bool> wanted) => Steps.Where(step => wanted(step.Name)).Select(step => Run(step, rounds));

    private static Ratio Run(Step step, int rounds)
    {
        using var folder = new WorkFolder();
        using var decoder = new Decoder(step.Config);
        decoder.Initialize(seed: 1);
        long[] ids = TrainingStep.Ids(step.Config.VocabularySize, step.Rows, Tokens);
        folder.Ids(ids);
        ModelFolder.Save(folder.Path, decoder);
        AdaptedModel? lora = step.IsLora ? AdaptedModel.Attach(decoder, new LoraOptions { Rank = LoraRank, Alpha = 2 * LoraRank }, seed: 1) : null;
        if (lora is not null)
        {
            Save(lora, Path.Combine(folder.Path, "lora.safetensors"));
        }

        folder.Task(new { kind = "training", rows = step.Rows, tokens = Tokens, scale = 2.0 });
        using var training = new TrainingStep(decoder, lora, ids, step.Rows);
        return Comparison.Run(step.Name, step.Target, folder, training.Run, LossTolerance, Rehearsals, rounds);
    }

    private static void Save(AdaptedModel lora, string file) => SafetensorsFile.Write(
        file,
        lora.Layers.SelectMany(layer => layer.Adapter is Lora adapter
            ? new[] { KeyValuePair.Create($"{layer.Path}.lora_A", (Tensor)adapter.lora_A), KeyValuePair.Create($"{layer.Path}.lora_B", (Tensor)adapter.lora_B) }
            : []));

    private sealed record Step(string Name, double Target, DecoderConfig Config, int Rows, bool IsLora);
}
