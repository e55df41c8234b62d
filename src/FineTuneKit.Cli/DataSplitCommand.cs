using System.CommandLine;
using FineTuneKit.Data;

namespace FineTuneKit.Cli;

/// <summary><c>ftk data split</c>: rows divided, with a record and a proof.</summary>
internal static class DataSplitCommand
{
    public static Command Create()
    {
        var defaults = new SplitOptions();
        Option<string> output = new("--out") { Description = "Folder for train.jsonl, valid.jsonl, test.jsonl and split.jsonl.", HelpName = "DIR", DefaultValueFactory = _ => "runs/split" };
        Option<double> validation = new("--validation") { Description = "Share of the rows that choose.", DefaultValueFactory = _ => defaults.Validation };
        Option<double> test = new("--test") { Description = "Share of the rows for the figures.", DefaultValueFactory = _ => defaults.Test };
        Option<SplitMethod> method = new("--method") { Description = "balanced: shares of labels and languages kept; hash: rows that are added move none; time: the newest test.", DefaultValueFactory = _ => defaults.Method };
        Option<string?> timeKey = new("--time-key") { Description = "The key that holds a row's time, for --method time.", HelpName = "KEY" };
        Option<string?> keep = new("--keep") { Description = "A split.jsonl whose rows keep their sides, for --method hash.", HelpName = "FILE" };
        Option<double> near = new("--near") { Description = "Rows at least so similar stay on one side.", DefaultValueFactory = _ => defaults.NearDuplicateThreshold };
        Option<CompareBy> compare = new("--compare") { Description = "Which text makes two rows near-duplicates: prompt, answer or both.", DefaultValueFactory = _ => defaults.CompareBy };
        Option<bool> plain = new("--no-strata") { Description = "Do not keep the shares of labels and languages." };
        Option<bool> lengths = new("--by-length") { Description = "Keep the shares of short, middling and long answers too." };
        Option<int?> folds = new("--folds") { Description = "Folds for cross-validation instead of three sides, a folder each." };
        Option<long> seed = new("--seed") { Description = "Seed of the split." };
        var command = new Command("split", "Divide rows so that nothing leaks from one side to another, and prove it.") { output, validation, test, method, timeKey, keep, near, compare, plain, lengths, folds, seed };
        var input = new DataInput(command);
        var common = new CommonOptions(command);
        command.SetAction(parsed => ExitCode.Of(_ =>
        {
            IRunProgress progress = common.Apply(parsed);
            List<Row> rows = input.ReadAll(parsed, progress);
            var options = new SplitOptions
            {
                Train = 1 - parsed.GetValue(validation) - parsed.GetValue(test),
                Validation = parsed.GetValue(validation),
                Test = parsed.GetValue(test),
                Method = parsed.GetValue(method),
                TimeKey = parsed.GetValue(timeKey),
                Keep = parsed.GetValue(keep) is { } file ? SplitFile.Read(file).Sides : null,
                NearDuplicateThreshold = parsed.GetValue(near),
                CompareBy = parsed.GetValue(compare),
                // Rows without labels, or with one only, have no strata.
                Stratify = !parsed.GetValue(plain) && rows.Select(r => r.Label).Distinct().Count() > 1,
                StratifyByLength = parsed.GetValue(lengths),
                Seed = parsed.GetValue(seed),
            };
            string folder = parsed.GetValue(output)!;
            progress.Begin("split");
            if (parsed.GetValue(folds) is { } count) WriteFolds(folder, rows, count, options, progress);
            else common.Write(parsed, WriteSides(folder, rows, options, progress));
            return ExitCode.Done;
        }));
        return command;
    }

    private static SplitProof WriteSides(string folder, List<Row> rows, SplitOptions options, IRunProgress progress)
    {
        SplitResult split = DataSplit.Make(rows, options);
        DataFolder.WriteSplit(folder, split);
        SplitFile.Write(Path.Combine(folder, SplitFile.FileName), split, options);
        progress.End($"{split.Train.Count:N0} to train, {split.Validation.Count:N0} to choose, {split.Test.Count:N0} to test, {split.Excluded.Count:N0} on no side");
        Console.Write(split.Proof.ToText());
        foreach (ExcludedRow row in split.Excluded.Take(10)) Console.WriteLine($"on no side: {row.Row.Origin}: {row.Reason}");
        if (split.Excluded.Count > 10) Console.WriteLine($"… and {split.Excluded.Count - 10} more in {SplitFile.FileName}");
        return split.Proof;
    }

    private static void WriteFolds(string folder, List<Row> rows, int count, SplitOptions options, IRunProgress progress)
    {
        int[] folds = DataSplit.Folds(rows, count, options);
        for (int fold = 0; fold < count; fold++)
        {
            // Each fold is proven as a split of its own.
            SplitResult split = DataSplit.Check([.. rows.Where((_, i) => folds[i] != fold)], [], [.. rows.Where((_, i) => folds[i] == fold)], options with { Train = 1 - 1.0 / count, Validation = 0, Test = 1.0 / count });
            DataFolder.WriteSplit(Path.Combine(folder, $"fold-{fold + 1}"), split);
            Console.WriteLine($"fold {fold + 1}: {split.Train.Count:N0} to train, {split.Test.Count:N0} to test, largest similarity across {split.Proof.Closest?.Similarity ?? 0:0.000}");
        }
        progress.End($"{count} folds");
    }
}
