using CpuTorch;
using FineTuneKit.Adapters;
using FineTuneKit.Models;

namespace Benchmarks;

/// <summary>Forward, backward and AdamW on the same rows again and again.</summary>
internal sealed class TrainingStep : IDisposable
{
    private readonly Decoder decoder;
    private readonly torch.optim.Optimizer optimizer;
    private readonly long[] ids;
    private readonly Tensor input;
    private readonly TokenLayout layout;
    private readonly bool ownsDecoder;

    /// <summary>A step of a fresh decoder on rows of so many tokens.</summary>
    public TrainingStep(DecoderConfig config, int rows, int tokens)
        : this(Fresh(config), lora: null, Ids(config.VocabularySize, rows, tokens), rows) => ownsDecoder = true;

    /// <summary>A step of this decoder, or of the adapters beside it.</summary>
    public TrainingStep(Decoder decoder, AdaptedModel? lora, long[] ids, int rows)
    {
        (this.decoder, this.ids) = (decoder, ids);
        // A key's bias has no gradient but rounding, which Adam would turn into full steps: eps is above it on both sides.
        optimizer = torch.optim.AdamW(lora?.Parameters.Select(p => p.Value) ?? decoder.parameters(), lr: 1e-3, eps: 1e-6, weight_decay: 0.01);
        input = torch.tensor(ids, [rows, ids.Length / rows]);
        layout = TokenLayout.Full(rows, ids.Length / rows);
    }

    /// <summary>A walk through the vocabulary: learnable, so that the losses move.</summary>
    public static long[] Ids(int vocabulary, int rows, int tokens)
    {
        var random = new Random(7);
        var walk = new long[rows * tokens];
        for (int i = 0; i < walk.Length; i++)
        {
            walk[i] = i % tokens == 0 ? random.Next(vocabulary) : ((walk[i - 1] * 5) + random.Next(8)) % vocabulary;
        }

        return walk;
    }

    /// <summary>One step; its loss.</summary>
    public double Run()
    {
        using var scope = torch.NewDisposeScope();
        optimizer.zero_grad(set_to_none: true);
        (Tensor sum, long count) = LanguageModelLoss.Evaluate(decoder, input, ids, layout);
        Tensor loss = sum / count;
        loss.backward();
        optimizer.step();
        return loss.item<float>();
    }

    public void Dispose()
    {
        optimizer.Dispose();
        input.Dispose();
        layout.Dispose();
        if (ownsDecoder)
        {
            decoder.Dispose();
        }
    }

    private static Decoder Fresh(DecoderConfig config)
    {
        var fresh = new Decoder(config);
        fresh.Initialize(seed: 1);
        return fresh;
    }
}
