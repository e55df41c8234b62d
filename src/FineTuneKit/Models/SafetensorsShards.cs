using System.Security.Cryptography;
using System.Text.Json;
using FineTuneKit.Records;

namespace FineTuneKit.Models;

/// <summary>
/// The weights of a model folder: <c>model.safetensors</c>, or several files named by
/// <c>model.safetensors.index.json</c>. To its reader it is one set of tensors.
/// </summary>
public sealed class SafetensorsShards : IDisposable
{
    /// <summary>The largest shard that is written, in bytes: 5 GB, as transformers' default was for years.</summary>
    public const long LargestShard = 5_000_000_000;

    private readonly Dictionary<string, SafetensorsFile> _home;
    private readonly List<SafetensorsFile> _files;

    private SafetensorsShards(string path, List<SafetensorsFile> files, Dictionary<string, SafetensorsFile> home)
    {
        (Path, _files, _home) = (path, files, home);
        Names = [.. files.SelectMany(file => file.Entries).Select(entry => entry.Name)];
    }

    /// <summary>The file or the index that was opened.</summary>
    public string Path { get; }

    /// <summary>The names of all tensors, file by file.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Opens the weights in a folder.</summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="stem"><c>model</c> for models, <c>adapter_model</c> for adapters.</param>
    /// <exception cref="InputException">No weights, only pickles, a missing shard, or an index that disagrees with its files.</exception>
    public static SafetensorsShards Open(string folder, string stem = "model")
    {
        string single = System.IO.Path.Combine(folder, stem + ".safetensors");
        string index = single + ".index.json";
        if (File.Exists(single)) return new SafetensorsShards(single, [SafetensorsFile.Open(single)]);
        if (File.Exists(index)) return OpenIndex(folder, index);
        string? pickle = Directory.EnumerateFiles(folder).Where(file => file.EndsWith(".bin", StringComparison.Ordinal)
            || file.EndsWith(".pt", StringComparison.Ordinal) || file.EndsWith(".pth", StringComparison.Ordinal)).Order(StringComparer.Ordinal).FirstOrDefault();
        if (pickle is not null) SafetensorsFile.RefusePickle(pickle);
        throw new InputException($"{folder}: neither {stem}.safetensors nor {stem}.safetensors.index.json is there");
    }

    /// <summary>True when one of the files holds the tensor.</summary>
    public bool Contains(string name) => _home.ContainsKey(name);

    /// <summary>Type and shape of a tensor.</summary>
    public SafetensorsEntry Entry(string name) => Home(name).Entry(name);

    /// <summary>A new tensor with the stored type and shape.</summary>
    public Tensor Read(string name) => Home(name).Read(name);

    /// <summary>Copies a tensor into one of the same shape, converting to its type.</summary>
    public void CopyInto(string name, Tensor destination) => Home(name).CopyInto(name, destination);

    /// <summary>SHA-256 of the weights in hex: of the one file, or of the list of the shards' own hashes in name order.</summary>
    public string Sha256()
    {
        var hashes = new List<string>();
        foreach (SafetensorsFile file in _files.OrderBy(file => file.Path, StringComparer.Ordinal))
        {
            using FileStream stream = File.OpenRead(file.Path);
            hashes.Add(Convert.ToHexStringLower(SHA256.HashData(stream)));
        }
        return hashes.Count == 1
            ? hashes[0]
            : Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(string.Join('\n', hashes))));
    }

    /// <summary>Writes one file, or shards with an index where the tensors take more than <paramref name="largest"/> bytes.</summary>
    public static void Write(string folder, IReadOnlyList<KeyValuePair<string, Tensor>> tensors, ScalarType? floatType = null, long largest = LargestShard)
    {
        List<List<KeyValuePair<string, Tensor>>> shards = Divide(tensors, floatType, largest);
        string single = System.IO.Path.Combine(folder, "model.safetensors");
        if (shards.Count == 1)
        {
            SafetensorsFile.Write(single, tensors, floatType);
            // An index left from an earlier save would name files that no longer hold these weights.
            File.Delete(single + ".index.json");
            return;
        }
        var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < shards.Count; i++)
        {
            string file = $"model-{i + 1:D5}-of-{shards.Count:D5}.safetensors";
            SafetensorsFile.Write(System.IO.Path.Combine(folder, file), shards[i], floatType);
            foreach ((string name, _) in shards[i]) map[name] = file;
        }
        var json = new { metadata = new { total_size = tensors.Sum(item => Size(item.Value, floatType)) }, weight_map = map };
        AtomicFile.WriteText(single + ".index.json", JsonSerializer.Serialize(json, Indented) + "\n");
        File.Delete(single);
    }

    /// <summary>Closes the files; tensors already read stay.</summary>
    public void Dispose()
    {
        foreach (SafetensorsFile file in _files) file.Dispose();
    }

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private SafetensorsShards(string path, List<SafetensorsFile> files)
        : this(path, files, files.SelectMany(file => file.Entries, (file, entry) => (file, entry)).ToDictionary(pair => pair.entry.Name, pair => pair.file, StringComparer.Ordinal))
    {
    }

    private static SafetensorsShards OpenIndex(string folder, string index)
    {
        Dictionary<string, string> map = ReadWeightMap(index);
        var files = new List<SafetensorsFile>();
        try
        {
            foreach (string name in map.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            {
                if (name != System.IO.Path.GetFileName(name)) throw new InputException($"{index}: \"{name}\" leads out of the folder");
                string file = System.IO.Path.Combine(folder, name);
                if (!File.Exists(file)) throw new InputException($"{index}: the shard {file} is not there");
                files.Add(SafetensorsFile.Open(file));
            }
            var home = new Dictionary<string, SafetensorsFile>(StringComparer.Ordinal);
            foreach (SafetensorsFile file in files)
            {
                foreach (SafetensorsEntry entry in file.Entries)
                    if (!home.TryAdd(entry.Name, file)) throw new InputException($"{file.Path}: {entry.Name} is also in {home[entry.Name].Path}");
            }
            foreach ((string tensor, string file) in map)
            {
                if (!home.TryGetValue(tensor, out SafetensorsFile? found) || System.IO.Path.GetFileName(found.Path) != file)
                    throw new InputException($"{index}: {tensor} should be in {file} and is not");
            }
            return new SafetensorsShards(index, files, home);
        }
        catch
        {
            foreach (SafetensorsFile file in files) file.Dispose();
            throw;
        }
    }

    private static Dictionary<string, string> ReadWeightMap(string index)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(index));
            return json.RootElement.GetProperty("weight_map").EnumerateObject()
                .ToDictionary(pair => pair.Name, pair => pair.Value.GetString() ?? throw new JsonException($"{pair.Name} names no file"), StringComparer.Ordinal);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new InputException($"{index}: \"weight_map\" must be an object of tensor names and file names: {e.Message}", e);
        }
    }

    private static List<List<KeyValuePair<string, Tensor>>> Divide(IReadOnlyList<KeyValuePair<string, Tensor>> tensors, ScalarType? floatType, long largest)
    {
        var shards = new List<List<KeyValuePair<string, Tensor>>> { new() };
        long filled = 0;
        foreach (KeyValuePair<string, Tensor> item in tensors)
        {
            long size = Size(item.Value, floatType);
            if (filled > 0 && filled + size > largest)
            {
                shards.Add([]);
                filled = 0;
            }
            shards[^1].Add(item);
            filled += size;
        }
        return shards;
    }

    private static long Size(Tensor tensor, ScalarType? floatType)
    {
        ScalarType type = floatType is { } asked && tensor.is_floating_point() ? asked : tensor.dtype;
        int bytes = type switch
        {
            ScalarType.Int64 => 8,
            ScalarType.Float32 or ScalarType.Int32 => 4,
            ScalarType.BFloat16 or ScalarType.Float16 => 2,
            _ => 1,
        };
        return tensor.numel() * bytes;
    }

    private SafetensorsFile Home(string name) =>
        _home.TryGetValue(name, out SafetensorsFile? file) ? file : throw new InputException($"{Path}: no tensor named {name}");
}
