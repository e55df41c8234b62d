namespace FineTuneKit.Models;

/// <summary>
/// Keys and values of the tokens that rows have read, preallocated: for each layer (slots, capacity, Hkv, D). Rows
/// sit in the slots 0 to <see cref="Active"/> − 1, each with its own length, so that no row pads another.
/// </summary>
public sealed class KeyValueCache : IDisposable
{
    private readonly Tensor[] _keys, _values;
    private readonly int[] _lengths;
    private readonly int _virtual;
    private TokenLayout? _step;
    private int _firstNew;

    /// <summary>An empty cache.</summary>
    /// <param name="config">The decoder it belongs to.</param>
    /// <param name="slots">Rows at most.</param>
    /// <param name="capacity">Tokens a row at most.</param>
    /// <param name="virtualTokens">What stands before the first token of each row (<see cref="VirtualTokens.Count"/>) and is kept too.</param>
    public KeyValueCache(DecoderConfig config, int slots, int capacity, int virtualTokens = 0)
    {
        (_lengths, _virtual) = (new int[slots], virtualTokens);
        _keys = Allocate(config, slots, capacity + virtualTokens);
        _values = Allocate(config, slots, capacity + virtualTokens);
    }

    /// <summary>Rows in the cache.</summary>
    public int Active { get; private set; }

    /// <summary>Rows it can hold.</summary>
    public int Slots => _lengths.Length;

    /// <summary>Tokens that each row has read, virtual ones included.</summary>
    public ReadOnlySpan<int> Lengths => _lengths.AsSpan(0, Active);

    /// <summary>Opens slots for new rows of these lengths; the next forward pass fills them.</summary>
    internal TokenLayout Open(IReadOnlyList<int> lengths, int tokens)
    {
        _firstNew = Active;
        for (int i = 0; i < lengths.Count; i++) _lengths[Active++] = lengths[i] + _virtual;
        return TokenLayout.RightPadded(lengths, tokens);
    }

    /// <summary>Makes place for one more token in every row; the next forward pass fills it. The layout stays the cache's.</summary>
    internal TokenLayout Step()
    {
        _firstNew = -1;
        if (_step is not null && _step.EndsAt(Lengths))
        {
            _step.Advance();
        }
        else
        {
            _step?.Dispose();
            _step = TokenLayout.Step(Lengths).Detached();
        }
        for (int row = 0; row < Active; row++) _lengths[row]++;
        return _step;
    }

    /// <summary>
    /// Stores a layer's new keys and values (B, T, Hkv, D); gives what the queries attend to: in a step the cache itself, of
    /// which the layout says how far each row's keys go.
    /// </summary>
    internal (Tensor Keys, Tensor Values) Append(int layer, Tensor keys, Tensor values)
    {
        (Tensor storedKeys, Tensor storedValues) = (_keys[layer], _values[layer]);
        if (_firstNew >= 0)
        {
            Fill(storedKeys, keys);
            Fill(storedValues, values);
            return (keys, values);
        }
        Span<int> before = stackalloc int[Active];
        for (int row = 0; row < Active; row++) before[row] = _lengths[row] - 1;
        Fused.AppendToCache(storedKeys, keys, before);
        Fused.AppendToCache(storedValues, values, before);
        return Active == Slots ? (storedKeys, storedValues) : (storedKeys.narrow(0, 0, Active), storedValues.narrow(0, 0, Active));
    }

    /// <summary>Ends a row: the last active row takes its slot.</summary>
    /// <returns>The slot that the moved row had.</returns>
    internal int Remove(int slot)
    {
        int last = --Active;
        if (slot != last)
        {
            using DisposeScope scope = NewDisposeScope();
            foreach (Tensor store in _keys.Concat(_values))
                store[slot].narrow(0, 0, _lengths[last]).copy_(store[last].narrow(0, 0, _lengths[last]));
            _lengths[slot] = _lengths[last];
        }
        return last;
    }

    /// <summary>Row i becomes a copy of row <paramref name="sources"/>[i]: beams that go on.</summary>
    internal void Reorder(IReadOnlyList<int> sources)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor index = tensor(sources.Select(source => (long)source).ToArray());
        foreach (Tensor store in _keys.Concat(_values))
            store.narrow(0, 0, sources.Count).copy_(store.index_select(0, index));
        int[] lengths = [.. sources.Select(source => _lengths[source])];
        lengths.CopyTo(_lengths, 0);
        Active = lengths.Length;
    }

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        foreach (Tensor store in _keys.Concat(_values)) store.Dispose();
        _step?.Dispose();
        _step = null;
    }

    private static Tensor[] Allocate(DecoderConfig config, int slots, int capacity) =>
        [.. Enumerable.Range(0, config.Layers).Select(_ => zeros(slots, capacity, config.KeyHeads, config.HeadDim).DetachFromDisposeScope())];

    private void Fill(Tensor store, Tensor fresh) =>
        store.narrow(0, _firstNew, fresh.size(0)).narrow(1, 0, fresh.size(1)).copy_(fresh);
}
