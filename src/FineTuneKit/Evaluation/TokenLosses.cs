using FineTuneKit.Models;
using FineTuneKit.Training;

namespace FineTuneKit.Evaluation;

/// <summary>How surprised a model is by each token of a row: −log p(token | those before it), in nats.</summary>
public static class TokenLosses
{
    /// <summary>A loss for each token, in their order; the first has nothing before it and gets 0.</summary>
    /// <param name="decoder">A decoder with a language-model head; it is used without gradient.</param>
    /// <param name="row">The row; its mask plays no part.</param>
    /// <exception cref="InputException">A token that the model does not know, or more tokens than it holds.</exception>
    public static double[] Of(Decoder decoder, TrainingExample row)
    {
        (row with { Mask = [.. row.Mask.Select(_ => true)] }).Check(decoder.ContextLength, decoder.Config.VocabularySize);
        int tokens = row.Ids.Length;
        using DisposeScope scope = NewDisposeScope();
        using IDisposable quiet = no_grad();
        Tensor ids = tensor(row.Ids.Select(id => (long)id).ToArray(), [1, tokens]);
        Tensor scores = decoder.forward(ids).squeeze(0).narrow(0, 0, tokens - 1).log_softmax(-1); // (T − 1, V)
        Tensor chosen = scores.gather(1, ids.squeeze(0).narrow(0, 1, tokens - 1).unsqueeze(1)).squeeze(1);
        return [0, .. chosen.data<float>().ToArray().Select(score => -(double)score)];
    }
}
