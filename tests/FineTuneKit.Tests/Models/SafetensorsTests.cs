using System.Buffers.Binary;
using System.Text;
using FineTuneKit.Fixtures;
using FineTuneKit.Models;
using Xunit;

namespace FineTuneKit.Tests.Models;

public sealed class SafetensorsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("safetensors").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<int> ReferenceCases()
    {
        var data = new TheoryData<int>();
        if (!FixtureFolder.Exists) data.Add(-1);
        else data.AddRange(Enumerable.Range(0, FixtureFolder.Json("golden/formats/safetensors_cases.json").GetProperty("cases").GetArrayLength()));
        return data;
    }

    [Theory, MemberData(nameof(ReferenceCases)), Trait("Category", "Fixtures")]
    public void ReadsAndRefusesWhatTheReferenceDoes(int index)
    {
        if (index < 0) Assert.Skip("No fixtures: set FINETUNEKIT_FIXTURES to their folder to run these cases.");
        var test = FixtureFolder.Json("golden/formats/safetensors_cases.json").GetProperty("cases")[index];
        string path = Place("case.safetensors", Convert.FromHexString(test.GetProperty("hex").GetString()!));
        if (test.GetProperty("expect").GetString() == "ok")
        {
            using var file = SafetensorsFile.Open(path);
            foreach (SafetensorsEntry entry in file.Entries)
            {
                using Tensor tensor = file.Read(entry.Name);
                Assert.Equal(entry.Shape, tensor.shape);
            }
        }
        else
        {
            Assert.Contains(path, Assert.Throws<InputException>(() => SafetensorsFile.Open(path)).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "overlap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", 12, "gap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", 12, "cut short")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 12, "cover 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "whole numbers")]
    [InlineData("""{"a":{"dtype":"Q7","shape":[1],"data_offsets":[0,4]}}""", 4, "Q7")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4]}}""", 4, "repeated")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", 4, "data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[8,4]}}""", 4, "a")]
    [InlineData("""{"__metadata__":{"n":1}}""", 0, "must be a string")]
    [InlineData("""[]""", 0, "object")]
    public void RefusesABadLayout(string header, int data, string said)
    {
        string path = Place("bad.safetensors", File(header, data));
        string message = Assert.Throws<InputException>(() => SafetensorsFile.Open(path)).Message;
        Assert.Contains(path, message, StringComparison.Ordinal);
        Assert.Contains(said, message, StringComparison.Ordinal);
    }

    [Fact]
    public void RefusesFoldersMissingFilesAndPickles()
    {
        Assert.Contains("folder", Assert.Throws<InputException>(() => SafetensorsFile.Open(_folder)).Message, StringComparison.Ordinal);
        Assert.Contains("no such file", Assert.Throws<InputException>(() => SafetensorsFile.Open(Path.Combine(_folder, "none"))).Message, StringComparison.Ordinal);
        string pickle = Place("pytorch_model.bin", [0x80, 2]);
        Assert.Contains("save_pretrained", Assert.Throws<InputException>(() => SafetensorsFile.Open(pickle)).Message, StringComparison.Ordinal);
        Assert.Contains("save_pretrained", Assert.Throws<InputException>(() => SafetensorsShards.Open(_folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryByteOfAHeaderMayBeWrong()
    {
        byte[] good = File("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[3],"data_offsets":[8,11]}}""", 11);
        var random = new NamedRandom("safetensors-mutations", 1);
        int refused = 0;
        for (int i = 0; i < 2000; i++)
        {
            byte[] bytes = [.. good];
            for (int n = random.Next(1, 4); n > 0; n--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (random.Chance(0.2)) bytes = bytes[..random.Next(bytes.Length)];
            string path = Place("mutated.safetensors", bytes);
            try
            {
                SafetensorsFile.Open(path).Dispose();
            }
            catch (InputException)
            {
                refused++;
            }
        }
        Assert.True(refused > 1000, $"only {refused} of 2000 mutations were refused");
    }

    [Fact]
    public void WritesWhatItReads()
    {
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal)
        {
            ["z.float"] = tensor(new[] { 1.5f, -2f, 0f, 3f, 4f, 5f }).reshape(2, 3),
            ["long"] = tensor(new long[] { 1, -2, long.MaxValue }),
            ["int"] = tensor(new[] { 7, 8 }),
            ["bf16"] = tensor(new[] { 1f, 2.5f }).to(ScalarType.BFloat16),
            ["half"] = tensor(new[] { 0.5f, -8f }).to(ScalarType.Float16),
            ["bool"] = tensor(new[] { true, false, true }),
            ["scalar"] = tensor(3f),
        };
        string first = Path.Combine(_folder, "a.safetensors"), second = Path.Combine(_folder, "b.safetensors");
        SafetensorsFile.Write(first, tensors);
        SafetensorsFile.Write(second, tensors.Reverse());
        Assert.Equal(System.IO.File.ReadAllBytes(first), System.IO.File.ReadAllBytes(second));
        using var file = SafetensorsFile.Open(first);
        Assert.Equal("pt", file.Metadata["format"]);
        Assert.Equal(tensors.Keys.Order(StringComparer.Ordinal), file.Entries.Select(entry => entry.Name).Order(StringComparer.Ordinal));
        foreach ((string name, Tensor value) in tensors)
        {
            using Tensor read = file.Read(name);
            Assert.Equal(value.dtype, read.dtype);
            Assert.Equal(value.shape, read.shape);
            Assert.Equal(value.contiguous().bytes.ToArray(), read.bytes.ToArray());
        }
        Assert.Single(Directory.GetFiles(_folder, "a.safetensors*"));
        foreach (Tensor value in tensors.Values) value.Dispose();
    }

    [Fact]
    public void ATransposedTensorIsWrittenAsItIsSeen()
    {
        string path = Path.Combine(_folder, "t.safetensors");
        using Tensor value = tensor(new[] { 1f, 2f, 3f, 4f, 5f, 6f }).reshape(2, 3).t();
        SafetensorsFile.Write(path, [KeyValuePair.Create("t", value)]);
        using var file = SafetensorsFile.Open(path);
        using Tensor read = file.Read("t");
        Assert.Equal([3, 2], read.shape);
        Assert.Equal([1f, 4f, 2f, 5f, 3f, 6f], read.data<float>().ToArray());
    }

    [Fact]
    public void ShardsAreOneSetOfTensors()
    {
        KeyValuePair<string, Tensor>[] tensors = [.. Enumerable.Range(0, 5).Select(i => KeyValuePair.Create($"t{i}", full([10], (float)i)))];
        SafetensorsShards.Write(_folder, tensors, largest: 90);
        Assert.Equal(3, Directory.GetFiles(_folder, "model-*-of-00003.safetensors").Length);
        string hash;
        using (SafetensorsShards shards = SafetensorsShards.Open(_folder))
        {
            Assert.Equal(tensors.Select(item => item.Key), shards.Names);
            using Tensor read = shards.Read("t3");
            Assert.Equal(3f, read.data<float>()[9]);
            hash = shards.Sha256();
        }
        Assert.Equal(64, hash.Length);
        System.IO.File.Delete(Path.Combine(_folder, "model-00002-of-00003.safetensors"));
        Assert.Contains("model-00002-of-00003.safetensors", Assert.Throws<InputException>(() => SafetensorsShards.Open(_folder)).Message, StringComparison.Ordinal);
    }

    private string Place(string name, byte[] bytes)
    {
        string path = Path.Combine(_folder, name);
        System.IO.File.WriteAllBytes(path, bytes);
        return path;
    }

    private static byte[] File(string header, int data)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        var bytes = new byte[8 + json.Length + data];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, json.Length);
        json.CopyTo(bytes, 8);
        return bytes;
    }
}
