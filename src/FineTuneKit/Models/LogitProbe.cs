namespace FineTuneKit.Models;

/// <summary>A few rows of random tokens, always the same for a vocabulary, on which logits before and after a change are compared.</summary>
public sealed class LogitProbe : IDisposable
{
    private const int Rows = 4;
    private const int LongestRow = 64;

    private readonly Tensor _ids;

    /// <summary>A probe for models of this shape.</summary>
    public LogitProbe(DecoderConfig config)
    {
        var random = new NamedRandom("logit probe", 0);
        int tokens = Math.Min(LongestRow, config.ContextLength);
        long[] ids = [.. Enumerable.Range(0, Rows * tokens).Select(_ => (long)random.Next(0, config.VocabularySize))];
        _ids = tensor(ids, [Rows, tokens]);
    }

    /// <summary>How many tokens it has.</summary>
    public int TokenCount => (int)_ids.numel();

    /// <summary>The logits of a model, dropout off.</summary>
    public Tensor Logits(Decoder model)
    {
        using DisposeScope scope = NewDisposeScope();
        using (no_grad())
        {
            model.eval();
            return model.forward(_ids).MoveToOuterDisposeScope();
        }
    }

    /// <summary>The largest absolute difference of two equally shaped tensors.</summary>
    public static double LargestDifference(Tensor before, Tensor after)
    {
        using DisposeScope scope = NewDisposeScope();
        using (no_grad())
            return (before.to(ScalarType.Float32) - after.to(ScalarType.Float32)).abs().max().item<float>();
    }

    /// <summary>Frees the tokens.</summary>
    public void Dispose() => _ids.Dispose();
}
