using Xunit;

namespace FineTuneKit.Tests;

public sealed class ShippedFilesTests
{
    [Theory]
    [InlineData("mini-base")]
    [InlineData("support-desk/clean.jsonl")]
    public void FindsWhatIsShippedFromAFolderBelow(string name)
    {
        string path = ShippedFiles.Resolve(name);
        Assert.True(Path.Exists(path));
        Assert.EndsWith(name, path.Replace('\\', '/'));
        Assert.Equal(ShippedFiles.Find(name), path);
    }

    [Fact]
    public void APathThatExistsIsTakenAsItIs()
    {
        string own = Path.GetTempFileName();
        Assert.Equal(own, ShippedFiles.Resolve(own));
        File.Delete(own);
    }

    [Fact]
    public void WhatIsNowhereIsNamed() =>
        Assert.Contains("data-samples/no-such-rows.jsonl", Assert.Throws<InputException>(() => ShippedFiles.Resolve("no-such-rows.jsonl")).Message);
}
