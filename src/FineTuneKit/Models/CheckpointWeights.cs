namespace FineTuneKit.Models;

/// <summary>Fills a model's parameters from a checkpoint whose names are the model's own, and names what does not fit.</summary>
internal sealed class CheckpointWeights(SafetensorsShards weights, string stack)
{
    private const int FaultsShown = 8;

    private readonly string _prefix = stack + ".";
    private readonly bool _bare = !weights.Names.Any(name => name.StartsWith(stack + ".", StringComparison.Ordinal));

    // Up to here a configuration that does not fit is met by a message that names the weights.
    private const long FewWeights = 10_000_000;

    /// <summary>Refuses a configuration that asks for far more than there is, before memory is taken for it.</summary>
    /// <param name="least">Weights that it has at least.</param>
    /// <exception cref="InputException">Far more than the files hold.</exception>
    public void RequireRoomFor(Int128 least)
    {
        Int128 held = 0;
        foreach (string name in weights.Names) held += weights.Entry(name).Shape.Aggregate((Int128)1, (product, size) => product * size);
        if (least > (2 * held) + FewWeights)
            throw new InputException($"{weights.Path} does not fit config.json: it holds {held} weights, and vocab_size, hidden_size, intermediate_size and the number of layers ask for at least {least}");
    }

    /// <summary>Copies the weights in; gives the type that most of them are stored in, and what was missing and may be.</summary>
    /// <param name="model">The model, weights unset.</param>
    /// <param name="isRedundant">Whether a tensor that the model lacks may be passed over.</param>
    /// <param name="isOptional">Whether a weight that the checkpoint lacks may be missing; null for none.</param>
    /// <param name="isNew">Whether a weight counts as missing even if the checkpoint has one of its name; null for none.</param>
    /// <exception cref="InputException">Weights missing, unexpected or of the wrong shape.</exception>
    public (ScalarType Stored, IReadOnlyList<string> Missing) CopyInto(nn.Module model, Predicate<string> isRedundant, Predicate<string>? isOptional = null, Predicate<string>? isNew = null)
    {
        var parameters = model.named_parameters().ToDictionary(item => item.name, item => item.parameter, StringComparer.Ordinal);
        Dictionary<string, string> stored = StoredNames(parameters.Keys.Where(name => isNew?.Invoke(name) != true));
        string[] missing = [.. parameters.Keys.Where(name => !stored.ContainsKey(name))];
        List<string> faults =
        [
            .. missing.Where(name => isOptional?.Invoke(name) != true && isNew?.Invoke(name) != true).Select(name => $"{name} {Shape(parameters[name].shape)} is missing"),
            .. weights.Names.Except(stored.Values).Where(name => !isRedundant(name) && isNew?.Invoke(name) != true).Select(name => $"{name} is unexpected"),
        ];
        foreach ((string name, string from) in stored)
        {
            if (weights.Entry(from).Shape is var found && !found.AsSpan().SequenceEqual(parameters[name].shape))
                faults.Add($"{from} has shape {Shape(found)}; required is {Shape(parameters[name].shape)}");
        }
        if (faults.Count > 0)
        {
            string more = faults.Count > FaultsShown ? $", and {faults.Count - FaultsShown} more" : "";
            throw new InputException($"{weights.Path} does not fit config.json: {string.Join("; ", faults.Take(FaultsShown))}{more}");
        }
        foreach ((string name, string from) in stored) weights.CopyInto(from, parameters[name]);
        ScalarType type = weights.Entry(stored.Values.First()).Type switch
        {
            "BF16" => ScalarType.BFloat16,
            "F16" => ScalarType.Float16,
            _ => ScalarType.Float32,
        };
        return (type, missing);
    }

    /// <summary>The name that a parameter has in the file: a checkpoint of the bare stack, as GPT-2's own, lacks the stack's name.</summary>
    public string StoredName(string name) => _bare && name.StartsWith(_prefix, StringComparison.Ordinal) ? name[_prefix.Length..] : name;

    private Dictionary<string, string> StoredNames(IEnumerable<string> names)
    {
        var stored = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string name in names)
        {
            string from = StoredName(name);
            if (weights.Contains(from)) stored.Add(name, from);
            else if (weights.Contains(OfTensorFlow(from))) stored.Add(name, OfTensorFlow(from));
        }
        return stored;
    }

    // The first BERTs came from TensorFlow, whose norms have a gamma and a beta.
    private static string OfTensorFlow(string name) => name
        .Replace("LayerNorm.weight", "LayerNorm.gamma", StringComparison.Ordinal).Replace("LayerNorm.bias", "LayerNorm.beta", StringComparison.Ordinal);

    private static string Shape(long[] shape) => $"[{string.Join(", ", shape)}]";
}
