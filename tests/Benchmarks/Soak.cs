using System.Diagnostics;
using System.Globalization;
using CpuTorch;
using FineTuneKit.Models;

namespace Benchmarks;

/// <summary>Training and writing for a long time: live blocks and resident memory must end where they stood after the first minute.</summary>
internal static class Soak
{
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(1);

    // What the collector and the allocator of the runtime may move.
    private const double Tolerance = 1.05;

    public static int Run(double minutes)
    {
        using var decoder = new Decoder(TrainingRatios.Small);
        decoder.Initialize(seed: 1);
        TrainingStep[] steps = [.. new[] { (8, 128), (3, 61), (1, 17), (12, 90) }.Select(shape => Step(decoder, shape.Item1, shape.Item2))];
        State? settled = null;
        var clock = Stopwatch.StartNew();
        TimeSpan reported = TimeSpan.Zero;
        for (long turn = 0; clock.Elapsed < TimeSpan.FromMinutes(minutes); turn++)
        {
            Turn(decoder, steps, turn);
            if (settled is null && clock.Elapsed >= Settled)
            {
                settled = State.Now();
                Console.WriteLine($"after the first minute: {settled}");
            }

            if (clock.Elapsed - reported < TimeSpan.FromMinutes(5))
            {
                continue;
            }

            reported = clock.Elapsed;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalMinutes,4:F0} min, {turn + 1} turns: {State.Now()}"));
        }

        State end = State.Now();
        Console.WriteLine($"at the end: {end}");
        Array.ForEach(steps, step => step.Dispose());
        bool holds = settled is not null && end.LiveBlocks == settled.LiveBlocks && end.ResidentBytes <= Tolerance * settled.ResidentBytes;
        Console.WriteLine(settled is null ? "shorter than a minute: nothing to compare" : holds ? "holds" : "does not hold");
        return holds ? 0 : 1;
    }

    private static TrainingStep Step(Decoder decoder, int rows, int tokens) =>
        new(decoder, lora: null, TrainingStep.Ids(decoder.Config.VocabularySize, rows, tokens), rows);

    // Steps of several shapes, then texts of several lengths.
    private static void Turn(Decoder decoder, TrainingStep[] steps, long turn)
    {
        foreach (TrainingStep step in steps)
        {
            step.Run();
        }

        int[][] prompts = [.. Enumerable.Range(1, 6).Select(row => Enumerable.Range(0, 5 * row).Select(i => (int)((turn + (i * row)) % decoder.Config.VocabularySize)).ToArray())];
        Generation.Generate(decoder, prompts, new GenerationOptions { MaxNewTokens = 24 });
    }

    private sealed record State(long LiveBlocks, long LiveBytes, long SystemBlocks, long ResidentBytes)
    {
        public static State Now()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            using var process = Process.GetCurrentProcess();
            return new State(torch.memory.live_blocks, torch.memory.live_bytes, torch.memory.system_blocks, process.WorkingSet64);
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"{LiveBlocks} live blocks of {LiveBytes / 1048576.0:F1} MiB, {SystemBlocks} asked of the system, resident {ResidentBytes / 1048576.0:F0} MiB");
    }
}
