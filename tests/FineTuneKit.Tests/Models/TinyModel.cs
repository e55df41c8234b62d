using FineTuneKit.Models;

namespace FineTuneKit.Tests.Models;

/// <summary>A decoder of a few thousand weights for tests that need no reference values.</summary>
internal static class TinyModel
{
    public static readonly DecoderConfig Config = new()
    {
        VocabularySize = 40,
        HiddenSize = 16,
        IntermediateSize = 24,
        Layers = 2,
        Heads = 4,
        KeyHeads = 2,
        HeadDim = 4,
        ContextLength = 64,
        InitializerRange = 0.5,
    };

    public static Decoder Make(DecoderConfig? config = null, long seed = 1)
    {
        var decoder = new Decoder((config ?? Config).Checked("test"));
        decoder.Initialize(seed);
        return decoder;
    }

    public static int[][] Prompts(int count)
    {
        var random = new NamedRandom("prompts", 3);
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, random.Next(1, 12)).Select(_ => random.Next(1, 40)).ToArray())];
    }
}
