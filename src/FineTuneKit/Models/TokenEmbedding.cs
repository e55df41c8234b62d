namespace FineTuneKit.Models;

/// <summary>Rows of a table by token id or position; a tied head reads the same table. An adapter may sit beside it.</summary>
public sealed class TokenEmbedding : nn.Module<Tensor, Tensor>
{
    /// <summary>(V, C).</summary>
    public readonly Parameter weight;

    /// <summary>A table with unset weights: load or initialise them.</summary>
    /// <param name="vocabulary">V, its rows.</param>
    /// <param name="size">C, components of a row.</param>
    public TokenEmbedding(long vocabulary, long size) : base("embedding")
    {
        weight = new Parameter(empty(vocabulary, size));
        RegisterComponents();
    }

    /// <summary>V.</summary>
    public long Rows => weight.size(0);

    /// <summary>C.</summary>
    public long Size => weight.size(1);

    /// <summary>What is looked up instead of the plain rows; null for none. A tied head does not see it.</summary>
    public EmbeddingAdapter? Adapter { get; set; }

    /// <summary>Switches between training and use; the adapter, which is no child, follows its table.</summary>
    public override void train(bool on = true)
    {
        base.train(on);
        Adapter?.train(on);
    }

    /// <summary>Ids (…) int64 → rows (…, C), through the adapter where there is one.</summary>
    public override Tensor forward(Tensor input) => Adapter is null ? Plain(input) : Adapter.forward(input, this);

    /// <summary>Ids (…) int64 → rows (…, C), without the adapter.</summary>
    public Tensor Plain(Tensor input) => nn.functional.embedding(input, weight);
}

/// <summary>What an adapter is to a table: it sees the ids and the table, and gives the rows.</summary>
public abstract class EmbeddingAdapter : nn.Module
{
    /// <summary>An adapter under a name.</summary>
    protected EmbeddingAdapter(string name) : base(name)
    {
    }

    /// <summary>Ids (…) int64 → rows (…, C); <see cref="TokenEmbedding.Plain"/> gives the base's part.</summary>
    public abstract Tensor forward(Tensor input, TokenEmbedding table);
}
