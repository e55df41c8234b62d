using System.Text.Json.Nodes;
using FineTuneKit.Fixtures;
using FineTuneKit.Models;
using Xunit;

namespace FineTuneKit.Tests.Models;

public sealed class ConfigFileTests
{
    private const string Small = """
        {"model_type":"llama","vocab_size":96,"hidden_size":32,"intermediate_size":56,"num_hidden_layers":2,"num_attention_heads":4}
        """;

    [Fact]
    public void DefaultsAreThoseOfTransformers()
    {
        DecoderConfig config = ConfigFile.Parse("config.json", Small);
        Assert.Equal(4, config.KeyHeads);
        Assert.Equal(8, config.HeadDim);
        Assert.Equal(2048, config.ContextLength);
        Assert.Equal(10_000, config.RotaryBase);
        Assert.False(config.TiedHead);
        Assert.Null(config.RotaryScaling);
    }

    [Theory]
    [InlineData("""{"rope_theta":500000.0,"rope_scaling":{"factor":8.0,"high_freq_factor":4.0,"low_freq_factor":1.0,"original_max_position_embeddings":64,"rope_type":"llama3"}}""")]
    [InlineData("""{"rope_parameters":{"rope_theta":500000.0,"factor":8.0,"high_freq_factor":4.0,"low_freq_factor":1.0,"original_max_position_embeddings":64,"rope_type":"llama3"}}""")]
    public void NamesOfBothYearsMeanTheSame(string rotary)
    {
        DecoderConfig config = ConfigFile.Parse("config.json", With(rotary));
        Assert.Equal(500_000, config.RotaryBase);
        Assert.Equal(new RotaryScaling("llama3", 8) { OriginalContextLength = 64 }, config.RotaryScaling);
        DecoderConfig again = ConfigFile.Parse("config.json", ConfigFile.ToJson(config, ScalarType.BFloat16));
        Assert.Equal(config with { Source = null }, again with { Source = null, EosIds = config.EosIds, Labels = config.Labels, WindowedLayers = config.WindowedLayers });
    }

    [Theory]
    [InlineData("""{"model_type":"mamba"}""", "mamba")]
    [InlineData("""{"hidden_act":"relu2"}""", "relu2")]
    [InlineData("""{"rope_scaling":{"rope_type":"longrope","factor":2}}""", "longrope")]
    [InlineData("""{"rope_scaling":{"type":"linear"}}""", "factor")]
    [InlineData("""{"attention_dropout":1}""", "dropout")]
    [InlineData("""{"hidden_dropout":0.1}""", "hidden_dropout")]
    [InlineData("""{"sliding_window":128}""", "sliding_window")]
    [InlineData("""{"quantization_config":{"load_in_4bit":true}}""", "quantization_config")]
    [InlineData("""{"hidden_size":"32"}""", "hidden_size")]
    [InlineData("""{"hidden_size":0}""", "hidden_size")]
    [InlineData("""{"num_attention_heads":5}""", "num_attention_heads")]
    [InlineData("""{"num_key_value_heads":3}""", "num_key_value_heads")]
    [InlineData("""{"head_dim":7}""", "head_dim")]
    [InlineData("""{"tie_word_embeddings":"yes"}""", "tie_word_embeddings")]
    [InlineData("""{"architectures":["LlamaForQuestionAnswering"]}""", "LlamaForQuestionAnswering")]
    [InlineData("""{"rope_scaling":[1]}""", "rope_scaling")]
    public void WhatIsNotBuiltIsRefusedByName(string change, string said)
    {
        string message = Assert.Throws<InputException>(() => ConfigFile.Parse("config.json", With(change))).Message;
        Assert.Contains("config.json", message, StringComparison.Ordinal);
        Assert.Contains(said, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"model_type":"llama","model_type":"llama"}""")]
    public void ABrokenFileIsRefused(string text) => Assert.Throws<InputException>(() => ConfigFile.Parse("config.json", text));

    [Theory, MemberData(nameof(Folders)), Trait("Category", "Fixtures")]
    public void SavedAndReadAgainItIsTheSame(string name)
    {
        FixtureFolder.SkipIfAbsent(name);
        string path = FixtureFolder.PathOf("models", name, "config.json");
        DecoderConfig config = ConfigFile.Load(path);
        DecoderConfig again = ConfigFile.Parse(path, ConfigFile.ToJson(config, ScalarType.Float32));
        Assert.Equal(config.EosIds, again.EosIds);
        Assert.Equal(config.Labels, again.Labels);
        Assert.Equal(config.WindowedLayers, again.WindowedLayers);
        Assert.Equal(config with { Source = null }, again with { Source = null, EosIds = config.EosIds, Labels = config.Labels, WindowedLayers = config.WindowedLayers });
    }

    public static TheoryData<string> Folders() => ModelCase.Decoders(FixtureFolder.Folders("models", "config.json"));

    [Fact]
    public void LinearAndYarnStretchTheFrequencies()
    {
        float[] plain = RotaryScaling.InverseFrequencies(null, 8, 10_000, 128, 128);
        Assert.Equal([1f, 0.1f, 0.01f, 0.001f], plain);
        float[] linear = RotaryScaling.InverseFrequencies(new RotaryScaling("linear", 4), 8, 10_000, 128, 128);
        Assert.Equal(plain.Select(frequency => frequency / 4), linear);
        // Inside the context dynamic scaling leaves the base; at twice the context it is theta · 3^(8/6) for factor 2.
        Assert.Equal(plain, RotaryScaling.InverseFrequencies(new RotaryScaling("dynamic", 2), 8, 10_000, 128, 100));
        float[] beyond = RotaryScaling.InverseFrequencies(new RotaryScaling("dynamic", 2), 8, 10_000, 128, 256);
        Assert.Equal(Math.Pow(10_000 * Math.Pow(3, 8.0 / 6), -0.25), beyond[1], 1e-6);
        // Yarn leaves the fastest pair, stretches the slowest fully, and multiplies cosine and sine.
        var yarn = new RotaryScaling("yarn", 4) { OriginalContextLength = 64 };
        float[] mixed = RotaryScaling.InverseFrequencies(yarn, 8, 10_000, 256, 256);
        Assert.Equal(1f, mixed[0]);
        Assert.Equal(plain[3] / 4, mixed[3], 1e-9f);
        Assert.Equal(0.1 * Math.Log(4) + 1, yarn.CosineFactor, 1e-12);
    }

    private static string With(string change)
    {
        JsonObject json = JsonNode.Parse(Small)!.AsObject();
        foreach ((string key, JsonNode? value) in JsonNode.Parse(change)!.AsObject()) json[key] = value?.DeepClone();
        return json.ToJsonString();
    }
}
