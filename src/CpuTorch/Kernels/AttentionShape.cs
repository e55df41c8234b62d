namespace CpuTorch.Kernels;

/// <summary>
/// Sizes and strides (in elements) of scaled dot-product attention. Every query sees one contiguous range of keys:
/// causal, window, packed sequences and padding all narrow that range, so no mask is ever stored.
/// </summary>
internal unsafe struct AttentionShape
{
    public long Batch;
    public long Queries;
    public long Keys;
    public long Heads;

    /// <summary>Divides Heads: each key head serves Heads / KeyHeads query heads in a row.</summary>
    public long KeyHeads;
    public long HeadDim;
    public float Scale;

    /// <summary>Query i sees keys up to i + Keys - Queries.</summary>
    public bool Causal;

    /// <summary>How many keys up to its own position a query sees; 0 for all.</summary>
    public long Window;

    /// <summary>Null, or for each of Batch * Queries the first key it sees.</summary>
    public int* KeyStart;

    /// <summary>Null, or for each of Batch one past the last key of the row.</summary>
    public int* KeyEnd;

    /// <summary>Scores become cap * tanh(score / cap); 0 for none.</summary>
    public float SoftCap;

    public long QBatch;
    public long QToken;
    public long QHead;
    public long KBatch;
    public long KToken;
    public long KHead;
    public long VBatch;
    public long VToken;
    public long VHead;
    public long OBatch;
    public long OToken;
    public long OHead;

    /// <summary>The keys from start to end, exclusive, that a query sees; empty where end is not above start.</summary>
    public readonly (long Start, long End) Visible(long batch, long query)
    {
        long position = query + Keys - Queries;
        long start = Window > 0 ? Math.Max(0, position - Window + 1) : 0;
        long end = Causal ? Math.Min(Keys, position + 1) : Keys;
        if (KeyStart != null)
        {
            start = Math.Max(start, KeyStart[(batch * Queries) + query]);
        }

        if (KeyEnd != null)
        {
            end = Math.Min(end, KeyEnd[batch]);
        }

        return (start, end);
    }
}
