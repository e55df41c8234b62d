using FineTuneKit.Text;

namespace FineTuneKit.Models;

/// <summary>An encoder that was loaded from a folder, with what came with it.</summary>
public sealed class LoadedEncoder : IDisposable
{
    internal LoadedEncoder(string folder, Encoder model, ScalarType storedType, Tokenizer? tokenizer, IReadOnlyList<string> freshWeights) =>
        (Folder, Model, StoredType, Tokenizer, FreshWeights) = (folder, model, storedType, tokenizer, freshWeights);

    /// <summary>The folder it came from.</summary>
    public string Folder { get; }

    /// <summary>The model, weights in float32.</summary>
    public Encoder Model { get; }

    /// <summary>The model's shape.</summary>
    public EncoderConfig Config => Model.Config;

    /// <summary>The type that the weights have in the folder.</summary>
    public ScalarType StoredType { get; }

    /// <summary>The tokenizer beside the weights; null where there is none.</summary>
    public Tokenizer? Tokenizer { get; }

    /// <summary>Weights that the checkpoint lacks and that were drawn instead: a new head, which has to be trained.</summary>
    public IReadOnlyList<string> FreshWeights { get; }

    /// <summary>Frees the weights.</summary>
    public void Dispose() => Model.Dispose();
}
