using System.Text.Json;
using FineTuneKit.Fixtures;
using FineTuneKit.Text;

namespace Benchmarks;

/// <summary>
/// Encoding against the Rust library on one core: 5 MB of English and of Japanese, as documents of some 2 KB and as one text.
/// The ids must be equal. The library always gives tokens and offsets with the ids; ours does both with <c>EncodeText</c>
/// and the ids alone with <c>Encode</c>, which training uses.
/// </summary>
internal static class TokenizerRatios
{
    private const double Target = 1.0;
    private const int Bytes = 5_000_000;
    private const int LinesOfADocument = 50;

    public static IEnumerable<Ratio> Run(int rounds, Func<string, bool> wanted)
    {
        if (!FixtureFolder.Exists)
        {
            yield return new Ratio("tokenizers", Value: null, Target, "Rust tokenizers", "skipped: set FINETUNEKIT_FIXTURES to the folder of the reference cases");
            yield break;
        }

        foreach (string name in new[] { "gpt2", "llama3" })
        {
            string file = FixtureFolder.PathOf("tokenizers", name, "tokenizer.json");
            foreach ((string language, Func<int, int, string[]> text) in new[] { ("English", (Func<int, int, string[]>)BenchmarkTexts.English), ("Japanese", BenchmarkTexts.Japanese) })
            {
                foreach (bool whole in new[] { false, true })
                {
                    foreach (bool idsOnly in new[] { true, false })
                    {
                        string row = $"{name} {language} {(whole ? "one text" : "documents")} {(idsOnly ? "ids" : "offsets")}";
                        if (wanted(row)) yield return Run(row, file, text(Bytes, LinesOfADocument), whole, idsOnly, rounds);
                    }
                }
            }
        }
    }

    private static Ratio Run(string name, string file, string[] documents, bool whole, bool idsOnly, int rounds)
    {
        using var folder = new WorkFolder();
        string stored = Path.Combine(folder.Path, "documents.json");
        File.WriteAllText(stored, JsonSerializer.Serialize(documents));
        folder.Task(new { tokenizer = file, documents = stored, whole });
        Tokenizer tokenizer = Tokenizer.Load(file);
        if (whole) documents = [string.Join('\n', documents)];
        double Encode() => documents.Sum(text => Check(idsOnly ? tokenizer.Encode(text, addSpecialTokens: false) : tokenizer.EncodeText(text, addSpecialTokens: false).Ids));
        return Comparison.Run(name, Target, folder, Encode, tolerance: 0, rehearsals: 1, rounds, "Rust tokenizers", TokenizersYardstick.TryStart);
    }

    // Places times ids: equal for equal ids.
    private static double Check(IReadOnlyList<int> ids)
    {
        double sum = 0;
        for (int place = 0; place < ids.Count; place++) sum += (double)ids[place] * (place % 1009 + 1);
        return sum;
    }
}
