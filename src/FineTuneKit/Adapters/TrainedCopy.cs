using FineTuneKit.Models;

namespace FineTuneKit.Adapters;

/// <summary>A full copy of a projection that is trained in its place: PEFT's <c>modules_to_save</c>.</summary>
public sealed class TrainedCopy : ProjectionAdapter
{
    /// <summary>(out, in), or (in, out) where the layer keeps it so.</summary>
    public readonly Parameter weight;

    /// <summary>(out), or null.</summary>
    public readonly Parameter? bias;

    /// <summary>A copy of the layer as it stands.</summary>
    public TrainedCopy(Linear layer) : base(nameof(TrainedCopy))
    {
        weight = new Parameter(layer.Packed is null ? layer.weight.detach().clone() : layer.Matrix);
        bias = layer.bias is null ? null : new Parameter(layer.bias.detach().clone());
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input, Linear layer) => nn.functional.linear(input, layer.StoredTransposed ? weight.t() : weight, bias);

    internal override IEnumerable<AdapterTensor> Tensors(AdaptedName name)
    {
        yield return name.Copy("weight", weight);
        if (bias is not null) yield return name.Copy("bias", bias);
    }

    internal override void Merge(Linear layer, Action<Parameter, Tensor> replace)
    {
        replace(layer.weight, weight);
        if (bias is not null) replace(layer.bias!, bias);
    }
}

/// <summary>A full copy of a table of embeddings that is trained in its place. A head that shares the table goes on reading the old one.</summary>
public sealed class TrainedTable : TableAdapter
{
    /// <summary>(V, C).</summary>
    public readonly Parameter weight;

    /// <summary>A copy of the table as it stands.</summary>
    public TrainedTable(TokenEmbedding table) : base(nameof(TrainedTable))
    {
        weight = new Parameter(table.weight.detach().clone());
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input, TokenEmbedding table) => nn.functional.embedding(input, weight);

    internal override IEnumerable<AdapterTensor> Tensors(AdaptedName name) => [name.Copy("weight", weight)];

    internal override Tensor Merged(TokenEmbedding table) => weight;
}
