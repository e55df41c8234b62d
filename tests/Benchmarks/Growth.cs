using System.Globalization;
using CpuTorch;
using FineTuneKit.Models;

namespace Benchmarks;

/// <summary>
/// What a longer row costs: a training step of the same number of tokens in rows of T = 128 to 2,048. Time per token should
/// grow by no more than attention's share of the arithmetic, and memory per token not at all.
/// </summary>
internal static class Growth
{
    private const int StepTokens = 2048;
    private const int Shortest = 128;

    private static readonly DecoderConfig Config = TrainingRatios.Small with { ContextLength = StepTokens };

    public static int Run(int rounds)
    {
        var steps = new List<(int Tokens, TrainingStep Step, List<double> Times)>();
        for (int tokens = Shortest; tokens <= StepTokens; tokens *= 2)
        {
            steps.Add((tokens, new TrainingStep(Config, StepTokens / tokens, tokens), []));
        }

        // Lengths in turn, so that whatever else the machine does falls on all.
        for (int round = -2; round < rounds; round++)
        {
            foreach ((_, TrainingStep step, List<double> times) in steps)
            {
                double time = Rounds.Time(() => step.Run(), repeats: 1);
                if (round >= 0)
                {
                    times.Add(time);
                }
            }
        }

        double first = Median(steps[0].Times) / StepTokens;
        Console.WriteLine("     T   µs/token   against T 128   its arithmetic   activations, KiB/token");
        foreach ((int tokens, TrainingStep step, List<double> times) in steps)
        {
            double time = Median(times) / StepTokens;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{tokens,6} {1000 * time,10:F1} {time / first,15:F2} {Arithmetic(tokens) / Arithmetic(Shortest),16:F2} {PeakOf(step) / 1024.0 / StepTokens,24:F1}"));
        }

        steps.ForEach(each => each.Step.Dispose());
        return 0;
    }

    // Multiplications a token, forward and backward: six for each weight of a product, six for each component of each
    // key that a query sees; a causal query sees half the row.
    private static double Arithmetic(int tokens)
    {
        double block = (4.0 * Config.HiddenSize * Config.HiddenSize) + (3.0 * Config.HiddenSize * Config.IntermediateSize);
        double weights = (Config.Layers * block) + ((double)Config.HiddenSize * Config.VocabularySize);
        return 6 * (weights + (Config.Layers * 2.0 * Config.HiddenSize * tokens / 2));
    }

    private static long PeakOf(TrainingStep step)
    {
        long held = torch.memory.live_bytes;
        torch.memory.reset_peak();
        step.Run();
        return torch.memory.peak_bytes - held;
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);
}
