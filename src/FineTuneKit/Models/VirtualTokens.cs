namespace FineTuneKit.Models;

/// <summary>
/// What stands before the first token of every row and is no token of the vocabulary: embeddings, or keys and values of
/// every block. Positions of the tokens count on from it.
/// </summary>
public abstract class VirtualTokens : nn.Module
{
    /// <summary>Virtual tokens under a name.</summary>
    protected VirtualTokens(string name) : base(name)
    {
    }

    /// <summary>V, how many they are.</summary>
    public abstract int Count { get; }

    /// <summary>(V, C): embeddings that pass through the blocks as those of tokens do; null where keys and values are given.</summary>
    public virtual Tensor? Embeddings() => null;

    /// <summary>(V, Hkv, D) each: what the queries of a block see first; null where embeddings are given.</summary>
    public virtual (Tensor Keys, Tensor Values)? OfBlock(int layer) => null;
}
