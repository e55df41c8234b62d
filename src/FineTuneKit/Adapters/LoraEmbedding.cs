using FineTuneKit.Models;

namespace FineTuneKit.Adapters;

/// <summary>
/// LoRA beside a table of embeddings E (V, C): the row of a token is E[t] + s · B A[:, t], with A (r, V) zero and
/// B (C, r) normal at first. Where the head reads the same table it goes on reading E alone, as in PEFT.
/// </summary>
public sealed class LoraEmbedding : TableAdapter
{
    /// <summary>(r, V).</summary>
    public readonly Parameter lora_embedding_A;

    /// <summary>(C, r).</summary>
    public readonly Parameter lora_embedding_B;

    internal LoraEmbedding(string path, TokenEmbedding table, int rank, double scale, long seed) : base(nameof(LoraEmbedding))
    {
        lora_embedding_A = new Parameter(zeros(rank, table.Rows));
        lora_embedding_B = new Parameter(FreshWeights.Normal("lora/" + path, seed, [table.Size, rank], 1));
        Scale = scale;
        RegisterComponents();
    }

    /// <summary>s, by which the update is multiplied.</summary>
    public double Scale { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input, TokenEmbedding table)
    {
        Tensor low = nn.functional.embedding(input, lora_embedding_A.t()); // (…, r)
        return table.Plain(input) + nn.functional.linear(low, lora_embedding_B) * Scale;
    }

    internal override IEnumerable<AdapterTensor> Tensors(AdaptedName name) =>
        [name.Tensor("lora_embedding_A", lora_embedding_A), name.Tensor("lora_embedding_B", lora_embedding_B)];

    internal override Tensor Merged(TokenEmbedding table) => table.weight.to(ScalarType.Float32) + Update();

    internal override Tensor Unmerged(TokenEmbedding table) => table.weight.to(ScalarType.Float32) - Update();

    private Tensor Update() => matmul(lora_embedding_B, lora_embedding_A).t() * Scale; // (V, C)
}
