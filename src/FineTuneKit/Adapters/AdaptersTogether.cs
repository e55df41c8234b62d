using FineTuneKit.Models;

namespace FineTuneKit.Adapters;

/// <summary>Several LoRA adapters beside one projection: their updates add up.</summary>
internal sealed class LoraSum(IReadOnlyList<Lora> adapters) : LinearAdapter(nameof(LoraSum))
{
    public override Tensor forward(Tensor input, Linear layer) =>
        adapters.Skip(1).Aggregate(adapters[0].forward(input, layer), (sum, adapter) => sum + adapter.UpdateOf(input));

    public override void train(bool on = true)
    {
        base.train(on);
        foreach (Lora adapter in adapters) adapter.train(on);
    }
}

/// <summary>An adapter of its own for each row of a batch, beside one projection. The base's product is one for all rows.</summary>
internal sealed class RowAdapters(int rows, IReadOnlyList<(LinearAdapter Adapter, long[] Rows)> parts) : LinearAdapter(nameof(RowAdapters))
{
    public override Tensor forward(Tensor input, Linear layer)
    {
        if (input.shape[0] != rows) throw new InvalidOperationException($"the adapters were chosen for {rows} rows; the batch has {input.shape[0]}");
        Tensor output = layer.Plain(input);
        foreach ((LinearAdapter adapter, long[] own) in parts)
        {
            Tensor index = tensor(own), seen = input.index_select(0, index);
            Tensor update = adapter is Lora lora ? lora.UpdateOf(seen) : adapter.forward(seen, layer) - output.index_select(0, index);
            output = output.index_add(0, index, update);
        }
        return output;
    }

    public override void train(bool on = true)
    {
        base.train(on);
        foreach ((LinearAdapter adapter, _) in parts) adapter.train(on);
    }
}
