using FineTuneKit.Records;
using FineTuneKit.Tests.Data;
using Xunit;

namespace FineTuneKit.Tests.Records;

public sealed class TestLooksTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Runs_beside_each_other_count_their_looks_at_the_same_rows()
    {
        Assert.Equal(1, Look("first", "aa"));
        Assert.Equal(1, Look("other rows", "bb"));
        Assert.Equal(2, Look("second", "aa"));
        // A run made again in its folder has looked again.
        Assert.Equal(3, Look("second", "aa"));
        Assert.Equal(4, TestLooks.With(Path.Combine(_folder.Path, "third") + "/", "aa"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[1]")]
    [InlineData("{\"test_sha256\": 5, \"test_looks\": 7}")]
    [InlineData("{\"test_sha256\": \"aa\", \"test_looks\": 1e300}")]
    public void What_is_no_record_counts_nothing(string json)
    {
        Write("strange", json);
        Assert.Equal(1, Look("run", "aa"));
    }

    private int Look(string run, string hash)
    {
        int looks = TestLooks.With(Path.Combine(_folder.Path, run), hash);
        Write(run, $$"""{"test_sha256": "{{hash}}", "test_looks": {{looks}}}""");
        return looks;
    }

    private void Write(string run, string json)
    {
        string folder = Path.Combine(_folder.Path, run);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "record.json"), json);
    }
}
