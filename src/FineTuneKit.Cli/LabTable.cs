using System.Globalization;
using FineTuneKit.Evaluation.Significance;
using FineTuneKit.Lab;
using FineTuneKit.Records;
using Spectre.Console;

namespace FineTuneKit.Cli;

/// <summary>The closing table of a lab, within 100 columns, and the three sentences to take away.</summary>
internal static class LabTable
{
    private const int Width = 100;

    public static void Print(LabRecord record, string folder)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
        console.Profile.Width = Console.IsOutputRedirected ? Width : Math.Min(Width, console.Profile.Width);
        var table = new Table { Border = TableBorder.Rounded };
        foreach (string head in new[] { "", "untuned", $"{record.Untuned[^1].Examples} examples", "LoRA", "full training", "verdict" }) table.AddColumn(head);
        Row(table, record, "valid JSON", t => t.ValidJson.Value, 1);
        Row(table, record, "intent right", t => t.Intent.Value, 2);
        Row(table, record, "all five fields right", t => t.AllFields.Value, 0);
        Row(table, record, "reply fit to send", t => t.Reply.Value, null);
        General(table, record);
        Cells(table, "weights trained", "", "", $"{Runs(record, TuningMethod.Lora)[0].TrainableParameters:N0}", $"{Runs(record, TuningMethod.Full)[0].TrainableParameters:N0}", "");
        console.Write(table);
        for (int i = 0; i < record.TakeAways.Count; i++) console.MarkupLine($"[bold]{i + 1}.[/] {Markup.Escape(record.TakeAways[i])}");
        MeasuredOn on = record.MeasuredOn;
        console.MarkupLine(Markup.Escape(string.Create(CultureInfo.InvariantCulture,
            $"{Progress.Clock(TimeSpan.FromSeconds(on.Seconds))} minutes, {on.PeakMemoryBytes / (double)(1 << 20):0} MiB at most. Report: {Path.Combine(folder, "report.html")}")));
    }

    private static void Row(Table table, LabRecord record, string name, Func<TicketMetrics, double> value, int? comparison) => Cells(table, name,
        Percent(value(record.Untuned[0].Tickets)), Percent(value(record.Untuned[^1].Tickets)),
        OverSeeds(Runs(record, TuningMethod.Lora).Select(r => value(r.Tickets))), OverSeeds(Runs(record, TuningMethod.Full).Select(r => value(r.Tickets))),
        comparison is { } c ? record.Comparisons[c].Verdict : "");

    private static void General(Table table, LabRecord record)
    {
        double before = record.BaseSkillItems.Count(right => right) / (double)record.BaseSkillItems.Count;
        Cells(table, "general skills kept", Percent(before), "",
            OverSeeds(Runs(record, TuningMethod.Lora).Select(r => r.General)), OverSeeds(Runs(record, TuningMethod.Full).Select(r => r.General)),
            record.Comparisons[^1].Verdict);
    }

    private static void Cells(Table table, params string[] cells) => table.AddRow([.. cells.Select(Markup.Escape)]);

    private static List<RunOutcome> Runs(LabRecord record, TuningMethod method) => [.. record.Runs.Where(r => r.Method == method)];

    private static string OverSeeds(IEnumerable<double> values)
    {
        double[] x = [.. values];
        return x.Length < 2 ? Percent(x[0]) : string.Create(CultureInfo.InvariantCulture, $"{Sample.Mean(x):0%} ± {100 * Sample.Deviation(x):0.0}");
    }

    private static string Percent(double value) => value.ToString("0%", CultureInfo.InvariantCulture);
}
