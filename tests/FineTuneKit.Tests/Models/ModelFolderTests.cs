using FineTuneKit.Models;
using FineTuneKit.Text;
using Xunit;

namespace FineTuneKit.Tests.Models;

public sealed class ModelFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("model").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void SavedAndLoadedItIsTheSameModel(bool tied, bool biases)
    {
        DecoderConfig config = TinyModel.Config with { TiedHead = tied, AttentionBias = biases, OutputBias = biases, MlpBias = biases, EosIds = [1, 2], PadId = 0 };
        using Decoder decoder = TinyModel.Make(config);
        ModelFolder.Save(_folder, decoder);
        using LoadedModel loaded = ModelFolder.Load(_folder);
        Assert.Equal(decoder.ParameterCount, loaded.Model.ParameterCount);
        Assert.Equal(config.EosIds, loaded.Config.EosIds);
        Assert.Equal(64, loaded.Sha256.Length);
        foreach (((string name, Parameter parameter), (string other, Parameter copy)) in decoder.named_parameters().Zip(loaded.Model.named_parameters()))
        {
            Assert.Equal(name, other);
            Assert.Equal(parameter.bytes.ToArray(), copy.bytes.ToArray());
        }
    }

    [Theory]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float16)]
    public void HalfPrecisionIsRoundedOnce(ScalarType type)
    {
        using Decoder decoder = TinyModel.Make();
        ModelFolder.Save(_folder, decoder, type);
        using LoadedModel loaded = ModelFolder.Load(_folder);
        Assert.Equal(type, loaded.StoredType);
        foreach (((_, Parameter parameter), (_, Parameter copy)) in decoder.named_parameters().Zip(loaded.Model.named_parameters()))
        {
            using DisposeScope scope = NewDisposeScope();
            Assert.Equal(ScalarType.Float32, copy.dtype);
            Assert.Equal(parameter.detach().to(type).to(ScalarType.Float32).bytes.ToArray(), copy.bytes.ToArray());
        }
        string again = Path.Combine(_folder, "again");
        ModelFolder.Save(again, loaded.Model, type);
        Assert.Equal(loaded.Sha256, ModelFolder.Sha256(again));
    }

    [Fact]
    public void AFreshModelDependsOnItsSeedOnly()
    {
        using Decoder first = TinyModel.Make(seed: 5), second = TinyModel.Make(seed: 5), other = TinyModel.Make(seed: 6);
        byte[] Bytes(Decoder decoder) => [.. decoder.named_parameters().SelectMany(item => item.parameter.bytes.ToArray())];
        Assert.Equal(Bytes(first), Bytes(second));
        Assert.NotEqual(Bytes(first), Bytes(other));
        // The deviation of 640 numbers around 0.5, four standard errors wide.
        float[] embedding = first.named_parameters().First(item => item.name == "model.embed_tokens.weight").parameter.data<float>().ToArray();
        Assert.InRange(Math.Sqrt(embedding.Average(value => (double)value * value)), 0.444, 0.556);
    }

    [Fact]
    public void AWrongFolderIsNamed()
    {
        Says("no such folder", Path.Combine(_folder, "none"));
        string file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "x");
        Says("is a file", file);
        Says("config.json", _folder);
        File.WriteAllText(Path.Combine(_folder, "adapter_config.json"), "{}");
        Says("adapter", _folder);
    }

    [Fact]
    public void EveryTensorThatDoesNotFitIsNamed()
    {
        using Decoder decoder = TinyModel.Make();
        ModelFolder.Save(_folder, decoder);
        var tensors = decoder.named_parameters().ToDictionary(item => item.name, item => (Tensor)item.parameter);
        using Tensor wrong = zeros(3, 4);
        tensors.Remove("model.norm.weight");
        tensors["lm_head.weight"] = wrong;
        tensors["surplus"] = wrong;
        SafetensorsShards.Write(_folder, [.. tensors]);
        Says("model.norm.weight [16] is missing", _folder);
        Says("surplus is unexpected", _folder);
        Says("lm_head.weight has shape [3, 4]; required is [40, 16]", _folder);
    }

    [Fact]
    public void AFileCutShortIsRefused()
    {
        using Decoder decoder = TinyModel.Make();
        ModelFolder.Save(_folder, decoder);
        string weights = Path.Combine(_folder, "model.safetensors");
        byte[] bytes = File.ReadAllBytes(weights);
        File.WriteAllBytes(weights, bytes[..(bytes.Length / 2)]);
        Says("cut short", _folder);
        File.WriteAllBytes(weights, []);
        Says("0 bytes", _folder);
        File.Delete(weights);
        Says("neither model.safetensors", _folder);
        File.WriteAllBytes(Path.Combine(_folder, "pytorch_model.bin"), [1]);
        Says("save_pretrained", _folder);
    }

    [Fact]
    public void Further_templates_travel_with_a_model()
    {
        string further = Path.Combine(_folder, "additional_chat_templates"), copy = Path.Combine(_folder, "copy");
        Directory.CreateDirectory(further);
        File.WriteAllText(Path.Combine(further, "tool_use.jinja"), "{{ tools }}");
        using Decoder model = TinyModel.Make();
        ModelFolder.Save(copy, model, companionsFrom: _folder);
        Assert.Equal("{{ tools }}", File.ReadAllText(Path.Combine(copy, "additional_chat_templates", "tool_use.jinja")));
    }

    [Fact]
    public void ATokenizerOfAnotherModelIsRefused()
    {
        using Decoder decoder = TinyModel.Make();
        ModelFolder.Save(_folder, decoder);
        Assert.Contains("tokenizer.json", Assert.Throws<InputException>(() =>
        {
            using LoadedModel bare = ModelFolder.Load(_folder);
            Assert.Null(bare.Tokenizer);
            bare.RequireTokenizer();
        }).Message, StringComparison.Ordinal);
        Tokenizer tokenizer = BpeTrainer.Train(["one two three", "four five six"], new BpeTrainerOptions { VocabularySize = 300 });
        tokenizer.Save(_folder);
        Says($"the tokenizer has {tokenizer.VocabularySize} tokens and the embedding 40 rows", _folder);
        using Decoder wide = TinyModel.Make(TinyModel.Config with { VocabularySize = 320 });
        ModelFolder.Save(_folder, wide);
        using LoadedModel loaded = ModelFolder.Load(_folder);
        Assert.Equal(tokenizer.Encode("two six"), loaded.RequireTokenizer().Encode("two six"));
        string copy = Path.Combine(_folder, "copy");
        ModelFolder.Save(copy, wide, companionsFrom: _folder);
        Assert.Equal(File.ReadAllBytes(Path.Combine(_folder, "tokenizer.json")), File.ReadAllBytes(Path.Combine(copy, "tokenizer.json")));
    }

    [Fact]
    public void TooManyTokensAreRefused()
    {
        using Decoder decoder = TinyModel.Make();
        using Tensor ids = zeros(1, 65, ScalarType.Int64);
        Assert.Contains("65 tokens; the model holds 64", Assert.Throws<InputException>(() => decoder.forward(ids)).Message, StringComparison.Ordinal);
    }

    private static void Says(string what, string folder) =>
        Assert.Contains(what, Assert.Throws<InputException>(() => ModelFolder.Load(folder).Dispose()).Message, StringComparison.Ordinal);
}
