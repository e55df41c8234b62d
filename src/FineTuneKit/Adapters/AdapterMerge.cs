using FineTuneKit.Models;

namespace FineTuneKit.Adapters;

/// <summary>
/// Adapters merged into the base, computed in float32 and rounded once to the weight's type. The old weights
/// are kept, so that <see cref="Undo"/> gives them back to the last bit.
/// </summary>
public sealed class AdapterMerge : IDisposable
{
    private readonly AdaptedModel _adapted;
    private readonly List<(Parameter Target, Tensor Old)> _saved = [];
    private bool _undone;

    private AdapterMerge(AdaptedModel adapted) => _adapted = adapted;

    /// <summary>Merges every adapter and takes them off the base, which then is a plain model.</summary>
    /// <exception cref="InputException">A weight is packed in four bits a number, or a table is the head too; nothing is changed.</exception>
    public static AdapterMerge Apply(AdaptedModel adapted)
    {
        RequireMergeable(adapted);
        return Change(adapted, (layer, replace) => layer.Adapter.Merge(layer.Layer, replace), table => table.Adapter.Merged(table.Table));
    }

    /// <summary>Takes adapters out of a base that they were merged into earlier, to the rounding of that merge; the base then is a plain model.</summary>
    /// <exception cref="InputException">What <see cref="Apply"/> refuses, or a method that cannot be taken out; nothing is changed.</exception>
    public static AdapterMerge Remove(AdaptedModel adapted)
    {
        RequireMergeable(adapted);
        if (adapted.Biases.Count > 0)
            throw new InputException($"{adapted.Biases[0].Tensor.Key} was trained in its place and cannot be taken out of a merged model: the bias that it replaced is gone; keep the base beside the merged model");
        return Change(adapted, (layer, replace) => layer.Adapter.Unmerge(layer.Layer, replace), table => table.Adapter.Unmerged(table.Table));
    }

    /// <summary>Restores the base's weights and puts the adapters back beside them.</summary>
    public void Undo()
    {
        if (_undone) throw new InvalidOperationException("the merge is already undone");
        Restore();
        _adapted.Reattach();
        _undone = true;
        Dispose();
    }

    /// <summary>The largest absolute difference of two equally shaped tensors, such as logits before and after a merge.</summary>
    public static double LargestDifference(Tensor before, Tensor after) => LogitProbe.LargestDifference(before, after);

    /// <summary>Drops the kept weights; the merge stands.</summary>
    public void Dispose()
    {
        foreach ((_, Tensor old) in _saved) old.Dispose();
        _saved.Clear();
    }

    private static AdapterMerge Change(AdaptedModel adapted, Action<AdaptedLayer, Action<Parameter, Tensor>> change, Func<AdaptedTable, Tensor> table)
    {
        var merge = new AdapterMerge(adapted);
        // Off first, so that the biases in place are the base's own.
        adapted.Detach();
        try
        {
            using (no_grad())
            {
                foreach (AdaptedLayer layer in adapted.Layers)
                {
                    using DisposeScope scope = NewDisposeScope();
                    change(layer, merge.Replace);
                }
                foreach (AdaptedTable each in adapted.Tables)
                {
                    using DisposeScope scope = NewDisposeScope();
                    merge.Replace(each.Table.weight, table(each));
                }
                foreach (TrainedBias bias in adapted.Biases) merge.Replace(bias.Tensor.Value, bias.Value);
            }
        }
        catch
        {
            merge.Undo();
            throw;
        }
        return merge;
    }

    // Rounding the sum to 16 values a block again would undo most of what was learnt.
    private static void RequireMergeable(AdaptedModel adapted)
    {
        if (adapted.Layers.FirstOrDefault(layer => layer.Layer.Packed is not null) is { } packed)
        {
            throw new InputException($"{packed.Path} is a 4-bit weight, into which no adapter is merged in place: most of the update would be rounded away. "
                + "Merge into the float model that was quantised, or unpack this one to float32 first (Decoder.UnpackProjections, ftk adapters merge --unpack)");
        }
        if (adapted.Tables.FirstOrDefault(table => ReferenceEquals(table.Table, adapted.Model.TiedTable)) is { } tied)
        {
            throw new InputException($"{tied.Path} is the head's weight too, which the adapter left as it is: merged, the head would change with it and the model compute something else. "
                + "Keep the adapter beside this base");
        }
    }

    private void Restore()
    {
        using (no_grad())
            foreach ((Parameter target, Tensor old) in _saved.AsEnumerable().Reverse()) target.copy_(old);
    }

    private void Replace(Parameter target, Tensor value)
    {
        _saved.Add((target, target.detach().clone().DetachFromDisposeScope()));
        target.copy_(value);
    }
}
