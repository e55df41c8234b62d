using FineTuneKit.Adapters;
using FineTuneKit.Models;

namespace Benchmarks;

/// <summary>A step of LoRA on a base packed in four bits against the same on float32 weights; target: at least 0.6 of its speed.</summary>
internal static class FourBitRatios
{
    private const double Target = 0.6;
    private const int Tokens = 128;
    private const int Rank = 8;

    private static readonly (string Name, DecoderConfig Config, int Rows)[] Steps =
    [
        ("QLoRA, step S", TrainingRatios.Small, 8), ("QLoRA, step S, 1 row", TrainingRatios.Small, 1), ("QLoRA, step L", TrainingRatios.Gpt2Small, 4),
    ];

    public static IEnumerable<Ratio> Run(int rounds, Func<string, bool> wanted) => Steps.Where(step => wanted(step.Name)).Select(step => Run(step.Name, step.Config, step.Rows, rounds));

    private static Ratio Run(string name, DecoderConfig config, int rows, int rounds)
    {
        using Decoder floats = Fresh(config), packed = Fresh(config);
        long before = Bytes(packed);
        packed.PackProjections(new QuantizationOptions { DoubleQuantization = true });
        using TrainingStep ours = Step(packed, rows), theirs = Step(floats, rows);
        (double ratio, double mine, double other) = Rounds.Interleave(() => Rounds.Time(() => ours.Run(), repeats: 3), () => Rounds.Time(() => theirs.Run(), repeats: 3), rounds);
        return new Ratio(name, ratio, Target, "LoRA on float32", $"{rounds} rounds; {mine:F0} against {other:F0} ms; weights {Bytes(packed) / 1e6:F1} against {before / 1e6:F1} MB");
    }

    private static TrainingStep Step(Decoder decoder, int rows) => new(
        decoder, AdaptedModel.Attach(decoder, new LoraOptions { Rank = Rank, Alpha = 2 * Rank }, seed: 1), TrainingStep.Ids(decoder.Config.VocabularySize, rows, Tokens), rows);

    private static Decoder Fresh(DecoderConfig config)
    {
        var decoder = new Decoder(config);
        decoder.Initialize(seed: 1);
        return decoder;
    }

    private static long Bytes(Decoder decoder) => decoder.parameters().Sum(p => p.numel() * p.ElementSize)
        + decoder.Projections().Sum(p => p.Value.Packed is { } weight ? weight.ByteCount - weight.Codes.numel() : 0);
}
