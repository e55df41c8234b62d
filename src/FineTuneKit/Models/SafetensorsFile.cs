using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace FineTuneKit.Models;

/// <summary>
/// A safetensors file, memory-mapped: u64 header length, JSON header, gapless little-endian bytes
/// (huggingface/safetensors). Every malformed file is refused with the file and the tensor named.
/// </summary>
public sealed unsafe partial class SafetensorsFile : IDisposable
{
    private static readonly Dictionary<string, ScalarType> ReadableTypes = new(StringComparer.Ordinal)
    {
        ["F32"] = ScalarType.Float32,
        ["BF16"] = ScalarType.BFloat16,
        ["F16"] = ScalarType.Float16,
        ["I64"] = ScalarType.Int64,
        ["I32"] = ScalarType.Int32,
        ["U8"] = ScalarType.Byte,
        ["BOOL"] = ScalarType.Bool,
    };

    private readonly Dictionary<string, SafetensorsEntry> _entries;
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _data;

    private SafetensorsFile(string path, MemoryMappedFile map, MemoryMappedViewAccessor view, byte* data, SafetensorsHeader header)
    {
        (Path, _map, _view) = (path, map, view);
        _data = data;
        Entries = header.Entries;
        Metadata = header.Metadata;
        _entries = header.Entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
    }

    /// <summary>The file's path, as it was opened.</summary>
    public string Path { get; }

    /// <summary>All tensors in the order of their bytes.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries { get; }

    /// <summary>The strings under <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens and checks a file; no tensor is read yet.</summary>
    /// <exception cref="InputException">No such file, a folder, a pickle, or a malformed header.</exception>
    public static SafetensorsFile Open(string path)
    {
        if (Directory.Exists(path)) throw new InputException($"{path} is a folder; a safetensors file is required");
        if (!File.Exists(path)) throw new InputException($"{path}: no such file");
        RefusePickle(path);
        // Of the file itself: a cache holds links, and FileInfo would give the link's own length.
        long length;
        using (SafeFileHandle handle = File.OpenHandle(path)) length = RandomAccess.GetLength(handle);
        if (length < 8) throw new InputException($"{path}: {length} bytes; a safetensors file has at least 8");
        var map = MemoryMappedFile.CreateFromFile(path, FileMode.Open, mapName: null, 0, MemoryMappedFileAccess.Read);
        MemoryMappedViewAccessor? view = null;
        byte* start = null;
        try
        {
            view = map.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
            view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
            ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(new ReadOnlySpan<byte>(start, 8));
            if (headerLength > SafetensorsHeader.LongestHeader)
                throw new InputException($"{path}: the header claims {headerLength} bytes; at most {SafetensorsHeader.LongestHeader} are allowed");
            if (headerLength > (ulong)(length - 8))
                throw new InputException($"{path}: the header claims {headerLength} bytes; the file has {length - 8} left (cut short?)");
            var header = SafetensorsHeader.Parse(path, new ReadOnlySpan<byte>(start + 8, (int)headerLength), length - 8 - (long)headerLength);
            return new SafetensorsFile(path, map, view, start + 8 + headerLength, header);
        }
        catch
        {
            if (start is not null) view!.SafeMemoryMappedViewHandle.ReleasePointer();
            view?.Dispose();
            map.Dispose();
            throw;
        }
    }

    /// <summary>Throws for the pickle formats, which can run code when they are read.</summary>
    /// <exception cref="InputException">The name ends in .bin, .pt, .pth or .ckpt.</exception>
    public static void RefusePickle(string path)
    {
        if (System.IO.Path.GetExtension(path).ToLowerInvariant() is ".bin" or ".pt" or ".pth" or ".ckpt" or ".pkl")
        {
            throw new InputException($"{path} is a pickle, which runs code when it is read, and is never opened. Convert it once in Python: "
                + "AutoModelForCausalLM.from_pretrained(folder).save_pretrained(folder, safe_serialization=True), which writes model.safetensors");
        }
    }

    /// <summary>True when the file holds a tensor of this name.</summary>
    public bool Contains(string name) => _entries.ContainsKey(name);

    /// <summary>Type, shape and place of a tensor.</summary>
    /// <exception cref="InputException">No such tensor.</exception>
    public SafetensorsEntry Entry(string name) =>
        _entries.TryGetValue(name, out SafetensorsEntry? entry) ? entry : throw new InputException($"{Path}: no tensor named {name}");

    /// <summary>A new tensor with the stored type and shape.</summary>
    /// <exception cref="InputException">No such tensor, or a type that the engine does not store.</exception>
    public Tensor Read(string name)
    {
        SafetensorsEntry entry = Entry(name);
        Tensor tensor = empty(entry.Shape, dtype: EngineType(entry));
        CopyBytes(entry, tensor);
        return tensor;
    }

    /// <summary>Copies a tensor into one of the same shape, converting to its type.</summary>
    /// <exception cref="InputException">The shapes differ, or the type is not supported.</exception>
    public void CopyInto(string name, Tensor destination)
    {
        SafetensorsEntry entry = Entry(name);
        if (!entry.Shape.AsSpan().SequenceEqual(destination.shape))
            throw new InputException($"{Path}: {name} has shape [{string.Join(", ", entry.Shape)}]; required is [{string.Join(", ", destination.shape)}]");
        if (EngineType(entry) == destination.dtype && destination.is_contiguous())
        {
            CopyBytes(entry, destination);
            return;
        }
        using Tensor stored = Read(name);
        using (no_grad())
            destination.copy_(stored);
    }

    /// <summary>Releases the mapping; tensors already read stay.</summary>
    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _map.Dispose();
    }

    private void CopyBytes(SafetensorsEntry entry, Tensor destination)
    {
        long length = entry.End - entry.Start;
        if (length > int.MaxValue)
            throw new InputException($"{Path}: {entry.Name} has {length} bytes; at most {int.MaxValue} a tensor can be read");
        if (length > 0) new ReadOnlySpan<byte>(_data + entry.Start, (int)length).CopyTo(destination.bytes);
        MappedPages.Release(_data + entry.Start, length);
    }

    private ScalarType EngineType(SafetensorsEntry entry) =>
        ReadableTypes.TryGetValue(entry.Type, out ScalarType type)
            ? type
            : throw new InputException($"{Path}: {entry.Name} is {entry.Type}; supported are {string.Join(", ", ReadableTypes.Keys)}");
}
