namespace FineTuneKit.Models;

/// <summary>
/// The projections of a checkpoint that become 4-bit weights: those that are stored so, and, where asked, all others but
/// the head. One float weight is in memory at a time.
/// </summary>
internal sealed class FourBitCheckpoint
{
    private readonly SafetensorsShards _weights;
    private readonly QuantizationOptions? _options;
    private readonly List<(Linear Layer, string Name, string Stored)> _projections = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal), _companions = new(StringComparer.Ordinal);

    /// <summary>Finds them, and gives the memory back that their float weights would take.</summary>
    public FourBitCheckpoint(SafetensorsShards weights, CheckpointWeights checkpoint, Decoder decoder, QuantizationOptions? options)
    {
        (_weights, _options) = (weights, options?.Validated());
        foreach ((string path, Linear layer) in decoder.Projections())
        {
            string name = path + ".weight", stored = checkpoint.StoredName(name);
            if (!weights.Contains(stored) || !(IsPacked(stored) || (options is not null && !decoder.IsHead(layer) && !options.IsSkipped(path)))) continue;
            _projections.Add((layer, name, stored));
            _names.UnionWith([name, stored]);
            if (IsPacked(stored)) _companions.UnionWith(FourBitFile.Companions(stored));
            layer.DropWeight();
        }
    }

    /// <summary>Whether this reads the weight of that name.</summary>
    public bool Reads(string name) => _names.Contains(name);

    /// <summary>Whether a tensor belongs to the codes of a weight.</summary>
    public bool IsCompanion(string name) => _companions.Contains(name);

    /// <summary>Reads or quantises each, and gives the system back what their float weights took.</summary>
    /// <exception cref="InputException">A state that is missing or does not fit, or a weight of the wrong shape.</exception>
    public void Load()
    {
        foreach ((Linear layer, string name, string stored) in _projections)
            layer.Pack(IsPacked(stored) ? FourBitFile.Read(_weights, stored, layer.OutFeatures, layer.InFeatures) : Quantized(layer, name, stored));
        if (_projections.Count > 0) Fused.GiveBackMemory();
    }

    private bool IsPacked(string stored) => _weights.Entry(stored).Type == "U8";

    private FourBitWeight Quantized(Linear layer, string name, string stored)
    {
        using DisposeScope scope = NewDisposeScope();
        long[] required = layer.StoredTransposed ? [layer.InFeatures, layer.OutFeatures] : [layer.OutFeatures, layer.InFeatures];
        if (!_weights.Entry(stored).Shape.AsSpan().SequenceEqual(required))
            throw new InputException($"{_weights.Path} does not fit config.json: {stored} has shape [{string.Join(", ", _weights.Entry(stored).Shape)}]; required is [{string.Join(", ", required)}]");
        Tensor weight = _weights.Read(stored);
        return FourBitWeight.Quantize(layer.StoredTransposed ? weight.t() : weight, _options!, name);
    }
}
