using FineTuneKit.Models;
using Xunit;

namespace FineTuneKit.Tests.Models;

public class GenerationGarbageTests
{
    // What a call needs once, and an int a token for the text itself, is not garbage of the loop.
    private const int BytesPerToken = 128;

    [Theory]
    [InlineData("llama", 1)]
    [InlineData("llama", 3)]
    [InlineData("gpt2", 2)]
    public void A_warm_decoder_makes_no_garbage_by_the_token(string family, int rows)
    {
        using var decoder = new Decoder(new DecoderConfig
        {
            ModelType = family,
            VocabularySize = 64,
            HiddenSize = 32,
            IntermediateSize = 48,
            Layers = 3,
            Heads = 4,
            KeyHeads = 4,
            HeadDim = 8,
            ContextLength = 256,
        });
        decoder.Initialize(seed: 1);
        int[][] prompts = [.. Enumerable.Range(1, rows).Select(row => Enumerable.Range(0, 3 + row).ToArray())];
        long few = Allocated(decoder, prompts, 40), many = Allocated(decoder, prompts, 140);
        Assert.InRange((many - few) / 100, 0, BytesPerToken * rows);
    }

    private static long Allocated(Decoder decoder, int[][] prompts, int tokens)
    {
        var options = new GenerationOptions { MaxNewTokens = tokens, BatchRows = prompts.Length };
        for (int warm = 0; warm < 3; warm++) Generation.Generate(decoder, prompts, options);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Generation.Generate(decoder, prompts, options);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
