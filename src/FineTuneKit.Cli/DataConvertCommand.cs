using System.CommandLine;
using FineTuneKit.Data;

namespace FineTuneKit.Cli;

/// <summary><c>ftk data convert</c>: rows in another shape or format.</summary>
internal static class DataConvertCommand
{
    public static Command Create()
    {
        Option<string> output = new("--out") { Description = "File to write, by whose name the format is chosen (.jsonl, .json, .csv, .tsv, .txt, also with .gz), or - for standard output.", HelpName = "FILE", Required = true };
        Option<string?> to = new("--to") { Description = "Shape to write. Default: that of each row's kind, such as messages." };
        to.AcceptOnlyFromAmong([.. Enum.GetValues<DataShape>().Select(RowShapes.NameOf)]);
        Option<bool> passOver = new("--skip-bad") { Description = "Go on after rows that cannot be read; they are counted and named on standard error." };
        var command = new Command("convert", "Write rows in another shape or format; what it cannot hold is counted with the reason.") { output, to, passOver };
        var input = new DataInput(command);
        var common = new CommonOptions(command);
        command.SetAction(parsed => ExitCode.Of(cancel =>
        {
            IRunProgress progress = common.Apply(parsed);
            progress.Begin("convert");
            RowSource source = input.Rows(parsed, progress, parsed.GetValue(passOver) ? bad => Console.Error.WriteLine(bad.Reason) : null);
            WriteReport report = RowWriter.Write(parsed.GetValue(output)!, DataInput.Cancellable(source, cancel), new WriteOptions
            {
                Shape = parsed.GetValue(to) is { } shape ? RowShapes.Named(shape) : null,
            });
            progress.End(DataInput.Counts(source));
            common.Write(parsed, new { Schema = "finetunekit.convert/1", Read = source.Count, Unreadable = source.BadCount, report.Written, report.Refused, report.KeysLeftOut });
            // Standard output may be the rows themselves.
            TextWriter told = parsed.GetValue(output) == "-" ? Console.Error : Console.Out;
            told.WriteLine($"{report.Written:N0} rows written, {report.RefusedCount:N0} could not be held");
            foreach ((string reason, long count) in report.Refused) told.WriteLine($"  {count,8:N0}  {reason}");
            foreach ((string key, long count) in report.KeysLeftOut) told.WriteLine($"  the key \"{key}\" was left out of {count:N0} rows");
            return report.RefusedCount > 0 ? ExitCode.Failed : ExitCode.Done;
        }));
        return command;
    }
}
