using Xunit;

namespace FineTuneKit.Cli.Tests;

public class HouseTests
{
    [Fact]
    public void Runs() => Assert.Equal(4, 2 + 2);
}
