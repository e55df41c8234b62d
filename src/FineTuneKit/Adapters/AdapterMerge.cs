using FineTuneKit.Models;

namespace FineTuneKit.Adapters;

/// <summary>
/// Adapters merged into the base: W + s · B A, computed in float32 and rounded once to the weight's type. The old weights
/// are kept, so that <see cref="Undo"/> gives them back to the last bit.
/// </summary>
public sealed class AdapterMerge : IDisposable
{
    private readonly AdaptedModel _lora;
    private readonly List<(Parameter Target, Tensor Old)> _saved = [];
    private bool _undone;

    private AdapterMerge(AdaptedModel lora) => _lora = lora;

    /// <summary>Merges every adapter and takes them off the base, which then is a plain model.</summary>
    /// <exception cref="InputException">A weight is packed in four bits a number; nothing is changed.</exception>
    public static AdapterMerge Apply(AdaptedModel lora)
    {
        RequireFloatWeights(lora);
        var merge = new AdapterMerge(lora);
        using (no_grad())
        {
            foreach (AdaptedLayer layer in lora.Layers)
            {
                using DisposeScope scope = NewDisposeScope();
                if (layer.Adapter is Lora adapter)
                {
                    Tensor update = layer.Layer.StoredTransposed ? adapter.Update().t() : adapter.Update();
                    merge.Replace(layer.Layer.weight, layer.Layer.weight.to(ScalarType.Float32) + update);
                }
                else if (layer.Adapter is TrainedCopy copy)
                {
                    merge.Replace(layer.Layer.weight, copy.weight);
                    if (copy.bias is not null) merge.Replace(layer.Layer.bias!, copy.bias);
                }
            }
        }
        lora.Detach();
        return merge;
    }

    /// <summary>Restores the base's weights and puts the adapters back beside them.</summary>
    public void Undo()
    {
        if (_undone) throw new InvalidOperationException("the merge is already undone");
        using (no_grad())
            foreach ((Parameter target, Tensor old) in _saved) target.copy_(old);
        _lora.Reattach();
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

    // Rounding the sum to 16 values a block again would undo most of what was learnt.
    private static void RequireFloatWeights(AdaptedModel lora)
    {
        if (lora.Layers.FirstOrDefault(layer => layer.Layer.Packed is not null) is { } packed)
        {
            throw new InputException($"{packed.Path} is a 4-bit weight, into which no adapter is merged in place: most of the update would be rounded away. "
                + "Merge into the float model that was quantised, or unpack this one to float32 first (Decoder.UnpackProjections, ftk adapters merge --unpack)");
        }
    }

    private void Replace(Parameter target, Tensor value)
    {
        _saved.Add((target, target.detach().clone().DetachFromDisposeScope()));
        target.copy_(value);
    }
}
