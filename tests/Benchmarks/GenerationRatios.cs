using FineTuneKit.Models;

namespace Benchmarks;

/// <summary>Greedy writing by GPT-2 small, 128 tokens behind 32, with a key-value cache on both sides; the texts must be equal.</summary>
internal static class GenerationRatios
{
    private const double Target = 1.5;
    private const int PromptTokens = 32;
    private const int NewTokens = 128;

    public static IEnumerable<Ratio> Run(int rounds, Func<string, bool> wanted)
    {
        foreach (int rows in new[] { 1, 8 })
        {
            string name = $"generation batch {rows}";
            if (wanted(name))
            {
                yield return Run(name, rows, rounds);
            }
        }
    }

    private static Ratio Run(string name, int rows, int rounds)
    {
        using var folder = new WorkFolder();
        // Wider than GPT-2's own start, so that the likeliest token is likelier than the next by more than rounding.
        using var decoder = new Decoder(TrainingRatios.Gpt2Small with { InitializerRange = 0.08 });
        decoder.Initialize(seed: 1);
        ModelFolder.Save(folder.Path, decoder);
        var random = new Random(3);
        int[][] prompts = [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, PromptTokens).Select(_ => random.Next(decoder.Config.VocabularySize)).ToArray())];
        folder.Ids([.. prompts.SelectMany(prompt => prompt.Select(id => (long)id))]);
        folder.Task(new { kind = "generation", rows, tokens = PromptTokens + NewTokens, new_tokens = NewTokens });
        var options = new GenerationOptions { MaxNewTokens = NewTokens, BatchRows = rows };
        return Comparison.Run(name, Target, folder, () => Sum(Generation.Generate(decoder, prompts, options)), tolerance: 0, rehearsals: 1, rounds);
    }

    // Places times tokens: equal for equal texts.
    private static double Sum(Continuation[] answers) => answers.SelectMany(answer => answer.Ids).Select((id, place) => (double)id * (place + 1)).Sum();
}
