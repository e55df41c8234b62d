using System.Text.Json;
using FineTuneKit.Fixtures;
using FineTuneKit.Models;
using Xunit;

namespace FineTuneKit.Tests.Models;

/// <summary>Against bitsandbytes: every number to the bit.</summary>
[Trait("Category", "Fixtures")]
public sealed class QuantizationCaseTests : IDisposable
{
    private const string CasesFile = "golden/quantization/cases.json";
    private const string TensorsFile = "golden/quantization/tensors.safetensors";
    private const string Checkpoints = "golden/quantization";

    private readonly string _folder = Directory.CreateTempSubdirectory("ftk-4bit").FullName;

    public static TheoryData<string> FourBitCases => FixtureFolder.Cases(CasesFile, filter: one => one.TryGetProperty("quant_type", out _));

    public static TheoryData<string> EightBitCases => FixtureFolder.Cases(CasesFile, filter: one => !one.TryGetProperty("quant_type", out _));

    /// <summary>Pairs of folders: a float model and the same as bitsandbytes saved it.</summary>
    public static TheoryData<string> CheckpointCases => FixtureFolder.Folders(Checkpoints, "config.json", config => config.TryGetProperty("quantization_config", out _));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory, MemberData(nameof(FourBitCases))]
    public void Codes_scales_and_values_of_four_bits(string id)
    {
        FixtureFolder.SkipIfAbsent(id);
        JsonElement one = FixtureFolder.Case(CasesFile, id);
        long[] shape = [.. one.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
        using DisposeScope scope = NewDisposeScope();
        using FourBitWeight weight = FourBitWeight.Quantize(tensor(Floats(id, "input"), shape), OptionsOf(one));
        Same(id, "packed", weight.Codes);
        Same(id, "code", weight.State.code);
        if (weight.Options.DoubleQuantization)
        {
            Assert.Equal(one.GetProperty("offset").GetSingle(), weight.State.nested_offset);
            Assert.Equal(one.GetProperty("nested_blocksize").GetInt64(), weight.State.nested_blocksize);
            Same(id, "absmax_u8", weight.State.absmax);
            Same(id, "nested_absmax", weight.State.nested_absmax!);
            Same(id, "nested_code", weight.State.nested_code!);
        }
        else
        {
            Same(id, "absmax", weight.State.absmax);
        }
        Assert.Equal(Unpacked(id, one), weight.Dequantize().data<float>().ToArray());
    }

    [Theory, MemberData(nameof(EightBitCases))]
    public void Codes_scales_and_values_of_eight_bits(string id)
    {
        FixtureFolder.SkipIfAbsent(id);
        int blockSize = FixtureFolder.Case(CasesFile, id).GetProperty("blocksize").GetInt32();
        (byte[] codes, float[] absmax) = EightBitBlocks.Quantize(Floats(id, "input"), blockSize);
        Assert.Equal(Floats(id, "code"), EightBitBlocks.Values);
        Assert.Equal(Stored(id, "quantized").Bytes, codes);
        Assert.Equal(Floats(id, "absmax"), absmax);
        Assert.Equal(Floats(id, "dequantized"), EightBitBlocks.Dequantize(codes, absmax, blockSize));
    }

    [Theory, MemberData(nameof(CheckpointCases))]
    public void A_checkpoint_is_read_and_written_byte_for_byte(string name)
    {
        FixtureFolder.SkipIfAbsent(name);
        string folder = FixtureFolder.PathOf(Checkpoints, name);
        using LoadedModel loaded = ModelFolder.Load(folder);
        Assert.NotNull(loaded.Model.Quantization);
        ModelFolder.Save(_folder, loaded.Model);
        SameCheckpoint(folder, _folder);
    }

    [Theory, MemberData(nameof(CheckpointCases))]
    public void The_float_model_quantised_is_the_same_checkpoint(string name)
    {
        FixtureFolder.SkipIfAbsent(name);
        string folder = FixtureFolder.PathOf(Checkpoints, name);
        JsonElement config = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "config.json"))).RootElement.GetProperty("quantization_config");
        var options = new QuantizationOptions
        {
            Type = config.GetProperty("bnb_4bit_quant_type").GetString() == "fp4" ? FourBitType.Fp4 : FourBitType.Nf4,
            DoubleQuantization = config.GetProperty("bnb_4bit_use_double_quant").GetBoolean(),
        };
        string floats = FloatFolder(name);
        using LoadedModel loaded = ModelFolder.Load(floats, options);
        ModelFolder.Save(_folder, loaded.Model);
        SameCheckpoint(folder, _folder);
        using LoadedModel later = ModelFolder.Load(floats);
        later.Model.PackProjections(options);
        ModelFolder.Save(_folder, later.Model);
        SameCheckpoint(folder, _folder);
    }

    /// <summary>
    /// The values of the file; except where a row is no whole number of blocks but of 16: there bitsandbytes' AVX-512 kernel
    /// takes the scales of a row from block row · ⌊columns / block size⌋ on, which are those of other weights. Its scalar
    /// kernel, its CUDA kernels and <c>cases.json</c> itself count blocks over the flattened weight, and so does the kit; the
    /// values are then computed from the file's codes and scales, after a check that this fault is all that is between them.
    /// Zeros compare equal whatever their sign, in which the reference's kernels differ.
    /// </summary>
    private static float[] Unpacked(string id, JsonElement one)
    {
        long columns = one.GetProperty("shape")[1].GetInt64(), size = one.GetProperty("blocksize").GetInt64();
        float[] file = Floats(id, "dequantized"), values = Floats(id, "code"), scales = Scales(id, one);
        byte[] codes = Stored(id, "packed").Bytes;
        float[] From(Func<long, long> block) =>
            [.. Enumerable.Range(0, file.Length).Select(i => values[i % 2 == 0 ? codes[i / 2] >> 4 : codes[i / 2] & 15] * scales[block(i)])];
        if (columns % 16 == 0 && columns % size != 0) Assert.Equal(file, From(i => (i / columns * (columns / size)) + (i % columns / size)));
        else Assert.Equal(file, From(i => i / size));
        return From(i => i / size);
    }

    private static float[] Scales(string id, JsonElement one)
    {
        if (!one.GetProperty("double_quant").GetBoolean()) return Floats(id, "absmax");
        float[] values = Floats(id, "nested_code"), largest = Floats(id, "nested_absmax");
        float offset = one.GetProperty("offset").GetSingle();
        int size = one.GetProperty("nested_blocksize").GetInt32();
        return [.. Stored(id, "absmax_u8").Bytes.Select((code, i) => (values[code] * largest[i / size]) + offset)];
    }

    private static void SameCheckpoint(string expected, string actual)
    {
        Dictionary<string, StoredTensor> want = Safetensors.Read(Path.Combine(expected, "model.safetensors")), got = Safetensors.Read(Path.Combine(actual, "model.safetensors"));
        Assert.Equal(want.Keys.Order(StringComparer.Ordinal), got.Keys.Order(StringComparer.Ordinal));
        foreach ((string name, StoredTensor tensor) in want)
        {
            Assert.Equal((tensor.Type, string.Join(',', tensor.Shape)), (got[name].Type, string.Join(',', got[name].Shape)));
            Assert.True(tensor.Bytes.AsSpan().SequenceEqual(got[name].Bytes), $"the bytes of {name} differ");
        }
        static string Quantization(string folder) => Canonical(JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "config.json"))).RootElement.GetProperty("quantization_config"));
        Assert.Equal(Quantization(expected), Quantization(actual));
    }

    private static string Canonical(JsonElement json) =>
        string.Join(", ", json.EnumerateObject().Select(p => $"{p.Name}: {(p.Value.ValueKind == JsonValueKind.Number ? p.Value.GetDouble() : p.Value)}").Order(StringComparer.Ordinal));

    // The float model of base-bnb-4bit is base-fp32.
    private static string FloatFolder(string name)
    {
        string folder = FixtureFolder.PathOf(Checkpoints, name.Replace("bnb-4bit", "fp32", StringComparison.Ordinal));
        if (!Directory.Exists(folder)) Assert.Skip($"no float model beside {name}");
        return folder;
    }

    private static QuantizationOptions OptionsOf(JsonElement one) => new()
    {
        Type = one.GetProperty("quant_type").GetString() == "fp4" ? FourBitType.Fp4 : FourBitType.Nf4,
        BlockSize = one.GetProperty("blocksize").GetInt32(),
        DoubleQuantization = one.GetProperty("double_quant").GetBoolean(),
    };

    private static StoredTensor Stored(string id, string part) => Safetensors.Of(TensorsFile)[$"{id}.{part}"];

    private static float[] Floats(string id, string part) => System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(Stored(id, part).Bytes).ToArray();

    private static void Same(string id, string part, Tensor actual)
    {
        StoredTensor want = Stored(id, part);
        Assert.Equal(want.Shape, actual.shape);
        byte[] got = actual.contiguous().bytes.ToArray();
        int at = want.Bytes.AsSpan().CommonPrefixLength(got);
        Assert.True(at == want.Bytes.Length && at == got.Length, $"{id}.{part} differs from byte {at} on");
    }
}
