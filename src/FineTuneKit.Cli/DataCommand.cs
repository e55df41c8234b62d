using System.CommandLine;

namespace FineTuneKit.Cli;

/// <summary><c>ftk data</c>: what goes in.</summary>
internal static class DataCommand
{
    public static Command Create() => new("data", "Look at the rows before training on them.")
    {
        DataShowCommand.Create(),
    };
}
