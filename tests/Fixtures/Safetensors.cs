using System.Buffers.Binary;
using System.Text.Json;

namespace FineTuneKit.Fixtures;

/// <summary>One stored tensor: its type as the file writes it (F32, I64 …), its sizes and its bytes.</summary>
public sealed record StoredTensor(string Type, long[] Shape, byte[] Bytes);

/// <summary>A reader of safetensors for tests alone: the whole file in memory, no checks beyond the format.</summary>
public static class Safetensors
{
    private static readonly Dictionary<string, Dictionary<string, StoredTensor>> Files = new(StringComparer.Ordinal);

    /// <summary>All tensors of a fixture file, read once for the whole run.</summary>
    public static Dictionary<string, StoredTensor> Of(string file)
    {
        lock (Files)
        {
            if (!Files.TryGetValue(file, out Dictionary<string, StoredTensor>? tensors))
                Files[file] = tensors = Read(FixtureFolder.PathOf(file.Split('/')));
            return tensors;
        }
    }

    /// <summary>All tensors of a file.</summary>
    public static Dictionary<string, StoredTensor> Read(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        var length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        using var header = JsonDocument.Parse(file.AsMemory(8, length));
        var tensors = new Dictionary<string, StoredTensor>(StringComparer.Ordinal);
        foreach (JsonProperty entry in header.RootElement.EnumerateObject())
        {
            if (entry.NameEquals("__metadata__")) continue;
            int[] offsets = [.. entry.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt32())];
            long[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
            tensors[entry.Name] = new(entry.Value.GetProperty("dtype").GetString()!, shape, file[(8 + length + offsets[0])..(8 + length + offsets[1])]);
        }
        return tensors;
    }
}
