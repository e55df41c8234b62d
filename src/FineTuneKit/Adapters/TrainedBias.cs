namespace FineTuneKit.Adapters;

/// <summary>
/// A bias of the base that is trained beside the adapters (PEFT's <c>bias</c>; alone it is BitFit, Ben Zaken et al., 2021,
/// arXiv 2106.10199). The base's numbers are kept, and stand in the bias's place while the adapters are off.
/// </summary>
internal sealed class TrainedBias
{
    private readonly AdapterTensor _tensor;
    private readonly Tensor _aside;
    private bool _on;

    /// <summary>A bias as it stands, not yet in use.</summary>
    /// <param name="name">Its name in the base.</param>
    /// <param name="bias">The base's own parameter.</param>
    /// <param name="adapted">Whether the module that holds it bears an adapter: PEFT then wraps the module.</param>
    public TrainedBias(string name, Parameter bias, bool adapted)
    {
        if (bias.dtype != ScalarType.Float32) throw new InputException($"LoRA: {name} is {bias.dtype}; a bias that is trained must be float32");
        string key = AdaptedName.Prefix + (adapted ? name[..^"bias".Length] + "base_layer.bias" : name);
        _tensor = new AdapterTensor(key, key, bias);
        _aside = bias.detach().clone();
    }

    /// <summary>The parameter under PEFT's names.</summary>
    public AdapterTensor Tensor => _tensor;

    /// <summary>The trained numbers, in use or not.</summary>
    public Tensor Value => _on ? _tensor.Value : _aside;

    /// <summary>Puts the trained numbers in use, or the base's.</summary>
    public void Use(bool on)
    {
        if (on == _on) return;
        using (no_grad())
        using (Tensor other = _aside.clone())
        {
            _aside.copy_(_tensor.Value);
            _tensor.Value.copy_(other);
        }
        _on = on;
    }
}
