using FineTuneKit.Models;

namespace FineTuneKit.Training;

/// <summary>A copy of the weights at the best evaluation so far.</summary>
internal sealed class BestWeights(IReadOnlyList<NamedParameter> parameters) : IDisposable
{
    private Tensor[]? _copies;

    public bool Exists => _copies is not null;

    /// <summary>Copies the weights as they are now; the copies are made once and then written over.</summary>
    public void Keep()
    {
        Tensor[] copies = Copies();
        using (no_grad())
            for (int i = 0; i < copies.Length; i++) copies[i].copy_(parameters[i].Value);
    }

    /// <summary>Gives the model the kept weights; nothing happens before the first <see cref="Keep"/>.</summary>
    public void Restore()
    {
        if (_copies is null) return;
        using (no_grad())
            for (int i = 0; i < _copies.Length; i++) parameters[i].Value.copy_(_copies[i]);
    }

    public IReadOnlyList<KeyValuePair<string, Tensor>> Tensors() =>
        [.. parameters.Select((parameter, i) => KeyValuePair.Create(parameter.Name, Copies()[i]))];

    public void Load(SafetensorsFile file)
    {
        Tensor[] copies = Copies();
        for (int i = 0; i < copies.Length; i++) file.CopyInto(parameters[i].Name, copies[i]);
    }

    public void Dispose()
    {
        foreach (Tensor copy in _copies ?? []) copy.Dispose();
        _copies = null;
    }

    private Tensor[] Copies() => _copies ??= [.. parameters.Select(p => empty(p.Value.shape, dtype: p.Value.dtype).DetachFromDisposeScope())];
}
