using System.Text.Json;
using System.Text.Json.Nodes;
using FineTuneKit.Models;
using FineTuneKit.Records;
using FineTuneKit.Text;

namespace FineTuneKit.Adapters;

/// <summary>
/// An adapter as PEFT keeps it: <c>adapter_config.json</c> and <c>adapter_model.safetensors</c>, beside which the kit
/// writes <c>base.sha256.json</c>, so that the adapter is not put on another base. PEFT ignores that file.
/// </summary>
public static class PeftFolder
{
    /// <summary>The configuration's file name.</summary>
    public const string ConfigName = "adapter_config.json";

    /// <summary>The weights' file name.</summary>
    public const string WeightsName = "adapter_model.safetensors";

    /// <summary>The name of the file that holds the base's hash.</summary>
    public const string BaseName = "base.sha256.json";

    /// <summary>Writes the adapter; an older one in the folder is replaced.</summary>
    /// <param name="folder">Where; made when missing.</param>
    /// <param name="adapted">The adapter.</param>
    /// <param name="baseModel">Folder or hub name of the base, for readers; may be null.</param>
    /// <param name="baseSha256">SHA-256 of the base's weights; null writes no such file.</param>
    /// <param name="template">The chat template it was trained with, whose hash is written beside it; null writes none.</param>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    public static void Save(string folder, AdaptedModel adapted, string? baseModel = null, string? baseSha256 = null, ChatTemplate? template = null)
    {
        string config = PeftConfig.ToJson(adapted.Options, Targets(adapted), baseModel, adapted.Layers.Any(layer => layer.Layer.StoredTransposed));
        AdapterTemplate.Save(folder, template);
        SafetensorsFile.Write(Path.Combine(folder, WeightsName), adapted.FileTensors());
        string hashFile = Path.Combine(folder, BaseName);
        if (baseSha256 is not null) AtomicFile.WriteJson(hashFile, new JsonObject { ["base_model"] = baseModel, ["sha256"] = baseSha256 });
        else if (File.Exists(hashFile)) File.Delete(hashFile);
        // Last, so that a folder with a configuration is whole.
        AtomicFile.WriteText(Path.Combine(folder, ConfigName), config);
    }

    /// <summary>Reads an adapter and puts it beside the base's projections.</summary>
    /// <param name="folder">A PEFT folder.</param>
    /// <param name="model">The base; it must bear no adapter.</param>
    /// <param name="baseSha256">SHA-256 of the base's weights; where both are known they must be equal.</param>
    /// <param name="template">The chat template it is to be used with; where the adapter's is noted they must be the same.</param>
    /// <exception cref="InputException">Missing files, another base or template, other names or shapes, or an unsupported kind.</exception>
    public static AdaptedModel Load(string folder, IAdaptable model, string? baseSha256 = null, ChatTemplate? template = null)
    {
        if (!Directory.Exists(folder)) throw new InputException($"{folder}: no such folder; a PEFT folder is required");
        AdapterOptions options = PeftConfig.Load(Path.Combine(folder, ConfigName));
        RequireSameBase(folder, baseSha256);
        AdapterTemplate.RequireSame(folder, template);
        string weights = Path.Combine(folder, WeightsName);
        string pickle = Path.Combine(folder, "adapter_model.bin");
        if (!File.Exists(weights) && File.Exists(pickle)) SafetensorsFile.RefusePickle(pickle);
        using SafetensorsFile file = SafetensorsFile.Open(weights);
        AdaptedModel adapted;
        try
        {
            adapted = AdaptedModel.Attach(model, options, seed: 0, anyRank: true);
        }
        catch (InputException e)
        {
            throw new InputException($"{folder}: the adapter does not fit this base: {e.Message}", e);
        }
        try
        {
            CopyInto(adapted, file);
        }
        catch
        {
            adapted.Detach();
            throw;
        }
        return adapted;
    }

    private static void CopyInto(AdaptedModel adapted, SafetensorsFile file)
    {
        var wanted = adapted.FileTensors().ToList();
        HashSet<string> ofBase = [.. adapted.BaseTensors().Select(pair => pair.Key)];
        foreach ((string key, Tensor value) in wanted)
        {
            if (ofBase.Contains(key)) RequireEqual(file, key, value);
            else if (!file.Contains(key)) throw new InputException($"{file.Path}: no tensor {key}, which the configuration's targets require");
            else file.CopyInto(key, value);
        }
        var known = wanted.Select(pair => pair.Key).ToHashSet(StringComparer.Ordinal);
        foreach (SafetensorsEntry entry in file.Entries)
            if (!known.Contains(entry.Name)) throw new InputException($"{file.Path}: {entry.Name} belongs to no target of the configuration on this base");
    }

    // Older versions do not save the base's part.
    private static void RequireEqual(SafetensorsFile file, string key, Tensor value)
    {
        if (!file.Contains(key)) return;
        using DisposeScope scope = NewDisposeScope();
        using (no_grad())
        {
            Tensor stored = file.Read(key);
            if (!stored.shape.AsSpan().SequenceEqual(value.shape) || LogitProbe.LargestDifference(stored, value) > 0)
                throw new InputException($"{file.Path}: {key} is not what this base has there; the adapter was made for another base, or one whose vocabulary was changed");
        }
    }

    private static void RequireSameBase(string folder, string? actual)
    {
        string path = Path.Combine(folder, BaseName);
        if (actual is null || !File.Exists(path)) return;
        string? required;
        try
        {
            required = (string?)JsonNode.Parse(File.ReadAllText(path))?["sha256"];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new InputException($"{path}: {{\"sha256\": \"…\"}} is required: {e.Message}", e);
        }
        if (required is not null && required != actual)
            throw new InputException($"{folder}: the adapter was made for the base with SHA-256 {required}; this base has {actual}");
    }

    // PEFT's own files name modules by the last part; whole names stand where that would catch more than was adapted.
    private static List<string> Targets(AdaptedModel adapted)
    {
        AdapterOptions options = adapted.Options;
        if (!options.Targets.Contains(AdapterOptions.AllLinear)) return [.. options.Targets];
        List<string> paths = [.. adapted.Layers.Where(layer => layer.Adapter is not TrainedCopy).Select(layer => layer.Path)];
        List<string> ends = [.. paths.Select(path => path[(path.LastIndexOf('.') + 1)..]).Distinct(StringComparer.Ordinal)];
        AdapterOptions byEnds = options with { Targets = ends };
        IEnumerable<string> caught = adapted.Model.Projections().Select(p => (Path: adapted.NameOf(p.Key), IsHead: adapted.Model.IsHead(p.Value)))
            .Where(p => options.TrainedWholeModule(p.Path, p.IsHead) is null && byEnds.IsTarget(p.Path, isHead: false)).Select(p => p.Path);
        return paths.SequenceEqual(caught, StringComparer.Ordinal) ? ends : paths;
    }
}
