using System.CommandLine;
using FineTuneKit.Data;

namespace FineTuneKit.Cli;

/// <summary><c>ftk data mask</c>: placeholders for personal data and secrets, and back.</summary>
internal static class DataMaskCommand
{
    public static Command Create()
    {
        Option<string> output = new("--out") { Description = "File to write.", HelpName = "FILE", Required = true };
        Option<string> vaultFile = new("--vault") { Description = "File that keeps what stands behind the placeholders; it is read first where it exists. Keep it apart from the data.", HelpName = "FILE", Required = true };
        Option<bool> undo = new("--undo") { Description = "Put back what stands behind the placeholders." };
        var command = new Command("mask", "Replace personal data and secrets by consistent placeholders, or undo it.") { output, vaultFile, undo };
        var input = new DataInput(command);
        var common = new CommonOptions(command);
        command.SetAction(parsed => ExitCode.Of(cancel =>
        {
            IRunProgress progress = common.Apply(parsed);
            string file = parsed.GetValue(vaultFile)!;
            bool back = parsed.GetValue(undo);
            MaskVault vault = back || File.Exists(file) ? MaskVault.Load(file) : new MaskVault();
            progress.Begin(back ? "unmask" : "mask");
            long changed = 0;
            WriteReport report = RowWriter.Write(parsed.GetValue(output)!, DataInput.Cancellable(input.Rows(parsed, progress), cancel).Select(row =>
            {
                Row other = back ? DataMask.Unmask(row, vault) : DataMask.Mask(row, vault);
                if (!RowIdentity.Of(row).Equals(RowIdentity.Of(other), StringComparison.Ordinal)) changed++;
                return other;
            }));
            if (!back) vault.Save(file);
            progress.End($"{changed:N0} of {report.Written:N0} rows changed");
            common.Write(parsed, new { Schema = "finetunekit.mask/1", report.Written, Changed = changed, Placeholders = vault.Counts });
            Console.WriteLine($"{changed:N0} of {report.Written:N0} rows changed; {string.Join(", ", vault.Counts.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key} {c.Value:N0}"))}");
            return ExitCode.Done;
        }));
        return command;
    }
}
