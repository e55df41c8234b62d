using FineTuneKit.Models;

namespace FineTuneKit.Adapters;

/// <summary>A trained tensor of an adapter.</summary>
/// <param name="Name">PEFT's name of it in memory, which runs and checkpoints use.</param>
/// <param name="Key">PEFT's name of it in the adapter's file.</param>
/// <param name="Value">The numbers.</param>
public sealed record AdapterTensor(string Name, string Key, Parameter Value);

/// <summary>What an adapter sits beside, as PEFT names it.</summary>
/// <param name="Path">The module's path in the base.</param>
/// <param name="Module">The module that is adapted: the path, or a head of several layers that is trained whole.</param>
internal sealed record AdaptedName(string Path, string Module)
{
    /// <summary>What PEFT puts before every path.</summary>
    public const string Prefix = "base_model.model.";

    /// <summary>A tensor whose name in memory and key in the file are the same.</summary>
    public AdapterTensor Tensor(string name, Parameter value) => new($"{Prefix}{Path}.{name}", $"{Prefix}{Path}.{name}", value);

    /// <summary>A tensor of a copy: PEFT names it after its wrapper in memory and after the module in the file.</summary>
    public AdapterTensor Copy(string name, Parameter value) =>
        new($"{Prefix}{Module}.modules_to_save{Path[Module.Length..]}.{name}", $"{Prefix}{Path}.{name}", value);
}

/// <summary>An adapter beside a projection that names its tensors and can become part of the weight.</summary>
public abstract class ProjectionAdapter : LinearAdapter
{
    /// <summary>An adapter under a name.</summary>
    protected ProjectionAdapter(string name) : base(name)
    {
    }

    /// <summary>The trained tensors, named for where they sit.</summary>
    internal abstract IEnumerable<AdapterTensor> Tensors(AdaptedName name);

    /// <summary>Gives the layer's weights the values with which the bare layer computes what the adapter does.</summary>
    /// <param name="layer">The layer; its weight is float.</param>
    /// <param name="replace">Puts a value, float32 or of the weight's type, in a weight's place.</param>
    internal abstract void Merge(Linear layer, Action<Parameter, Tensor> replace);

    /// <summary>Takes what <see cref="Merge"/> did out of a layer that no longer has the old values, to rounding.</summary>
    /// <exception cref="InputException">The old values cannot be found again.</exception>
    internal virtual void Unmerge(Linear layer, Action<Parameter, Tensor> replace) =>
        throw new InputException($"{GetName()} cannot be taken out of a merged weight: what it replaced is gone; keep the base beside the merged model");

    /// <summary>What is added to the base's output, where the adapter is a sum with it; null where it is not.</summary>
    internal virtual Tensor? UpdateOf(Tensor input, Linear layer) => null;

    /// <summary>Whether the adapter adds to the base's output and does nothing else to it.</summary>
    internal virtual bool IsSum => false;

    /// <summary>A value of the form (out, in) as the layer stores it.</summary>
    internal static Tensor AsStored(Linear layer, Tensor matrix) => layer.StoredTransposed ? matrix.t() : matrix;
}

/// <summary>An adapter beside a table of embeddings that names its tensors and can become part of the table.</summary>
public abstract class TableAdapter : EmbeddingAdapter
{
    /// <summary>An adapter under a name.</summary>
    protected TableAdapter(string name) : base(name)
    {
    }

    /// <inheritdoc cref="ProjectionAdapter.Tensors"/>
    internal abstract IEnumerable<AdapterTensor> Tensors(AdaptedName name);

    /// <summary>The table with which the bare lookup gives what the adapter gives.</summary>
    internal abstract Tensor Merged(TokenEmbedding table);

    /// <summary>The table as it was before <see cref="Merged"/>, to rounding.</summary>
    /// <exception cref="InputException">It cannot be found again.</exception>
    internal virtual Tensor Unmerged(TokenEmbedding table) =>
        throw new InputException($"{GetName()} cannot be taken out of a merged table: what it replaced is gone; keep the base beside the merged model");
}
