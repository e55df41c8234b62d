using System.CommandLine;
using FineTuneKit.Data;

namespace FineTuneKit.Cli;

/// <summary><c>ftk data mix</c>: several sources at ratios.</summary>
internal static class DataMixCommand
{
    public static Command Create()
    {
        Argument<string[]> sources = new("sources") { Description = "FILE=SHARE, or FILE=SHARExREPEATS to let rows come more than once: new.jsonl=3 replay.jsonl=1x2.", HelpName = "FILE=SHARE", Arity = ArgumentArity.OneOrMore };
        Option<string> output = new("--out") { Description = "File to write.", HelpName = "FILE", Required = true };
        Option<long?> total = new("--total") { Description = "Rows, or tokens with --tokenizer. Default: until a source has no more." };
        Option<string?> tokenizer = new("--tokenizer") { Description = "Folder of the tokeniser: the shares are of tokens, not of rows.", HelpName = "DIR" };
        Option<long> seed = new("--seed") { Description = "Seed of the order." };
        Option<long> from = new("--from") { Description = "Leave out so many rows at the beginning, to go on with a mixture." };
        var command = new Command("mix", "Mix sources at ratios, by rows or tokens, in a seeded order that can be resumed.") { sources, output, total, tokenizer, seed, from };
        var common = new CommonOptions(command);
        command.SetAction(parsed => ExitCode.Of(cancel =>
        {
            IRunProgress progress = common.Apply(parsed);
            progress.Begin("mix");
            Func<string, int>? count = parsed.GetValue(tokenizer) is { } folder ? DataInput.TokenCounter(folder) : null;
            var mixture = new DataMixture([.. parsed.GetValue(sources)!.Select(Source)], new MixtureOptions
            {
                Total = parsed.GetValue(total),
                Seed = parsed.GetValue(seed),
                CountTokens = count is null ? null : row => row.Messages.Sum(m => count(m.Content)),
            });
            WriteReport report = RowWriter.Write(parsed.GetValue(output)!, DataInput.Cancellable(mixture.From(parsed.GetValue(from)), cancel));
            progress.End($"{report.Written:N0} rows");
            common.Write(parsed, new { Schema = "finetunekit.mix/1", report.Written, Parts = mixture.Parts() });
            Console.Write(mixture.ToText());
            return ExitCode.Done;
        }));
        return command;
    }

    private static MixtureSource Source(string text)
    {
        int at = text.LastIndexOf('=');
        string[] numbers = at < 0 ? [] : text[(at + 1)..].Split('x');
        if (numbers.Length is < 1 or > 2 || !Number(numbers[0], out double share) || !Number(numbers[^1], out double repeats))
            throw new InputException($"the source \"{text}\"; FILE=SHARE or FILE=SHARExREPEATS is required, such as replay.jsonl=1x2");
        string file = text[..at];
        return new MixtureSource(file, RowReader.Read(file), share) { MostRepeats = numbers.Length == 2 ? repeats : 1 };
    }

    private static bool Number(string text, out double number) =>
        double.TryParse(text, System.Globalization.NumberStyles.AllowDecimalPoint, System.Globalization.CultureInfo.InvariantCulture, out number);
}
