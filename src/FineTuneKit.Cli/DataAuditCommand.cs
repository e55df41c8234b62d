using System.CommandLine;
using FineTuneKit.Data;
using FineTuneKit.Records;

namespace FineTuneKit.Cli;

/// <summary><c>ftk data audit</c>: what is wrong with rows.</summary>
internal static class DataAuditCommand
{
    public static Command Create()
    {
        var defaults = new AuditOptions();
        Option<string?> output = new("--out") { Description = "Folder for audit.html and audit.json. Default: only the text on the screen.", HelpName = "DIR" };
        Option<string?> facts = new("--facts") { Description = "Facts that answers have to agree with: JSON, JSONL or CSV of subject, value and, where needed, pattern.", HelpName = "FILE" };
        Option<DateOnly?> oldest = new("--oldest") { Description = "Dates in answers before this day are stale.", HelpName = "DATE" };
        Option<string?> against = new("--against") { Description = "Other data in which none of these rows may occur, such as what a base was trained on.", HelpName = "FILE" };
        Option<double> near = new("--near") { Description = "Rows at least so similar are near-duplicates.", DefaultValueFactory = _ => defaults.NearDuplicateThreshold };
        Option<int?> gate = new("--most-findings") { Description = "Exit with code 1 where there are more findings." };
        var command = new Command("audit", "Find duplicates, contradictions, noise, personal data, secrets, stale facts and more, and say what to do.") { output, facts, oldest, against, near, gate };
        var input = new DataInput(command);
        var common = new CommonOptions(command);
        command.SetAction(parsed => ExitCode.Of(_ =>
        {
            IRunProgress progress = common.Apply(parsed);
            List<Row> rows = input.ReadAll(parsed, progress);
            progress.Begin("audit");
            AuditReport report = DataAudit.Run(rows, new AuditOptions
            {
                NearDuplicateThreshold = parsed.GetValue(near),
                Facts = parsed.GetValue(facts) is { } file ? FactsFile.Read(file) : [],
                OldestDate = parsed.GetValue(oldest),
                Against = parsed.GetValue(against) is { } other ? RowReader.Enumerate(other) : null,
            });
            progress.End($"{report.Findings.Count:N0} findings on {report.RowsConcerned:N0} rows");
            if (parsed.GetValue(output) is { } folder)
            {
                AtomicFile.WriteText(Path.Combine(folder, "audit.html"), report.ToHtmlPage(input.Name(parsed)));
                AtomicFile.WriteText(Path.Combine(folder, "audit.json"), report.ToJson() + "\n");
            }
            common.WriteText(parsed, report.ToJson() + "\n");
            report.WriteText(Console.Out);
            return report.Findings.Count > parsed.GetValue(gate) ? ExitCode.Failed : ExitCode.Done;
        }));
        return command;
    }
}
