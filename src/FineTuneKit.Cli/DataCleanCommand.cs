using System.CommandLine;
using FineTuneKit.Data;
using FineTuneKit.Records;

namespace FineTuneKit.Cli;

/// <summary><c>ftk data clean</c>: rows cleaned in constant memory, with a list of every row that changed or went.</summary>
internal static class DataCleanCommand
{
    public static Command Create()
    {
        var defaults = new CleaningOptions();
        Option<string> output = new("--out") { Description = "Folder for clean.jsonl and dropped.jsonl.", HelpName = "DIR", DefaultValueFactory = _ => "runs/clean" };
        Option<string> normalization = new("--normalization") { Description = "Form of Unicode: NFC, NFKC or none.", DefaultValueFactory = _ => defaults.Normalization };
        normalization.AcceptOnlyFromAmong("NFC", "NFKC", "none");
        Option<string?> terms = new("--terms") { Description = "Terms to unify: CSV with the columns written and wanted.", HelpName = "FILE" };
        Option<string?> tokenizer = new("--tokenizer") { Description = "Folder of the tokeniser that counts tokens, for the two limits.", HelpName = "DIR" };
        Option<int?> fewest = new("--min-tokens") { Description = "Rows of fewer tokens go." };
        Option<int?> most = new("--max-tokens") { Description = "Rows of more tokens go." };
        Option<bool> scripts = new("--same-script") { Description = "Rows whose answer is in another script than the prompt go." };
        Option<bool> duplicates = new("--keep-duplicates") { Description = "Keep rows that say the same as an earlier one." };
        Option<bool> html = new("--keep-html") { Description = "Keep tags and entities." };
        var command = new Command("clean", "Clean rows and list every one that changed or went, with the reason.") { output, normalization, terms, tokenizer, fewest, most, scripts, duplicates, html };
        var input = new DataInput(command);
        var common = new CommonOptions(command);
        command.SetAction(parsed => ExitCode.Of(cancel =>
        {
            IRunProgress progress = common.Apply(parsed);
            var options = new CleaningOptions
            {
                Normalization = parsed.GetValue(normalization)!,
                Terms = parsed.GetValue(terms) is { } file ? TermFile.Read(file) : [],
                FewestTokens = parsed.GetValue(fewest),
                MostTokens = parsed.GetValue(most),
                CountTokens = parsed.GetValue(tokenizer) is { } counter ? DataInput.TokenCounter(counter) : null,
                OtherScripts = parsed.GetValue(scripts),
                ExactDuplicates = !parsed.GetValue(duplicates),
                Html = !parsed.GetValue(html),
            };
            string folder = parsed.GetValue(output)!;
            progress.Begin("clean");
            CleaningReport report = CleanedFiles.Write(folder, options, cleaning => DataInput.Cancellable(input.Rows(parsed, progress, cleaning.PassOver), cancel));
            progress.End($"{report.RowsIn:N0} rows in, {report.RowsOut:N0} out");
            common.Write(parsed, new { Schema = "finetunekit.clean/1", report.RowsIn, report.RowsOut, report.Changed, report.Dropped });
            Console.Write(report.ToText());
            Console.WriteLine($"rows: {Path.Combine(folder, CleanedFiles.CleanName)}; what changed or went: {Path.Combine(folder, DroppedRows.FileName)}");
            return ExitCode.Done;
        }));
        return command;
    }
}
