using FineTuneKit.Adapters;
using Xunit;

namespace FineTuneKit.Tests.Adapters;

public class LoraOptionsTests
{
    [Theory]
    [InlineData("model.layers.0.self_attn.q_proj", true)]
    [InlineData("q_proj", true)]
    [InlineData("model.layers.0.self_attn.xq_proj", false)]
    [InlineData("model.layers.0.self_attn.q_proj.inner", false)]
    public void A_name_matches_whole_or_after_a_dot(string path, bool expected) =>
        Assert.Equal(expected, new LoraOptions { Targets = ["q_proj"] }.IsTarget(path, isHead: false));

    [Fact]
    public void All_linear_leaves_the_head_out()
    {
        var options = new LoraOptions();
        Assert.True(options.IsTarget("model.layers.0.mlp.up_proj", isHead: false));
        Assert.False(options.IsTarget("lm_head", isHead: true));
        Assert.True(new LoraOptions { Targets = ["lm_head"] }.IsTarget("lm_head", isHead: true));
    }

    [Theory]
    [InlineData(@".*\.[qv]_proj", "model.layers.1.self_attn.v_proj", true)]
    [InlineData(@"[qv]_proj", "model.layers.1.self_attn.v_proj", false)]
    [InlineData(@".*layers\.1\..*", "model.layers.11.self_attn.v_proj", false)]
    public void A_pattern_matches_the_whole_name(string pattern, string path, bool expected) =>
        Assert.Equal(expected, new LoraOptions { TargetPattern = pattern }.IsTarget(path, isHead: false));

    [Theory]
    [InlineData("layers", "model.layers.1.mlp.up_proj", true)]
    [InlineData("layers", "model.layers.11.mlp.up_proj", false)]
    [InlineData("blocks", "model.layers.1.mlp.up_proj", false)]
    [InlineData(null, "model.layers.1.mlp.up_proj", true)]
    [InlineData(null, "lm_head", false)]
    public void Layers_are_counted_in_their_list(string? list, string path, bool expected) =>
        Assert.Equal(expected, new LoraOptions { Layers = [1], LayersPattern = list is null ? [] : [list] }.IsTarget(path, isHead: false));

    [Fact]
    public void The_first_rank_pattern_that_matches_counts()
    {
        var options = new LoraOptions
        {
            Rank = 4,
            RankPattern = [new("layers.1.self_attn.v_proj", 6), new("v_proj", 2)],
            AlphaPattern = [new(@"layers\.\d+\.mlp\..*", 3)],
        };
        Assert.Equal(6, options.RankOf("model.layers.1.self_attn.v_proj"));
        Assert.Equal(2, options.RankOf("model.layers.0.self_attn.v_proj"));
        Assert.Equal(4, options.RankOf("model.layers.0.self_attn.xv_proj"));
        Assert.Equal(3, options.AlphaOf("model.layers.0.mlp.up_proj"));
        Assert.Equal(16, options.AlphaOf("model.layers.0.self_attn.v_proj"));
    }

    [Fact]
    public void Excluded_names_are_left_out() =>
        Assert.False(new LoraOptions { Excluded = ["down_proj"] }.IsTarget("model.layers.0.mlp.down_proj", isHead: false));

    [Fact]
    public void A_pattern_excludes_too() =>
        Assert.False(new LoraOptions { ExcludedPattern = @".*\.0\..*" }.IsTarget("model.layers.0.mlp.down_proj", isHead: false));

    [Fact]
    public void A_whole_name_is_adapted_in_any_layer() =>
        Assert.True(new LoraOptions { Targets = ["model.layers.3.mlp.up_proj"], Layers = [0] }.IsTarget("model.layers.3.mlp.up_proj", isHead: false));

    [Fact]
    public void Values_out_of_range_are_refused()
    {
        Assert.Contains("Rank is 0", Assert.Throws<InputException>(() => new LoraOptions { Rank = 0 }.Validate()).Message, StringComparison.Ordinal);
        Assert.Contains("Dropout is 1", Assert.Throws<InputException>(() => new LoraOptions { Dropout = 1 }.Validate()).Message, StringComparison.Ordinal);
        Assert.Contains("\"(\"", Assert.Throws<InputException>(() => new LoraOptions { TargetPattern = "(" }.Validate()).Message, StringComparison.Ordinal);
    }
}
