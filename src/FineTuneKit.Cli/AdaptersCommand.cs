using System.CommandLine;
using System.Globalization;
using FineTuneKit.Adapters;

namespace FineTuneKit.Cli;

/// <summary><c>ftk adapters</c>: what PEFT folders hold, and what can be made of them.</summary>
internal static class AdaptersCommand
{
    public static Command Create() => new("adapters", "List, show, compare, merge, unmerge, combine and convert PEFT adapters.")
    {
        List(), Show(), Compare(), Merge(), Unmerge(), Combine(), Convert(),
    };

    private static Command List()
    {
        Argument<string> folder = new("folder") { Description = "Where to look, folders below it included.", DefaultValueFactory = _ => "." };
        return Verb(new Command("list", "All adapters below a folder.") { folder }, parsed =>
        {
            IReadOnlyList<AdapterSummary> adapters = AdapterSummary.Below(parsed.GetValue(folder)!);
            foreach (AdapterSummary adapter in adapters)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{adapter.Folder}  {adapter.Kind}  r {adapter.Rank?.ToString(CultureInfo.InvariantCulture) ?? "-"}  {adapter.Parameters:N0} numbers  {adapter.Bytes / 1e6:0.00} MB  base {adapter.Base ?? "unknown"}"));
            if (adapters.Count == 0) Console.WriteLine("no adapters");
            return adapters;
        });
    }

    private static Command Show()
    {
        Argument<string> folder = new("folder") { Description = "A PEFT folder." };
        return Verb(new Command("show", "One adapter: its configuration, and the size of its update at each projection.") { folder }, parsed =>
        {
            AdapterSummary adapter = AdapterSummary.Of(parsed.GetValue(folder)!);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
                kind      {adapter.Kind}
                rank      {adapter.Rank?.ToString(CultureInfo.InvariantCulture) ?? "-"}, alpha {adapter.Alpha?.ToString(CultureInfo.InvariantCulture) ?? "-"}
                targets   {string.Join(", ", adapter.Targets)}
                base      {adapter.Base ?? "unknown"}
                numbers   {adapter.Parameters:N0}, {adapter.Bytes / 1e6:0.00} MB
                """));
            if (adapter.Kind == "LORA" && LoraFile.IsPlain(adapter.Folder))
                foreach (LowRankUpdate update in LoraFile.Read(adapter.Folder))
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{update.Path,-50} r {update.A.shape[0],3}  norm {update.Norm:0.0000}"));
            return adapter;
        });
    }

    private static Command Compare()
    {
        Argument<string> first = new("first") { Description = "A PEFT folder." }, second = new("second") { Description = "Another one, of the same base." };
        return Verb(new Command("compare", "Where and how strongly two adapters act, and how far in the same direction.") { first, second }, parsed =>
        {
            AdapterComparison comparison = AdapterComparison.Of(parsed.GetValue(first)!, parsed.GetValue(second)!);
            string Cosine(double? cosine) => cosine?.ToString("0.000", CultureInfo.InvariantCulture) ?? "-";
            Console.WriteLine($"{"projection",-50} {"first",10} {"second",10} {"cosine",8}");
            foreach (ProjectionComparison projection in comparison.Projections)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{projection.Path,-50} {projection.First,10:0.0000} {projection.Second,10:0.0000} {Cosine(projection.Cosine),8}"));
            Console.WriteLine($"{"all",-72} {Cosine(comparison.Cosine),8}");
            return comparison;
        });
    }

    private static Command Merge()
    {
        (Option<string> baseFolder, Option<string[]> adapters, Option<string> output) = Folders("The base.");
        Option<bool> unpack = new("--unpack") { Description = "Make a 4-bit base float32 first; nothing is merged into 4-bit weights." };
        return Verb(new Command("merge", "Add adapters to their base's weights and save the model.") { baseFolder, adapters, output, unpack }, parsed =>
            Told(AdapterJobs.Merge(parsed.GetValue(baseFolder)!, parsed.GetValue(adapters)!, parsed.GetValue(output)!, parsed.GetValue(unpack)), parsed.GetValue(output)!));
    }

    private static Command Unmerge()
    {
        (Option<string> baseFolder, Option<string[]> adapters, Option<string> output) = Folders("The merged model.");
        return Verb(new Command("unmerge", "Take merged adapters out of a model's weights again.") { baseFolder, adapters, output }, parsed =>
            Told(AdapterJobs.Unmerge(parsed.GetValue(baseFolder)!, parsed.GetValue(adapters)!, parsed.GetValue(output)!), parsed.GetValue(output)!));
    }

    private static Command Combine()
    {
        (Option<string> baseFolder, Option<string[]> adapters, Option<string> output) = Folders("The base of all.");
        Option<double[]> weights = new("--weight") { Description = "The weight of each adapter, in their order.", Required = true };
        Option<CombinationType> type = new("--type") { Description = "linear, cat, svd, ties or magnitudeprune." };
        Option<double> density = new("--density") { Description = "The share of numbers that pruning leaves (ties, magnitudeprune).", DefaultValueFactory = _ => 1 };
        Option<int?> rank = new("--rank") { Description = "The rank of svd. Default: the highest of the adapters." };
        return Verb(new Command("combine", "Make one adapter out of several.") { baseFolder, adapters, weights, type, density, rank, output }, parsed =>
            Told(AdapterJobs.Combine(
                parsed.GetValue(baseFolder)!, parsed.GetValue(adapters)!, parsed.GetValue(weights)!,
                new CombinationOptions { Type = parsed.GetValue(type), Density = parsed.GetValue(density), SvdRank = parsed.GetValue(rank) }, parsed.GetValue(output)!), parsed.GetValue(output)!));
    }

    private static Command Convert()
    {
        Option<string> baseFolder = new("--base") { Description = "The base, as it was before the adapter.", HelpName = "DIR", Required = true };
        Option<string> adapter = new("--adapter") { Description = "A PEFT folder: PiSSA, OLoRA, rsLoRA …", HelpName = "DIR", Required = true };
        Option<string> output = new("--out") { Description = "Folder of the result.", HelpName = "DIR", Required = true };
        return Verb(new Command("convert", "Make plain LoRA on the base, with scale alpha / r, of another low-rank adapter.") { baseFolder, adapter, output }, parsed =>
            Told(AdapterJobs.Convert(parsed.GetValue(baseFolder)!, parsed.GetValue(adapter)!, parsed.GetValue(output)!), parsed.GetValue(output)!, "before against after"));
    }

    private static (Option<string> Base, Option<string[]> Adapters, Option<string> Output) Folders(string model) => (
        new("--base") { Description = model, HelpName = "DIR", Required = true },
        new("--adapter") { Description = "A PEFT folder; may be given several times.", HelpName = "DIR", Required = true },
        new("--out") { Description = "Folder of the result.", HelpName = "DIR", Required = true });

    private static AdapterJobRecord Told(AdapterJobRecord record, string output, string compared = "beside the base against in it")
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{record.Parameters:N0} numbers in {output}"));
        if (record.LargestLogitDifference is { } difference)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{difference:0.0e+00} largest difference of logits on {record.ProbeTokens} random tokens, {compared}"));
        return record;
    }

    private static Command Verb<T>(Command command, Func<ParseResult, T> run)
    {
        var common = new CommonOptions(command);
        command.SetAction(parsed => ExitCode.Of(_ =>
        {
            common.Apply(parsed);
            common.Write(parsed, run(parsed));
            return ExitCode.Done;
        }));
        return command;
    }
}
