using System.Diagnostics;
using System.Text;
using FineTuneKit.Fixtures;
using FineTuneKit.Text;
using Xunit;

namespace FineTuneKit.Tests.Text;

/// <summary>Times are compared here, so nothing else runs meanwhile.</summary>
[CollectionDefinition(nameof(TextGrowthTests), DisableParallelization = true)]
public sealed class AloneOnTheMachine;

/// <summary>
/// Time grows with the length of a text and not with its square, whatever it is made of. (How it compares with prose the
/// benchmark <c>text-growth</c> tells.)
/// </summary>
[Collection(nameof(TextGrowthTests)), Trait("Category", "Fixtures")]
public sealed class TextGrowthTests
{
    private const int Bytes = 10_000, Times = 8, Tries = 5;

    // Eight times the text would take 64 times as long if time grew with the square; caches and the collector may take their share.
    private const double Most = 3 * Times;

    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(30);

    private static readonly string[] Units = ["a", "A", "\u00A0", " ", "\n", "0", "あ", "漢", "'", "\u0301", "😀", "ab", "a ", "ﬃ", "\u0378"];

    public static TheoryData<string> Folders => FixtureFolder.Folders("tokenizers", "cases.json");

    [Theory, MemberData(nameof(Folders))]
    public void Time_is_linear_in_the_length(string name)
    {
        FixtureFolder.SkipIfAbsent(name);
        Tokenizer tokenizer = Tokenizer.Load(FixtureFolder.PathOf("tokenizers", name));
        foreach (string unit in Units)
        {
            string text = string.Concat(Enumerable.Repeat(unit, Bytes / Encoding.UTF8.GetByteCount(unit)));
            (TimeSpan most, TimeSpan taken) = Compare(tokenizer, text);
            // Other work on the machine may fall on the longer text alone; it does not do so every time, as a square would.
            for (int again = 0; again < Tries && taken > most; again++) (most, taken) = Compare(tokenizer, text);
            Assert.True(taken <= most, $"{Times * Bytes} bytes of '{unit}' take {taken.TotalMilliseconds:F0} ms; {most.TotalMilliseconds:F0} ms are allowed by what {Bytes} bytes take");
        }
    }

    private static (TimeSpan Most, TimeSpan Taken) Compare(Tokenizer tokenizer, string text)
    {
        TimeSpan most = Most * Best(tokenizer, text, TimeSpan.Zero) + Slack;
        return (most, Best(tokenizer, string.Concat(Enumerable.Repeat(text, Times)), most));
    }

    // The first of some tries that is within the limit; the best where there is none.
    private static TimeSpan Best(Tokenizer tokenizer, string text, TimeSpan limit)
    {
        TimeSpan best = TimeSpan.MaxValue;
        for (int i = 0; i < Tries && best > limit; i++)
        {
            long start = Stopwatch.GetTimestamp();
            tokenizer.Encode(text);
            TimeSpan taken = Stopwatch.GetElapsedTime(start);
            if (taken < best) best = taken;
        }
        return best;
    }
}
