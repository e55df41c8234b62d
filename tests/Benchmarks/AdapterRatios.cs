using FineTuneKit.Adapters;
using FineTuneKit.Models;

namespace Benchmarks;

/// <summary>A step of each adapter method against LoRA's of the same rank; target for DoRA: at most 1.35 times LoRA's time.</summary>
internal static class AdapterRatios
{
    private const double Target = 1 / 1.35;
    private const int Tokens = 128;
    private const int Rank = 8;

    private static readonly LoraOptions Lora = new() { Rank = Rank, Alpha = 2 * Rank };

    private static readonly (string Name, AdapterOptions Options, DecoderConfig Config, int Rows)[] Steps =
    [
        ("DoRA, step S", Lora with { UseDora = true }, TrainingRatios.Small, 8),
        ("DoRA, step L", Lora with { UseDora = true }, TrainingRatios.Gpt2Small, 4),
        ("OLoRA, step S", Lora with { Initialization = LoraInitialization.Olora }, TrainingRatios.Small, 8),
        ("IA3, step S", new Ia3Options { Targets = ["k_proj", "v_proj", "down_proj"], Feedforward = ["down_proj"] }, TrainingRatios.Small, 8),
    ];

    public static IEnumerable<Ratio> Run(int rounds, Func<string, bool> wanted) => Steps.Where(step => wanted(step.Name)).Select(step => Run(step.Name, step.Options, step.Config, step.Rows, rounds));

    private static Ratio Run(string name, AdapterOptions options, DecoderConfig config, int rows, int rounds)
    {
        using Decoder own = Fresh(config), plain = Fresh(config);
        using TrainingStep ours = Step(own, options, rows), theirs = Step(plain, Lora, rows);
        (double ratio, double mine, double other) = Rounds.Interleave(() => Rounds.Time(() => ours.Run(), repeats: 3), () => Rounds.Time(() => theirs.Run(), repeats: 3), rounds);
        return new Ratio(name, ratio, Target, "LoRA", $"{rounds} rounds; {mine:F0} against {other:F0} ms");
    }

    private static TrainingStep Step(Decoder decoder, AdapterOptions options, int rows) =>
        new(decoder, AdaptedModel.Attach(decoder, options, seed: 1), TrainingStep.Ids(decoder.Config.VocabularySize, rows, Tokens), rows);

    private static Decoder Fresh(DecoderConfig config)
    {
        var decoder = new Decoder(config);
        decoder.Initialize(seed: 1);
        return decoder;
    }
}
