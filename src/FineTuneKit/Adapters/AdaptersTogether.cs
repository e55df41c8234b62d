using FineTuneKit.Models;

namespace FineTuneKit.Adapters;

/// <summary>Several adapters beside one projection, each a sum with the base: their updates add up.</summary>
internal sealed class AdapterSum(IReadOnlyList<ProjectionAdapter> adapters) : LinearAdapter(nameof(AdapterSum))
{
    public override Tensor forward(Tensor input, Linear layer) =>
        adapters.Skip(1).Aggregate(adapters[0].forward(input, layer), (sum, adapter) => sum + adapter.UpdateOf(input, layer)!);

    public override void train(bool on = true)
    {
        base.train(on);
        foreach (ProjectionAdapter adapter in adapters) adapter.train(on);
    }
}

/// <summary>An adapter of its own for each row of a batch, beside one projection. The base's product is one for all rows.</summary>
internal sealed class RowAdapters(int rows, IReadOnlyList<(ProjectionAdapter Adapter, long[] Rows)> parts) : LinearAdapter(nameof(RowAdapters))
{
    public override Tensor forward(Tensor input, Linear layer)
    {
        if (input.size(0) != rows) throw new InvalidOperationException($"the adapters were chosen for {rows} rows; the batch has {input.size(0)}");
        Tensor output = layer.Plain(input);
        foreach ((ProjectionAdapter adapter, long[] own) in parts)
        {
            Tensor index = tensor(own), seen = input.index_select(0, index);
            Tensor update = adapter.UpdateOf(seen, layer) ?? adapter.forward(seen, layer) - output.index_select(0, index);
            output = output.index_add(0, index, update);
        }
        return output;
    }

    public override void train(bool on = true)
    {
        base.train(on);
        foreach ((ProjectionAdapter adapter, _) in parts) adapter.train(on);
    }
}
