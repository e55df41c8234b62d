using FineTuneKit.Adapters;
using FineTuneKit.Evaluation;
using FineTuneKit.Models;
using FineTuneKit.Training;

namespace FineTuneKit.Records;

/// <summary>How a model is tuned; <see cref="TuningMethods"/> says what each does.</summary>
public enum TuningMethod
{
    /// <summary>Low-rank adapters on every projection.</summary>
    Lora,

    /// <summary>Narrow layers after attention and feed-forward parts.</summary>
    Bottleneck,

    /// <summary>Embeddings before each row.</summary>
    Prompt,

    /// <summary>Keys and values before each row in every block.</summary>
    Prefix,

    /// <summary>Every weight.</summary>
    Full,

    /// <summary>Low-rank adapters on projections that are packed in four bits a weight.</summary>
    Qlora,

    /// <summary>LoRA scaled by alpha / √r.</summary>
    RsLora,

    /// <summary>LoRA whose B learns faster than its A.</summary>
    LoraPlus,

    /// <summary>LoRA with the length of each row of the weight learnt apart.</summary>
    Dora,

    /// <summary>LoRA from the weights' largest singular vectors.</summary>
    Pissa,

    /// <summary>LoRA from the first columns of the weights' QR decomposition.</summary>
    Olora,

    /// <summary>LoRA that makes good what weights in four bits lack.</summary>
    LoftQ,

    /// <summary>Vectors that scale keys, values and the inputs that end feed-forward blocks.</summary>
    Ia3,

    /// <summary>Biases alone.</summary>
    BitFit,

    /// <summary>The output layer alone.</summary>
    HeadOnly,

    /// <summary>The last blocks and what follows them.</summary>
    LastK,

    /// <summary>Every weight, thawed from the top block by block.</summary>
    Gradual,

    /// <summary>Every weight, the lower the slower.</summary>
    Layerwise,
}

/// <summary>What a method of tuning is: <c>ftk train --method</c> offers what stands in the table, and nothing else has to know it.</summary>
/// <param name="Method">Its name.</param>
/// <param name="Does">One line for people.</param>
/// <param name="Rate">The peak learning rate where none is given; it suits a base of a few million weights.</param>
/// <param name="Attach">Makes of a base what is trained.</param>
public sealed record TuningMethodEntry(TuningMethod Method, string Does, double Rate, Func<Decoder, TuningJobOptions, ITrainable> Attach)
{
    /// <summary>Whether the base's projections stay as they are, so that they can be kept in half precision or four bits.</summary>
    public bool KeepsBase { get; init; }

    /// <summary>Whether a float base is packed in four bits a weight.</summary>
    public bool PacksBase { get; init; }

    /// <summary>What the rate of LoRA's B is multiplied by (LoRA+).</summary>
    public double LoraPlusRatio { get; init; } = 1;

    /// <summary>The name as it is typed.</summary>
    public string Name => Method.ToString().ToLowerInvariant();
}

/// <summary>The methods of tuning, and how what each trained is kept.</summary>
public static class TuningMethods
{
    private const double AdapterRate = 2e-3, WeightRate = 5e-4, ScaleRate = 1e-2;

    // B at 16 times the rate of A, as the paper has it (Hayou et al., 2024, arXiv 2402.12354); A is slower for it.
    private const double LoraPlusRatio = 16, SlowRate = 5e-4;

    /// <summary>Every method.</summary>
    public static IReadOnlyList<TuningMethodEntry> All { get; } =
    [
        new(TuningMethod.Lora, "low-rank adapters on every projection", AdapterRate, LowRank) { KeepsBase = true },
        new(TuningMethod.Qlora, "LoRA on a base packed in four bits a weight", AdapterRate, LowRank) { KeepsBase = true, PacksBase = true },
        new(TuningMethod.RsLora, "LoRA scaled by alpha / √rank", AdapterRate, LowRankBy(static lora => lora with { RankStabilized = true })) { KeepsBase = true },
        new(TuningMethod.LoraPlus, "LoRA whose B learns 16 times as fast as its A", SlowRate, LowRank) { KeepsBase = true, LoraPlusRatio = LoraPlusRatio },
        new(TuningMethod.Dora, "LoRA with the length of each row of a weight learnt apart", AdapterRate, LowRankBy(static lora => lora with { UseDora = true })) { KeepsBase = true },
        new(TuningMethod.Pissa, "LoRA from the weights' largest singular vectors", SlowRate, LowRankBy(static lora => Started(lora, LoraInitialization.Pissa))) { KeepsBase = true },
        new(TuningMethod.Olora, "LoRA from the first columns of the weights' QR decomposition", SlowRate, LowRankBy(static lora => Started(lora, LoraInitialization.Olora))) { KeepsBase = true },
        new(TuningMethod.LoftQ, "LoRA that makes good what weights in four bits lack", AdapterRate, LowRankBy(static lora => Started(lora, LoraInitialization.LoftQ))) { KeepsBase = true },
        new(TuningMethod.Ia3, "vectors that scale keys, values and the inputs that end feed-forward blocks", ScaleRate, static (decoder, options) => AdaptedModel.Attach(decoder, Ia3Options.For(decoder), options.Seed)) { KeepsBase = true },
        new(TuningMethod.Bottleneck, "narrow layers, --rank wide, after the attention and the feed-forward part of each block", AdapterRate, static (decoder, options) => AdaptedModel.Attach(decoder, BottleneckOptions.For(decoder, size: options.Rank), options.Seed)) { KeepsBase = true },
        new(TuningMethod.Prompt, "--virtual-tokens embeddings before each row", ScaleRate, static (decoder, options) => PromptLearning.Attach(decoder, new PromptTuningOptions { VirtualTokens = options.VirtualTokens }, options.Seed)) { KeepsBase = true },
        new(TuningMethod.Prefix, "--virtual-tokens keys and values before each row in every block", ScaleRate, static (decoder, options) => PromptLearning.Attach(decoder, new PrefixTuningOptions { VirtualTokens = options.VirtualTokens }, options.Seed)) { KeepsBase = true },
        new(TuningMethod.Full, "every weight", WeightRate, static (decoder, _) => new WholeModel(decoder)),
        new(TuningMethod.LastK, "the last --layers blocks and what follows them", WeightRate, static (decoder, options) => LastLayers.Attach(decoder, options.Layers)),
        new(TuningMethod.Gradual, "every weight, from the top a block more each --thaw-every steps", WeightRate, static (decoder, options) => new GradualUnfreezing(decoder, options.ThawEvery)),
        new(TuningMethod.Layerwise, "every weight, the rate times --layer-decay from a block to the one below", WeightRate, static (decoder, options) => LayerwiseRates.Attach(decoder, options.LayerDecay)),
        new(TuningMethod.HeadOnly, "the output layer, where it is not tied to the embedding", AdapterRate, static (decoder, _) => HeadOnly.Attach(decoder)),
        new(TuningMethod.BitFit, "the biases, where the model has any", AdapterRate, static (decoder, _) => BitFit.Attach(decoder)),
    ];

    /// <summary>What a method is.</summary>
    public static TuningMethodEntry Of(TuningMethod method) => All.First(entry => entry.Method == method);

    /// <summary>Puts what the options name on the model.</summary>
    /// <exception cref="InputException">The method does not suit the model, or an option is out of range.</exception>
    public static ITrainable Attach(Decoder decoder, TuningJobOptions options) => Of(options.Method).Attach(decoder, options);

    /// <summary>Saves what was trained: adapters in PEFT's layout under <c>adapter</c>, else the whole model under <c>model</c>.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="trained">What was trained.</param>
    /// <param name="model">The model that it belongs to.</param>
    /// <param name="baseName">What the base is called, for readers of an adapter.</param>
    /// <param name="companionsFrom">The folder of the tokenizer and what else belongs to a model.</param>
    internal static void Save(string folder, ITrainable trained, ChatModel model, string baseName, string companionsFrom)
    {
        if (trained is AdaptedModel adapted) PeftFolder.Save(Path.Combine(folder, "adapter"), adapted, baseName, model.Sha256, model.Template);
        else if (trained is PromptLearning learnt) PromptLearningFolder.Save(Path.Combine(folder, "adapter"), learnt, baseName, model.Sha256, model.Template);
        else ModelFolder.Save(Path.Combine(folder, "model"), model.Decoder, companionsFrom: companionsFrom);
    }

    private static AdaptedModel LowRank(Decoder decoder, TuningJobOptions options) => AdaptedModel.Attach(decoder, LowRankOptions(options), options.Seed);

    private static Func<Decoder, TuningJobOptions, ITrainable> LowRankBy(Func<LoraOptions, LoraOptions> variant) =>
        (decoder, options) => AdaptedModel.Attach(decoder, variant(LowRankOptions(options)), options.Seed);

    private static LoraOptions LowRankOptions(TuningJobOptions options) => new() { Rank = options.Rank, Alpha = 2 * options.Rank };

    // Scale 1, as the papers of these starts have it: the factors hold the size already.
    private static LoraOptions Started(LoraOptions lora, LoraInitialization start) => lora with { Initialization = start, Alpha = lora.Rank };
}
