using FineTuneKit.Models;
using Xunit;

namespace FineTuneKit.Tests.Models;

/// <summary>Counts blocks of the whole process, so nothing may run beside it.</summary>
[CollectionDefinition(nameof(GenerationMemoryTests), DisableParallelization = true)]
[Collection(nameof(GenerationMemoryTests))]
public sealed class GenerationMemoryTests
{
    [Fact]
    public void NothingIsLeftInMemory()
    {
        using Decoder decoder = TinyModel.Make();
        Generation.Generate(decoder, TinyModel.Prompts(3), new GenerationOptions { MaxNewTokens = 4 });
        // What earlier tests left to the collector must not go while this one counts.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long before = memory.live_blocks;
        Generation.Generate(decoder, TinyModel.Prompts(9), new GenerationOptions { MaxNewTokens = 9, BatchRows = 4 });
        Generation.Generate(decoder, TinyModel.Prompts(2), new GenerationOptions { MaxNewTokens = 9, Beams = 3 });
        Assert.Equal(before, memory.live_blocks);
    }
}
