namespace FineTuneKit.Models;

/// <summary>A model beside whose projections adapters can sit.</summary>
public interface IAdaptable
{
    /// <summary>The model itself.</summary>
    nn.Module Module { get; }

    /// <summary>Every projection with the name that its weight has in the checkpoint, without <c>.weight</c>.</summary>
    IEnumerable<KeyValuePair<string, Linear>> Projections();

    /// <summary>Every table of embeddings with the name that its weight has in the checkpoint, without <c>.weight</c>.</summary>
    IEnumerable<KeyValuePair<string, TokenEmbedding>> Embeddings();

    /// <summary>The table that the head reads too; null where the head has a weight of its own, or there is none.</summary>
    TokenEmbedding? TiedTable { get; }

    /// <summary>Whether a projection belongs to the head.</summary>
    bool IsHead(Linear projection);

    /// <summary>
    /// The name that newer versions of transformers give a module in memory while its checkpoints keep the older one;
    /// adapter files of these versions have it. The same name where it has not changed.
    /// </summary>
    string NewerName(string path);
}
