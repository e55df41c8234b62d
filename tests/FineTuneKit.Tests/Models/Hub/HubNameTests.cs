using FineTuneKit.Models.Hub;
using Xunit;

namespace FineTuneKit.Tests.Models.Hub;

public sealed class HubNameTests
{
    [Theory]
    [InlineData("owner/name", "owner/name", "main")]
    [InlineData("gpt2", "gpt2", "main")]
    [InlineData("Owner-1/name_2.3-x@refs/pr/1", "Owner-1/name_2.3-x", "refs/pr/1")]
    public void Names_are_read(string text, string name, string revision)
    {
        var parsed = HubName.Parse(text);
        Assert.Equal((name, revision), (parsed.Name, parsed.Revision));
    }

    [Theory]
    [InlineData("")]
    [InlineData("../name")]
    [InlineData("owner/..")]
    [InlineData("owner/name/more")]
    [InlineData("/name")]
    [InlineData("owner/")]
    [InlineData("owner/na--me")]
    [InlineData("owner/-name")]
    [InlineData("owner/name.")]
    [InlineData("owner/na me")]
    [InlineData("owner\\name")]
    [InlineData("owner/name@")]
    [InlineData("owner/name@../../x")]
    [InlineData("owner/name@a\nb")]
    public void Others_are_refused(string text) => Assert.Throws<InputException>(() => HubName.Parse(text));

    [Fact]
    public void Settings_come_from_the_variables_that_Python_reads()
    {
        string home = Directory.CreateTempSubdirectory("hf-home").FullName;
        try
        {
            File.WriteAllText(Path.Combine(home, "token"), "from-file\n");
            HubSettings Of(params (string, string)[] set) => HubSettings.From(name => set.FirstOrDefault(v => v.Item1 == name).Item2);
            HubSettings settings = Of(("HF_HOME", home));
            Assert.Equal("https://huggingface.co/", settings.Endpoint.ToString());
            Assert.Equal(Path.Combine(home, "hub"), settings.CacheFolder);
            Assert.Equal("from-file", settings.Token);
            Assert.False(settings.Offline);
            settings = Of(("HF_HOME", home), ("HF_TOKEN", "from-variable"), ("HF_HUB_CACHE", "/c"), ("HF_HUB_OFFLINE", "1"), ("HF_ENDPOINT", "http://mirror:8080/x"));
            Assert.Equal("from-variable", settings.Token);
            Assert.Equal(Path.GetFullPath("/c"), settings.CacheFolder);
            Assert.True(settings.Offline);
            Assert.Equal("http://mirror:8080/x/", settings.Endpoint.ToString());
            Assert.Equal(Path.Combine("/xdg", "huggingface", "hub"), Of(("XDG_CACHE_HOME", "/xdg")).CacheFolder);
            Assert.Throws<InputException>(() => Of(("HF_ENDPOINT", "ftp://x")));
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }
}
