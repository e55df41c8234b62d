using System.Runtime.InteropServices;
using FineTuneKit.Models;

namespace Benchmarks;

/// <summary>
/// Step S: forward, backward and AdamW of a Llama-style decoder (6 layers, d 256, 8 heads, vocabulary 2,048) on
/// 8 × 128 tokens, against the same model in PyTorch from the same weights. Losses must agree.
/// </summary>
internal static class StepRatio
{
    public const string Name = "step S";
    private const double Target = 1.0 / 3;
    private const int Rows = 8;
    private const int Tokens = 128;
    private const double LossTolerance = 2e-3;

    public static Ratio Run(int rounds)
    {
        string folder = Directory.CreateTempSubdirectory("step-s-").FullName;
        try
        {
            return Run(folder, rounds);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Ratio Run(string folder, int rounds)
    {
        using var decoder = new Decoder(new DecoderConfig
        {
            VocabularySize = 2048,
            HiddenSize = 256,
            IntermediateSize = 768,
            Layers = 6,
            Heads = 8,
            KeyHeads = 8,
            HeadDim = 32,
            ContextLength = Tokens,
        });
        decoder.Initialize(seed: 1);
        long[] ids = Ids(decoder.Config.VocabularySize);
        ModelFolder.Save(folder, decoder);
        File.WriteAllBytes(Path.Combine(folder, "ids.bin"), MemoryMarshal.AsBytes<long>(ids).ToArray());
        using PyTorchYardstick? yardstick = PyTorchYardstick.TryStart(folder, Rows, Tokens, torch.get_num_threads(), out string missing);
        using var step = new TrainingStep(decoder, ids);
        if (yardstick is null)
        {
            double alone = Rounds.Interleave(step.Run, () => 0, rounds).Ours;
            return new Ratio(Name, Value: null, Target, "PyTorch", $"{missing}; ours {alone:F0} ms");
        }

        return Compare(step, yardstick, rounds);
    }

    private static Ratio Compare(TrainingStep step, PyTorchYardstick yardstick, int rounds)
    {
        double otherLoss = 0;
        (double ratio, double ours, double other) = Rounds.Interleave(
            step.Run,
            () =>
            {
                (double milliseconds, otherLoss) = yardstick.Step();
                return milliseconds;
            },
            rounds);

        // Both have made the same number of steps.
        if (Math.Abs(step.Loss - otherLoss) > LossTolerance * otherLoss)
        {
            throw new InvalidOperationException($"after {rounds + 2} steps the loss is {step.Loss}, PyTorch's {otherLoss}: not the same model");
        }

        return new Ratio(
            Name, ratio, Target, "PyTorch",
            $"{yardstick.Settings}, {rounds} rounds; {ours:F0} against {other:F0} ms, losses {step.Loss:F5} and {otherLoss:F5}");
    }

    // A walk through the vocabulary: learnable, so that the losses move.
    private static long[] Ids(int vocabulary)
    {
        var random = new Random(7);
        var ids = new long[Rows * Tokens];
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = i % Tokens == 0 ? random.Next(vocabulary) : ((ids[i - 1] * 5) + random.Next(8)) % vocabulary;
        }

        return ids;
    }

    private sealed class TrainingStep(Decoder decoder, long[] ids) : IDisposable
    {
        private readonly torch.optim.Optimizer optimizer = torch.optim.AdamW(decoder.parameters(), lr: 1e-3, weight_decay: 0.01);
        private readonly Tensor input = torch.tensor(ids, [Rows, Tokens]);
        private readonly TokenLayout layout = TokenLayout.Full(Rows, Tokens);

        public double Loss { get; private set; }

        public double Run() => Rounds.Time(Once, repeats: 1);

        public void Dispose()
        {
            optimizer.Dispose();
            input.Dispose();
            layout.Dispose();
        }

        private void Once()
        {
            using var scope = torch.NewDisposeScope();
            optimizer.zero_grad();
            (Tensor sum, long count) = LanguageModelLoss.Evaluate(decoder, input, ids, layout);
            Tensor loss = sum / count;
            loss.backward();
            optimizer.step();
            Loss = loss.item<float>();
        }
    }
}
