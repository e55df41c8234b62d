using FineTuneKit.Adapters;
using Xunit;

namespace FineTuneKit.Tests.Adapters;

public sealed class PeftConfigTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ftk-config").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_is_written_is_read()
    {
        var options = new LoraOptions
        {
            Rank = 4,
            Alpha = 12.5,
            Dropout = 0.1,
            Targets = ["q_proj", "v_proj"],
            RankStabilized = true,
            RankPattern = [new("v_proj", 2), new("q_proj", 3)],
            AlphaPattern = [new("v_proj", 4)],
            Layers = [0, 2],
            LayersPattern = ["layers"],
            TrainedWhole = ["lm_head"],
            Excluded = ["layers.2.self_attn.q_proj"],
        };
        var read = Load(PeftConfig.ToJson(options, options.Targets, "base"));
        Assert.Equal((options.Rank, options.Alpha, options.Dropout, options.RankStabilized), (read.Rank, read.Alpha, read.Dropout, read.RankStabilized));
        Assert.Equal(options.Targets, read.Targets);
        Assert.Equal(options.RankPattern, read.RankPattern);
        Assert.Equal(options.AlphaPattern, read.AlphaPattern);
        Assert.Equal(options.Layers, read.Layers);
        Assert.Equal(options.LayersPattern, read.LayersPattern);
        Assert.Equal(options.TrainedWhole, read.TrainedWhole);
        Assert.Equal(options.Excluded, read.Excluded);
    }

    [Fact]
    public void A_minimal_configuration_has_the_defaults_of_PEFT()
    {
        var read = Load("""{"peft_type": "LORA", "target_modules": "all-linear"}""");
        Assert.Equal((8, 8.0, 0.0), (read.Rank, read.Alpha, read.Dropout));
        Assert.Equal([LoraOptions.AllLinear], read.Targets);
        Assert.Equal(".*_proj", Load("""{"peft_type": "LORA", "target_modules": ".*_proj"}""").TargetPattern);
    }

    [Theory]
    [InlineData("""{"peft_type": "VERA"}""", "peft_type is VERA; supported are LORA, IA3")]
    [InlineData("""{"peft_type": "LORA", "target_modules": ["q"], "use_qalora": true}""", "use_qalora is true, which is not supported")]
    [InlineData("""{"peft_type": "LORA", "target_modules": ["q"], "brand_new": {"a": 1}}""", "brand_new is")]
    [InlineData("""{"peft_type": "LORA", "target_modules": ["q"], "init_lora_weights": "pissa_niter_16"}""", "init_lora_weights is pissa_niter_16")]
    [InlineData("""{"peft_type": "LORA", "target_modules": ["q"], "lora_alpha": 0}""", "Alpha is 0; an alpha must be above 0")]
    [InlineData("""{"peft_type": "LORA", "target_modules": ["q"], "layers_pattern": "layers"}""", "layers_to_transform is missing")]
    [InlineData("""{"peft_type": "LORA", "target_modules": ["q"], "loftq_config": {"loftq_bits": 2}}""", "loftq_bits is 2; supported is 4")]
    [InlineData("""{"peft_type": "IA3", "target_modules": ["q"], "r": 4}""", "r is 4, which is not supported")]
    [InlineData("""{"peft_type": "IA3", "target_modules": ["q"], "feedforward_modules": ["d"]}""", "d is a feed-forward module but no target")]
    [InlineData("""{"peft_type": "LORA", "target_modules": ["q"], "bias": "some"}""", "bias is some; supported are none, lora_only and all")]
    [InlineData("""{"peft_type": "LORA", "target_modules": ["q"], "r": "eight"}""", "a field has the wrong type")]
    [InlineData("""{"peft_type": "LORA", "target_modules": ["q"], "r": 0}""", "Rank is 0")]
    [InlineData("""{"peft_type": "LORA"}""", "target_modules is missing")]
    [InlineData("[1]", "a JSON object is required")]
    [InlineData("{", "not JSON")]
    public void What_cannot_be_honoured_is_refused(string json, string message)
    {
        var error = Assert.Throws<InputException>(() => LoadAny(json));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_fields_that_are_off_are_read_over() =>
        Assert.Equal(["q"], Load("""{"peft_type": "LORA", "target_modules": ["q"], "eva_config": null, "lora_bias": false, "loftq_config": {}, "target_parameters": []}""").Targets);

    private LoraOptions Load(string json) => Assert.IsType<LoraOptions>(LoadAny(json));

    private AdapterOptions LoadAny(string json)
    {
        string path = Path.Combine(_folder, "adapter_config.json");
        File.WriteAllText(path, json);
        return PeftConfig.Load(path);
    }
}
