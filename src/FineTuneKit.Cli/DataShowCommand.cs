using System.CommandLine;
using FineTuneKit.Data;
using FineTuneKit.Text;
using FineTuneKit.Training;
using Spectre.Console;

namespace FineTuneKit.Cli;

/// <summary><c>ftk data show</c>: rows as the model is given them, token by token, with what is learned.</summary>
internal static class DataShowCommand
{
    public static Command Create()
    {
        Option<string?> baseFolder = new("--base") { Description = "Folder whose tokenizer and chat template are used. Default: the shipped mini-base.", HelpName = "DIR" };
        Option<string> data = new("--data") { Description = "The rows: JSONL, JSON, CSV or TSV.", HelpName = "FILE", Required = true };
        Option<int> first = new("--row") { Description = "The first row shown, from 1.", DefaultValueFactory = _ => 1 };
        Option<int> count = new("--rows") { Description = "Rows shown.", DefaultValueFactory = _ => 3 };
        foreach (Option<int> option in new[] { first, count })
        {
            option.Validators.Add(result =>
            {
                if (result.GetValueOrDefault<int>() < 1) result.AddError($"{option.Name} must be 1 or more");
            });
        }
        var command = new Command("show", "Show the tokens of rows in colour: what is learned, control tokens, the token that begins a text.") { baseFolder, data, first, count };
        var common = new CommonOptions(command);
        command.SetAction(parsed => ExitCode.Of(_ =>
        {
            string folder = parsed.GetValue(baseFolder) ?? ShippedFiles.Find("mini-base");
            Tokenizer tokenizer = Tokenizer.Load(folder);
            ChatTemplate template = ChatTemplate.Load(folder, tokenizer);
            ShownRow[] rows = [.. RowReader.Enumerate(parsed.GetValue(data)!).Skip(parsed.GetValue(first) - 1).Take(parsed.GetValue(count)).Select(row => Show(row, template, tokenizer))];
            if (rows.Length == 0) throw new InputException($"{parsed.GetValue(data)}: there is no row {parsed.GetValue(first)}");
            common.Write(parsed, new ShownData(template.Hash, rows));
            Print(rows);
            return ExitCode.Done;
        }));
        return command;
    }

    private static ShownRow Show(Row row, ChatTemplate template, Tokenizer tokenizer)
    {
        TrainingExample example = TrainingRows.Of(row, template);
        return new(row.Origin.ToString(), ShownTokens.Of(example.Ids, example.Mask, tokenizer),
            tokenizer.Config.BeginToken, tokenizer.BeginId is { } begin ? example.Ids.Count(id => id == begin) : 0);
    }

    private static void Print(IReadOnlyList<ShownRow> rows)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
        bool coloured = console.Profile.Capabilities.Ansi && console.Profile.Capabilities.ColorSystem != ColorSystem.NoColors;
        if (!coloured) console.Profile.Width = int.MaxValue / 2;
        console.WriteLine(coloured ? "Green is learned, grey is not; control tokens are bold. Shades part tokens, ⏎ is a newline, · a part of a character." : "⟦What is learned⟧ stands in brackets; | parts tokens, ⏎ is a newline, · a part of a character.");
        foreach (ShownRow row in rows)
        {
            console.WriteLine();
            console.MarkupLine($"[bold]{Markup.Escape(row.Origin)}[/]: {row.Tokens.Count} tokens, {row.Tokens.Count(t => t.Learned)} learned; {Markup.Escape(Begin(row))}");
            if (coloured) console.MarkupLine(string.Concat(row.Tokens.Select(Coloured)));
            else console.WriteLine(Plain(row.Tokens));
        }
    }

    private static string Begin(ShownRow row) => row.BeginToken is null
        ? "this tokenizer names no token that begins a text" : $"{row.BeginToken} stands {row.BeginTokens} time{(row.BeginTokens == 1 ? "" : "s")}";

    private static string Coloured(ShownToken token, int index)
    {
        // Two shades part tokens that follow one another.
        string shade = token.Learned ? (index % 2 == 0 ? "black on green" : "black on palegreen3") : (index % 2 == 0 ? "grey" : "grey70");
        return $"[{(token.Special ? "bold " : "")}{shade}]{Markup.Escape(Visible(token))}[/]";
    }

    private static string Plain(IReadOnlyList<ShownToken> tokens)
    {
        var text = new System.Text.StringBuilder();
        for (int i = 0; i < tokens.Count; i++)
        {
            bool opens = tokens[i].Learned && (i == 0 || !tokens[i - 1].Learned), closes = i > 0 && tokens[i - 1].Learned && !tokens[i].Learned;
            text.Append(closes ? "⟧" : "").Append(opens ? "⟦" : i > 0 && !closes ? "|" : "").Append(Visible(tokens[i]));
        }
        if (tokens[^1].Learned) text.Append('⟧');
        return text.ToString();
    }

    /// <summary>A token's text with newlines seen; a part of a character is a dot.</summary>
    private static string Visible(ShownToken token) => token.Text.Length == 0 ? "·"
        : token.Text.Replace("\n", "⏎", StringComparison.Ordinal).Replace("\t", "⇥", StringComparison.Ordinal).Replace("\r", "␍", StringComparison.Ordinal);

    /// <summary>A row as shown; in JSON too.</summary>
    private sealed record ShownRow(string Origin, IReadOnlyList<ShownToken> Tokens, string? BeginToken, int BeginTokens);

    private sealed record ShownData(string TemplateSha256, IReadOnlyList<ShownRow> Rows)
    {
        public string Schema { get; init; } = "finetunekit.data-show/1";
    }
}
