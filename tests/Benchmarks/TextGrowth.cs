using System.Globalization;
using FineTuneKit.Fixtures;
using FineTuneKit.Text;

namespace Benchmarks;

/// <summary>
/// What a text without words costs: 1 MB of one letter and of no-break spaces against 1 MB of prose, for every tokeniser
/// among the fixtures. At most three times as long is wanted.
/// </summary>
internal static class TextGrowth
{
    private const int Bytes = 1_000_000;
    private const int Rounds = 3;
    private const double Most = 3;

    public static int Run()
    {
        if (!FixtureFolder.Exists)
        {
            Console.WriteLine("skipped: set FINETUNEKIT_FIXTURES to the folder of the reference cases");
            return 0;
        }

        string prose = BenchmarkTexts.English(Bytes, int.MaxValue).Single();
        (string Name, string Text)[] texts = [("a", new string('a', Bytes)), ("A", new string('A', Bytes)), ("nbsp", new string('\u00A0', Bytes / 2)), ("blank", new string(' ', Bytes)), ("kana", new string('あ', Bytes / 3))];
        Console.WriteLine($"{"",-26} prose, ms   {string.Join("", texts.Select(t => $"{t.Name,8}"))}");
        int failed = 0;
        foreach (string folder in Directory.GetDirectories(FixtureFolder.PathOf("tokenizers")).Where(Tokenizer.IsIn).Order(StringComparer.Ordinal))
        {
            Tokenizer tokenizer = Tokenizer.Load(folder);
            double base1 = Best(tokenizer, prose);
            double[] ratios = [.. texts.Select(t => Best(tokenizer, t.Text) / base1)];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(folder),-26} {base1,9:F0}   {string.Concat(ratios.Select(r => $"{r,8:F2}"))}"));
            failed += ratios.Count(r => r > Most);
        }

        Console.WriteLine($"{failed} above {Most}");
        return failed == 0 ? 0 : 1;
    }

    private static double Best(Tokenizer tokenizer, string text) =>
        Enumerable.Range(0, Rounds).Min(_ => Benchmarks.Rounds.Time(() => tokenizer.Encode(text), repeats: 1));
}
