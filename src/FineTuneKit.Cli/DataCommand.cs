using System.CommandLine;

namespace FineTuneKit.Cli;

/// <summary><c>ftk data</c>: what goes in.</summary>
internal static class DataCommand
{
    public static Command Create() => new("data", "Look at rows, clean, divide, mix and convert them.")
    {
        DataShowCommand.Create(),
        DataAuditCommand.Create(),
        DataCleanCommand.Create(),
        DataConvertCommand.Create(),
        DataMaskCommand.Create(),
        DataMixCommand.Create(),
        DataSplitCommand.Create(),
    };
}
