using System.Globalization;
using Benchmarks;

const string Usage = "usage: ratios | tokenizers [--json FILE] [--rounds N] [--only TEXT] [--threads N] | text-growth | growth [ROUNDS] | soak [MINUTES]";

if (args is ["first-step"])
{
    StartRatio.FirstStep();
    return 0;
}

if (args is ["growth", ..] && args.Length < 3)
{
    return Growth.Run(args.Length == 2 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 5);
}

if (args is ["soak", ..] && args.Length < 3)
{
    return Soak.Run(args.Length == 2 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 30);
}

if (args is ["text-growth"])
{
    return TextGrowth.Run();
}

if (args is not ["ratios" or "tokenizers", ..] || args.Length % 2 == 0)
{
    Console.Error.WriteLine(Usage);
    return 2;
}

string? json = null;
string only = "";
int rounds = 11;
for (int i = 1; i < args.Length; i += 2)
{
    switch (args[i])
    {
        case "--json":
            json = args[i + 1];
            break;
        case "--only":
            only = args[i + 1];
            break;
        case "--rounds" when int.TryParse(args[i + 1], out rounds) && rounds > 0:
            break;
        case "--threads" when int.TryParse(args[i + 1], out int threads) && threads > 0:
            torch.set_num_threads(threads);
            break;
        default:
            Console.Error.WriteLine($"{args[i]} {args[i + 1]}: not understood; {Usage}");
            return 2;
    }
}

var ratios = new List<Ratio>();
foreach (Ratio ratio in All())
{
    Console.WriteLine(ratio);
    ratios.Add(ratio);
}

if (json is not null)
{
    Ratio.Save(json, ratios);
}

return 0;

IEnumerable<Ratio> All()
{
    bool Wanted(string name) => name.Contains(only, StringComparison.OrdinalIgnoreCase);
    if (args[0] == "tokenizers")
    {
        foreach (Ratio ratio in TokenizerRatios.Run(rounds, Wanted))
        {
            yield return ratio;
        }

        yield break;
    }

    IEnumerable<Ratio> start = Wanted(StartRatio.Name) ? [StartRatio.Run(rounds)] : [];
    foreach (Ratio ratio in GemmRatios.Run(rounds, Wanted)
        .Concat(TrainingRatios.Run(rounds, Wanted))
        .Concat(FourBitRatios.Run(rounds, Wanted))
        .Concat(AdapterRatios.Run(rounds, Wanted))
        .Concat(KernelRatios.Run(rounds, Wanted))
        .Concat(GenerationRatios.Run(rounds, Wanted))
        .Concat(start))
    {
        yield return ratio;
    }
}
