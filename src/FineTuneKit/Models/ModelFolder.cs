using FineTuneKit.Records;
using FineTuneKit.Text;

namespace FineTuneKit.Models;

/// <summary>
/// Hugging Face model folders: <c>config.json</c>, <c>model.safetensors</c> or shards with an index, and the
/// tokenizer's files beside them. What transformers saved loads here, and the other way round.
/// </summary>
public static class ModelFolder
{
    /// <summary>What travels with a model besides its weights and its configuration.</summary>
    public static IReadOnlyList<string> Companions { get; } =
    [
        "generation_config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
        "chat_template.jinja", "tokenizer.model", "spiece.model", "sentencepiece.bpe.model", "vocab.json", "merges.txt", "vocab.txt", "preprocessor_config.json",
    ];

    /// <summary>Loads a folder; weights stored in half precision become float32, those in four bits stay packed.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="quantization">Packs the projections while they are read, so that the float weights are never there together; null keeps them.</param>
    /// <exception cref="InputException">
    /// No such folder, a file instead, an unsupported configuration, weights cut short, missing, unexpected or of the
    /// wrong shape, or a tokenizer with more tokens than the embedding has rows.
    /// </exception>
    public static LoadedModel Load(string folder, QuantizationOptions? quantization = null)
    {
        DecoderConfig config = LoadConfig(folder);
        using SafetensorsShards weights = SafetensorsShards.Open(folder);
        DecoderFamily family = DecoderFamily.Of(config);
        var checkpoint = new CheckpointWeights(weights, family.Parts.Stack);
        checkpoint.RequireRoomFor(config.LeastWeights(learntPositions: family.Parts.Positions is not null));
        var decoder = new Decoder(config);
        try
        {
            var packed = new FourBitCheckpoint(weights, checkpoint, decoder, quantization);
            (ScalarType stored, _) = checkpoint.CopyInto(decoder, name => IsRedundant(name, config, family) || packed.IsCompanion(name), isNew: packed.Reads);
            packed.Load();
            return new LoadedModel(folder, decoder, stored, LoadTokenizer(folder, config.VocabularySize));
        }
        catch
        {
            decoder.Dispose();
            throw;
        }
    }

    /// <summary>Loads an encoder of texts or images; weights stored in half precision become float32.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="labels">Classes of a classifier to train: it and a pooler that the checkpoint lacks get fresh weights. Null for those of the folder.</param>
    /// <param name="seed">Of the fresh weights.</param>
    /// <param name="dropout">The share that training drops everywhere, in [0, 1); null for the folder's own.</param>
    /// <exception cref="InputException">As <see cref="Load"/>; or a decoder.</exception>
    public static LoadedEncoder LoadEncoder(string folder, IReadOnlyList<string>? labels = null, long seed = 0, double? dropout = null)
    {
        RequireFolder(folder);
        EncoderConfig stored = EncoderConfigFile.Load(Path.Combine(folder, "config.json")), config = labels is null ? stored : stored with { Labels = [.. labels] };
        if (dropout is { } share) config = config with { HiddenDropout = share, AttentionDropout = share, ClassifierDropout = share };
        bool otherClasses = stored.Labels.Count > 0 && !config.Labels.SequenceEqual(stored.Labels);
        using SafetensorsShards weights = SafetensorsShards.Open(folder);
        EncoderFamily family = EncoderFamily.Of(config);
        var checkpoint = new CheckpointWeights(weights, family.Stack);
        checkpoint.RequireRoomFor(config.LeastWeights);
        var encoder = new Encoder(config);
        try
        {
            (ScalarType type, IReadOnlyList<string> missing) = checkpoint.CopyInto(
                encoder, family.IsRedundant, isOptional: name => stored.Labels.Count == 0 && Encoder.IsOfHead(name), isNew: name => otherClasses && Encoder.IsOfClassifier(name));
            encoder.Initialize(seed, missing.Contains);
            return new LoadedEncoder(folder, encoder, type, config.IsVision ? null : LoadTokenizer(folder, config.VocabularySize), missing);
        }
        catch
        {
            encoder.Dispose();
            throw;
        }
    }

    /// <summary>Reads a folder's <c>config.json</c> only.</summary>
    /// <exception cref="InputException">No such folder, a file instead, or an unsupported configuration.</exception>
    public static DecoderConfig LoadConfig(string folder)
    {
        RequireFolder(folder);
        string path = Path.Combine(folder, "config.json");
        if (!File.Exists(path) && File.Exists(Path.Combine(folder, "adapter_config.json")))
            throw new InputException($"{folder} holds an adapter, not a model: give its base as the model and this folder as the adapter");
        return ConfigFile.Load(path);
    }

    private static void RequireFolder(string folder)
    {
        if (File.Exists(folder)) throw new InputException($"{folder} is a file; the folder of a model is required");
        if (!Directory.Exists(folder)) throw new InputException($"{folder}: no such folder");
    }

    /// <summary>SHA-256 of a folder's weights in hex: of the one file, or of the list of its shards' hashes.</summary>
    public static string Sha256(string folder)
    {
        using SafetensorsShards weights = SafetensorsShards.Open(folder);
        return weights.Sha256();
    }

    /// <summary>
    /// Saves a model as transformers saves it. The configuration is written last: a folder without it was cut short.
    /// </summary>
    /// <param name="folder">Where; made when missing.</param>
    /// <param name="decoder">The model; adapters on it are not saved.</param>
    /// <param name="type">Float32, BFloat16 or Float16 for the weights.</param>
    /// <param name="companionsFrom">A folder whose tokenizer files are copied, or null.</param>
    /// <param name="largestShard">Bytes of a weights file at most; a model that is larger becomes shards with an index.</param>
    public static void Save(string folder, Decoder decoder, ScalarType type = ScalarType.Float32, string? companionsFrom = null, long largestShard = SafetensorsShards.LargestShard)
    {
        SaveWeights(folder, decoder, type, companionsFrom, largestShard);
        AtomicFile.WriteText(Path.Combine(folder, "config.json"), ConfigFile.ToJson(decoder.Config, type, decoder.Quantization));
    }

    /// <summary>Saves an encoder as transformers saves it, the configuration last.</summary>
    /// <inheritdoc cref="Save(string, Decoder, ScalarType, string?, long)"/>
    public static void Save(string folder, Encoder encoder, ScalarType type = ScalarType.Float32, string? companionsFrom = null, long largestShard = SafetensorsShards.LargestShard)
    {
        SaveWeights(folder, encoder, type, companionsFrom, largestShard);
        AtomicFile.WriteText(Path.Combine(folder, "config.json"), EncoderConfigFile.ToJson(encoder.Config, type));
    }

    private static void SaveWeights(string folder, nn.Module model, ScalarType type, string? companionsFrom, long largestShard)
    {
        Directory.CreateDirectory(folder);
        if (companionsFrom is not null && Path.GetFullPath(companionsFrom) != Path.GetFullPath(folder))
        {
            string further = Path.Combine(companionsFrom, ChatTemplate.FurtherTemplates);
            string[] templates = Directory.Exists(further) ? Directory.GetFiles(further, "*.jinja") : [];
            foreach (string name in Companions.Concat(templates.Select(file => Path.GetRelativePath(companionsFrom, file))))
            {
                string source = Path.Combine(companionsFrom, name);
                if (File.Exists(source)) AtomicFile.Write(Path.Combine(folder, name), stream => stream.Write(File.ReadAllBytes(source)));
            }
        }
        var tensors = model.named_parameters().Select(item => KeyValuePair.Create(item.name, (Tensor)item.parameter)).ToList();
        if (model is not Decoder { Quantization: not null } decoder)
        {
            SafetensorsShards.Write(folder, tensors, type, largestShard);
            return;
        }
        // Scales stay float32 whatever the others become.
        using DisposeScope scope = NewDisposeScope();
        using (no_grad())
            tensors = [.. tensors.Select(item => item.Value.is_floating_point() ? KeyValuePair.Create(item.Key, item.Value.detach().to(type)) : item)];
        foreach ((string path, Linear layer) in decoder.Projections())
            if (layer.Packed is { } packed) tensors.AddRange(FourBitFile.Write(path + ".weight", packed));
        SafetensorsShards.Write(folder, tensors, largest: largestShard);
    }

    private static Tokenizer? LoadTokenizer(string folder, int vocabularySize)
    {
        if (!Tokenizer.IsIn(folder)) return null;
        Tokenizer tokenizer = Tokenizer.Load(folder);
        RequireFit(tokenizer, folder, vocabularySize);
        return tokenizer;
    }

    /// <summary>Refuses a tokenizer that has more tokens than a model has rows in its embedding.</summary>
    /// <exception cref="InputException">It has more.</exception>
    internal static void RequireFit(Tokenizer tokenizer, string folder, int vocabularySize)
    {
        if (tokenizer.VocabularySize > vocabularySize)
        {
            throw new InputException($"{folder}: the tokenizer has {tokenizer.VocabularySize} tokens and the embedding {vocabularySize} rows (vocab_size); "
                + "the tokenizer belongs to another model, or tokens were added without resizing the embedding");
        }
    }

    /// <summary>A tied head saved once more, and what the family's older files carried along.</summary>
    private static bool IsRedundant(string name, DecoderConfig config, DecoderFamily family) =>
        (name == family.Parts.Head + ".weight" && config.TiedHead) || family.IsRedundant(name);
}

/// <summary>A model that was loaded from a folder, with what came with it.</summary>
public sealed class LoadedModel : IDisposable
{
    private readonly Lazy<string> _sha256;
    private readonly Lazy<ChatTemplate> _template;

    internal LoadedModel(string folder, Decoder model, ScalarType storedType, Tokenizer? tokenizer)
    {
        (Folder, Model, StoredType, Tokenizer) = (folder, model, storedType, tokenizer);
        _template = new Lazy<ChatTemplate>(() => ChatTemplate.Load(folder, RequireTokenizer()));
        _sha256 = new Lazy<string>(() => ModelFolder.Sha256(folder));
    }

    /// <summary>The folder it came from.</summary>
    public string Folder { get; }

    /// <summary>The model, weights in float32.</summary>
    public Decoder Model { get; }

    /// <summary>The model's shape.</summary>
    public DecoderConfig Config => Model.Config;

    /// <summary>The type that the weights have in the folder.</summary>
    public ScalarType StoredType { get; }

    /// <summary>The tokenizer beside the weights; null where there is none.</summary>
    public Tokenizer? Tokenizer { get; }

    /// <summary>The chat template of the folder; read when first asked for.</summary>
    /// <exception cref="InputException">The folder has no tokenizer or no template, or the template cannot be rendered.</exception>
    public ChatTemplate Template => _template.Value;

    /// <summary>SHA-256 of the weights in the folder, in hex; computed when first asked for.</summary>
    public string Sha256 => _sha256.Value;

    /// <summary>The tokenizer, for those who cannot do without.</summary>
    /// <exception cref="InputException">The folder has none.</exception>
    public Tokenizer RequireTokenizer() => Tokenizer ?? throw new InputException($"{Folder}: no {Tokenizer.FileName}; it is required to read and write text");

    /// <summary>Frees the weights.</summary>
    public void Dispose() => Model.Dispose();
}
