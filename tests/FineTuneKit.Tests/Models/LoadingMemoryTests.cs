using System.Buffers.Binary;
using System.Text.Json;
using FineTuneKit.Models;
using FineTuneKit.Records;
using Xunit;

namespace FineTuneKit.Tests.Models;

/// <summary>Measures the memory of the whole process, so nothing may run beside it.</summary>
[CollectionDefinition(nameof(LoadingMemoryTests), DisableParallelization = true)]
[Collection(nameof(LoadingMemoryTests))]
public sealed class LoadingMemoryTests : IDisposable
{
    // What the runtime and the last, unfinished page of each tensor take.
    private const long Slack = 48L << 20;

    private readonly string _folder = Directory.CreateTempSubdirectory("loading").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("F32")]
    [InlineData("BF16")]
    public void A_model_takes_its_size_and_one_tensor(string type) => Check(type, layers: 4);

    [Theory(Explicit = true)]
    [InlineData("F32")]
    [InlineData("BF16")]
    public void So_does_one_of_more_than_500_MB(string type) => Check(type, layers: 24);

    private void Check(string type, int layers)
    {
        if (!File.Exists("/proc/self/clear_refs")) Assert.Skip("The largest resident size can be set back on Linux only.");
        (long size, long largest) = Write(type, layers);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        // Blocks of an earlier model would serve again and not be seen.
        memory.trim();
        File.WriteAllText("/proc/self/clear_refs", "5");
        long before = MachineDescription.PeakMemoryBytes();
        using LoadedModel loaded = ModelFolder.Load(_folder);
        long taken = MachineDescription.PeakMemoryBytes() - before;
        Assert.True(taken <= size + largest + Slack, $"a model of {size >> 20} MiB, its largest tensor {largest >> 20} MiB, took {taken >> 20} MiB");
        if (taken < size / 2) Assert.Skip($"nothing was measured: the engine had the memory from an earlier test (a model of {size >> 20} MiB took {taken >> 20} MiB more)");
    }

    /// <summary>Writes a checkpoint of zeros; gives the size of the model and of its largest tensor in memory, as float32.</summary>
    private (long Size, long Largest) Write(string type, int layers)
    {
        DecoderConfig config = TinyModel.Config with { VocabularySize = 8000, HiddenSize = 1024, IntermediateSize = 2816, Heads = 8, KeyHeads = 4, HeadDim = 128, Layers = layers };
        File.WriteAllText(Path.Combine(_folder, "config.json"), ConfigFile.ToJson(config, ScalarType.Float32));
        int element = type == "F32" ? 4 : 2;
        var header = new SortedDictionary<string, object>(StringComparer.Ordinal);
        long at = 0, size = 0, largest = 0;
        using (var decoder = new Decoder(config))
        {
            foreach ((string name, Parameter parameter) in decoder.named_parameters())
            {
                long bytes = element * parameter.numel();
                header[name] = new { dtype = type, shape = parameter.shape, data_offsets = new[] { at, at += bytes } };
                size += 4 * parameter.numel();
                largest = Math.Max(largest, 4 * parameter.numel());
            }
        }
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(header);
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        using FileStream file = File.Create(Path.Combine(_folder, "model.safetensors"));
        file.Write(length);
        file.Write(json);
        // Zeros that take no room on the disk.
        file.SetLength(8 + json.Length + at);
        return (size, largest);
    }
}
